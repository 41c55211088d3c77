// Requests per second of our gateway, with authentication, authorization and metrics on, beside a plain
// @apollo/gateway with @apollo/server, on the same subgraphs and queries.
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { type PrivatePlatform, root } from '../local/private-platform.ts';
import { eventually } from '../local/waiting.ts';
import type { Benchmark } from './main.ts';
import { startQuietPlatform } from './quiet-platform.ts';

export interface GatewayBenchmarkSize {
  connections: number;
  /** Rounds that count, for each query and contestant; one more warms up. */
  rounds: number;
  roundSeconds: number;
}

const queries = {
  'three subgraphs':
    'query Welcome { tenant { name services(first: 20) { nodes { name status } } securityEvents(first: 5) { nodes { type occurredAt actor { displayName } } } } }',
  'one subgraph': 'query Name { tenant { name slug } }',
};
type QueryName = keyof typeof queries;

interface Contestant {
  name: string;
  url: string;
  pid: number;
  headers: Record<string, string>;
}

/** One contestant's round with one query. */
interface Round {
  requestsPerSecond: number;
  p99Ms: number;
  /** Processor time of the gateway's process for each request. */
  cpuMs: number;
}

export const gatewayBenchmark = (size: GatewayBenchmarkSize): Benchmark => ({
  summary: 'our gateway with authentication and RBAC beside plain @apollo/gateway + @apollo/server',
  async run(context) {
    const platform = await startQuietPlatform(context);
    const plain: ChildProcess[] = [];
    try {
      const token = await platform.signIn('owner@acme.test');
      const contestants = [
        ourGateway(platform, token),
        await plainGateway(platform, { token, started: plain }),
      ];
      await sameAnswers(contestants);
      const results: Record<string, { ours: Round; plain: Round }> = {};
      for (const query of Object.keys(queries) as QueryName[]) {
        context.signal.throwIfAborted();
        const [ours, other] = await context.progress.task(`${query}: ${size.rounds} rounds each`, () =>
          measure(contestants, query, size),
        );
        if (ours && other) results[query] = { ours, plain: other };
      }
      return {
        rows: [
          ['query', 'gateway', 'requests/s', 'p99 ms', 'gateway CPU ms/request'],
          ...Object.entries(results).flatMap(([query, { ours, plain: other }]) => [
            [query, 'ours', ...texts(ours)],
            [query, 'plain', ...texts(other)],
            [query, 'ours ÷ plain', ...texts(ratio(ours, other))],
          ]),
        ],
        figures: {
          ...size,
          queries: Object.fromEntries(
            Object.entries(results).map(([query, { ours, plain: other }]) => [
              query,
              { ours, plain: other, ratio: ratio(ours, other) },
            ]),
          ),
        },
      };
    } finally {
      for (const child of plain) child.disconnect();
      await platform.stop();
    }
  },
});

function ourGateway({ stack }: PrivatePlatform, token: string): Contestant {
  const { url, pid } = stack.processes.gateway;
  if (pid === undefined) throw new Error('The gateway does not run.');
  return { name: 'ours', url: `${url}/graphql`, pid, headers: { authorization: `Bearer ${token}` } };
}

async function plainGateway(
  { stack }: PrivatePlatform,
  { token, started }: { token: string; started: ChildProcess[] },
): Promise<Contestant> {
  const { gateway } = stack.env;
  const port = Number(gateway.PORT) + 10_000;
  const claims = z
    .object({ sub: z.string(), tenant: z.string(), entitlements: z.array(z.string()) })
    .parse(decodeJwt(token));
  const viewer = { subject: claims.sub, tenantId: claims.tenant, permissions: claims.entitlements };
  const child = fork(join(root, 'infra', 'bench', 'plain-gateway.ts'), {
    cwd: root,
    env: { ...gateway, PORT: String(port), NODE_ENV: 'production', VIEWER: JSON.stringify(viewer) },
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  started.push(child);
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`the plain gateway ended with ${code}`)));
  });
  if (child.pid === undefined) throw new Error('The plain gateway does not run.');
  return { name: 'plain', url: `http://127.0.0.1:${port}/`, pid: child.pid, headers: {} };
}

/** Nothing is timed before both answer every query alike. */
async function sameAnswers(contestants: readonly Contestant[]): Promise<void> {
  for (const query of Object.values(queries)) {
    await eventually(
      async () => {
        const answers = await Promise.all(contestants.map((contestant) => ask(contestant, query)));
        if (new Set(answers).size !== 1) throw new Error(`the answers differ:\n${answers.join('\n')}`);
      },
      { timeoutMs: 15_000, intervalMs: 200 },
    );
  }
}

async function ask({ url, headers }: Contestant, query: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(10_000),
  });
  const { data, errors } = z
    .object({ data: z.unknown(), errors: z.unknown() })
    .partial()
    .parse(await response.json());
  if (errors !== undefined) throw new Error(`${url} answers ${JSON.stringify(errors)}`);
  return JSON.stringify(data);
}

/** The contestants take turns; the first round of each warms up and does not count. */
async function measure(
  contestants: readonly Contestant[],
  query: QueryName,
  size: GatewayBenchmarkSize,
): Promise<Round[]> {
  const seen = new Map<Contestant, Round[]>(contestants.map((contestant) => [contestant, []]));
  for (let round = 0; round <= size.rounds; round += 1) {
    for (const contestant of contestants) {
      const result = await load(contestant, queries[query], size);
      if (round > 0) seen.get(contestant)?.push(result);
    }
  }
  return [...seen.values()].map((all) => ({
    requestsPerSecond: median(all.map((round) => round.requestsPerSecond)),
    p99Ms: median(all.map((round) => round.p99Ms)),
    cpuMs: median(all.map((round) => round.cpuMs)),
  }));
}

async function load(
  { name, url, pid, headers }: Contestant,
  query: string,
  { connections, roundSeconds }: GatewayBenchmarkSize,
): Promise<Round> {
  const before = cpuSeconds(pid);
  const result = await autocannon({
    url,
    connections,
    duration: roundSeconds,
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  if (result.errors > 0 || result.non2xx > 0)
    throw new Error(`${name}: ${result.errors} requests failed and ${result.non2xx} were refused`);
  const used = cpuSeconds(pid) - before;
  return {
    requestsPerSecond: result.requests.average,
    p99Ms: result.latency.p99,
    cpuMs: (used * 1000) / result.requests.total,
  };
}

/** User and system time of a process: proc(5), fields 14 and 15, in ticks of 10 ms. NaN where there is no /proc. */
function cpuSeconds(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}

function ratio(ours: Round, plain: Round): Round {
  return {
    requestsPerSecond: ours.requestsPerSecond / plain.requestsPerSecond,
    p99Ms: ours.p99Ms / plain.p99Ms,
    cpuMs: ours.cpuMs / plain.cpuMs,
  };
}

function texts({ requestsPerSecond, p99Ms, cpuMs }: Round): string[] {
  return [requestsPerSecond, p99Ms, cpuMs].map((value) => value.toFixed(2));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
