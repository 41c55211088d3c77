// How well one process of SystemHealth keeps the time of many checks while some of their targets never answer, what that
// costs, and how long a dashboard of all of them takes meanwhile.
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPassportMint, passportHeader } from '@supergraph/chassis/passport';
import { startSubgraph } from '@supergraph/chassis/subgraph';
import { inTenant } from '@supergraph/chassis/tenancy';
import { testViewer } from '@supergraph/chassis/testing';
import type { SystemHealth } from '../../subgraphs/systemhealth/src/context.ts';
import { definition } from '../../subgraphs/systemhealth/src/definition.ts';
import { phaseOf } from '../../subgraphs/systemhealth/src/scheduling/rules.ts';
import { openPorts } from '../local/ports.ts';
import { root } from '../local/private-platform.ts';
import { eventually } from '../local/waiting.ts';
import type { Benchmark } from './benchmark.ts';
import { startNode } from './contestants/ours.ts';
import { profileOf } from './observation.ts';
import { profileSummary } from './profile.ts';
import { startQuietPlatform } from './quiet-platform.ts';
import { quantile } from './rounds.ts';

export interface ChecksBenchmarkSize {
  checks: number;
  services: number;
  intervalMs: number;
  timeoutMs: number;
  /** The part of the checks whose target accepts and says nothing. */
  silent: number;
  seconds: number;
  dashboards: number;
}

const tenantId = 'ten_bench';

export const checksBenchmark = (usual: ChecksBenchmarkSize): Benchmark => ({
  summary: `${usual.checks} checks on one process, ${usual.silent * 100} % of them timing out: slip, CPU, and a dashboard of them`,
  async run(context) {
    const { progress, flags } = context;
    const { count: checks = usual.checks, seconds: length = usual.seconds } = flags;
    const size = { ...usual, checks, seconds: length };
    const platform = await startQuietPlatform({ ...context, apps: [] });
    const stops: (() => unknown)[] = [() => platform.stop()];
    try {
      const { env: envs, dataDir } = platform.stack;
      const folder = join(dataDir, 'bench');
      mkdirSync(folder);
      const port = await openPorts(folder).of('systemhealth');
      const env = {
        ...envs.systemhealth,
        ...{ PLATFORM_TARGETS: '[]', TENANT_TARGET_NETWORKS: '["127.0.0.1/32"]', LOG_LEVEL: 'warn' },
      };
      const target = await startTargets();
      stops.push(target.stop);
      // Without its workers: here the checks are only made and their results read.
      const reader = await startSubgraph({ ...definition, workers: [] }, { ...env, PORT: '0' });
      stops.push(() => reader.stop());
      await progress.task(`${size.checks} checks`, () => makeChecks(reader.service, target.url, size));
      const process = startNode({
        // The second listens for the wish for a profile, and does nothing unless asked.
        ...{ name: 'systemhealth', imports: ['tsx', join(root, 'infra/bench/observed-process.ts')] },
        ...{ root, folder },
        ...{ script: join(root, 'subgraphs/systemhealth/src/main.ts'), env: { ...env, PORT: String(port) } },
      });
      stops.push(() => process.stop());
      const url = `http://127.0.0.1:${port}`;
      await process.until(async () => (await fetch(`${url}/health/ready`)).status === 200);
      const storm = await progress.task('first changes', () => stormOf(reader.service, context.signal));

      const mint = await createPassportMint({
        privateKey: JSON.parse(envs.gateway.PASSPORT_PRIVATE_KEY ?? ''),
      });
      const viewer = testViewer({ tenantId, permissions: ['service:read', 'check:read'] });
      const [since, cpuBefore, began] = [new Date(), process.cpuSeconds(), performance.now()];
      const measure = async () => {
        const taken: number[] = [];
        const since = performance.now();
        const everyMs = (size.seconds * 1_000) / size.dashboards;
        while (performance.now() - since < size.seconds * 1_000) {
          const passport = await mint(viewer, 'systemhealth');
          taken.push(await dashboard(url, passport, size));
          await sleep(Math.max(0, everyMs - (taken.at(-1) ?? 0)));
        }
        return taken.sort((a, b) => a - b);
      };
      const dashboardMs = await progress.task('measuring', measure);
      const seconds = (performance.now() - began) / 1_000;
      const cpu = (process.cpuSeconds() - cpuBefore) / seconds;
      const residentMb = process.residentBytes() / 1e6;
      const profiled = flags.profile && (await profileOf(process, { file: flags.profile, work: measure }));
      await sleep(size.timeoutMs + 1_000); // what began in the time and times out has been recorded by then
      const until = new Date(since.getTime() + seconds * 1_000);
      const { slips, failures } = await slipsBetween(reader.service, { since, until, size });
      const figures = {
        ...{ ...size, ...storm },
        ...{
          runs: slips.length,
          expectedRuns: Math.round((size.checks * seconds * 1_000) / size.intervalMs),
        },
        failedPart: failures / slips.length,
        ...{ slipP50Ms: quantile(slips, 0.5), slipP99Ms: quantile(slips, 0.99), slipMaximumMs: slips.at(-1) },
        ...{ cpuOfACore: cpu, residentMb },
        ...{
          dashboardsAsked: dashboardMs.length,
          dashboardP50Ms: quantile(dashboardMs, 0.5),
          dashboardP95Ms: quantile(dashboardMs, 0.95),
        },
      };
      return {
        rows: [
          [
            'runs',
            'of',
            'failed',
            'slip p50 ms',
            'p99 ms',
            'CPU of a core',
            'RSS MB',
            'dashboard p50 ms',
            'p95 ms',
            'first changes s',
          ],
          [
            ...[figures.runs, figures.expectedRuns].map(String),
            `${(figures.failedPart * 100).toFixed(1)} %`,
            ...[figures.slipP50Ms, figures.slipP99Ms].map((value) => value.toFixed(0)),
            `${(cpu * 100).toFixed(0)} %`,
            ...[residentMb, figures.dashboardP50Ms, figures.dashboardP95Ms].map((value) => value.toFixed(0)),
            storm.changedSeconds.toFixed(0),
          ],
        ],
        figures,
        remarks: [
          'Slip: from the moment that a run was due by its check’s grid to its beginning, of every run in the time.',
          `Dashboard: ${size.services} services with all their checks and latest results, asked of the subgraph.`,
          'First changes: until every check has left UNKNOWN; the first runs are spread over one interval, and a failure is confirmed.',
          `Until alert rules had seen them all: ${storm.evaluatedSeconds.toFixed(0)} s. Measured after that.`,
          ...(profiled ? [`Profile: ${flags.profile}. Most time:\n${profileSummary(profiled)}`] : []),
        ],
      };
    } finally {
      for (const stop of stops.reverse()) await stop();
    }
  },
});

/** How long it takes that every check's first change is stored, and that the alert rules have seen them all. */
async function stormOf({ models }: SystemHealth, signal: AbortSignal) {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1_000;
  const over = { timeoutMs: 600_000, intervalMs: 500, signal };
  const none = (count: number) => count === 0;
  await eventually(
    async () => none(await inTenant(tenantId, () => models.Check.countDocuments({ status: 'UNKNOWN' }))),
    over,
  );
  const changedSeconds = seconds();
  await eventually(
    async () =>
      none(await inTenant(tenantId, () => models.HealthEvent.countDocuments({ isEvaluated: false }))),
    over,
  );
  return { changedSeconds, evaluatedSeconds: seconds() };
}

/** Answers at once, and never below /silent. */
async function startTargets() {
  const server = createServer((request, response) => {
    if (!request.url?.startsWith('/silent')) response.end('fine');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function makeChecks({ models }: SystemHealth, url: string, size: ChecksBenchmarkSize): Promise<void> {
  const createdAt = new Date();
  const { intervalMs, timeoutMs } = size;
  const schedule = { intervalMs, timeoutMs, downAfterMs: 0, upAfterMs: 0 };
  await inTenant(tenantId, async () => {
    const services = await models.Service.insertMany(
      Array.from({ length: size.services }, (_, index) => ({ name: `Service ${index}`, createdAt })),
    );
    const checks = Array.from({ length: size.checks }, (_, index) => {
      const _id = `chk_bench_${randomBytes(8).toString('hex')}`;
      const isSilent = index % Math.round(1 / size.silent) === 0;
      // The first time by the grid, too, so that the beginning is no stampede.
      const dueAt = new Date(
        Math.ceil((Date.now() - phaseOf(_id, intervalMs)) / intervalMs) * intervalMs +
          phaseOf(_id, intervalMs),
      );
      return {
        ...{
          _id,
          serviceId: services[index % services.length]?._id ?? '',
          name: `Check ${index}`,
          kind: 'HTTP' as const,
        },
        ...{ ...schedule, target: `${url}/${isSilent ? 'silent' : 'fine'}/${index}` },
        ...{ createdAt, dueAt, status: 'UNKNOWN' as const, statusSince: createdAt },
      };
    });
    await models.Check.insertMany(checks);
  });
}

async function dashboard(url: string, passport: string, size: ChecksBenchmarkSize): Promise<number> {
  const query = `{ services(first: ${size.services}) { nodes { id name status statusSince
    checks { id name kind target status statusSince isPaused latestResult { observedAt isSuccess isDegraded latencyMs message } } } } }`;
  const began = performance.now();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [passportHeader]: passport },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(60_000),
  });
  const text = await response.text();
  const taken = performance.now() - began;
  const answered = JSON.parse(text).data?.services?.nodes.flatMap(
    (each: { checks: unknown[] }) => each.checks,
  ).length;
  if (answered !== size.checks)
    throw new Error(`The dashboard has ${answered} checks: ${text.slice(0, 300)}`);
  return taken;
}

/** Of every regular run: how long after the last moment of its grid it began, sorted. */
async function slipsBetween(
  { models }: SystemHealth,
  { since, until, size: { intervalMs } }: { since: Date; until: Date; size: ChecksBenchmarkSize },
) {
  const results = await inTenant(tenantId, () =>
    models.Result.find({ at: { $gte: since, $lt: until } }, { at: 1, meta: 1, isSuccess: 1 }).lean(),
  );
  const slips = results.map(({ at, meta }) => {
    const phase = phaseOf(meta?.checkId ?? '', intervalMs);
    return (((at.getTime() - phase) % intervalMs) + intervalMs) % intervalMs;
  });
  return {
    slips: slips.sort((a, b) => a - b),
    failures: results.filter(({ isSuccess }) => !isSuccess).length,
  };
}
