// What the token endpoint does in a second: client credentials and refreshes with rotation, beside a bare oidc-provider
// that keeps everything in its own memory; and sign-ins by password, with the part that the hash takes.
import { join } from 'node:path';
import type { Benchmark, BenchmarkContext } from '../benchmark.ts';
import { profileOf } from '../observation.ts';
import { profileSummary } from '../profile.ts';
import { startQuietPlatform } from '../quiet-platform.ts';
import { median } from '../rounds.ts';
import { type Stage, startEndpoints, startLoad, type TokenEndpoint, type Wanted } from './endpoints.ts';
import type { TokenLoad, TokenLoadResult } from './load.ts';
import { measureLogins } from './logins.ts';

export interface TokensBenchmarkSize {
  connections: number;
  /** Rounds that count; one more warms up. */
  rounds: number;
  roundSeconds: number;
}

interface Figures {
  title: string;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Processor time of the provider's process for one. */
  cpuMs: number;
  /** As many of these go into a second of a core. */
  perCore: number;
}

const wants: readonly Wanted[] = ['client credentials', 'refresh'];

export const tokensBenchmark = (defaults: TokensBenchmarkSize): Benchmark => ({
  summary: 'grants and refreshes a second beside a bare oidc-provider, and sign-ins by password',
  async run(context) {
    const { flags, progress } = context;
    const size = {
      connections: flags.connections ?? defaults.connections,
      rounds: flags.rounds ?? defaults.rounds,
      roundSeconds: flags.seconds ?? defaults.roundSeconds,
    };
    const platform = await startPlatform(context);
    const stops: (() => unknown)[] = [() => platform.stop()];
    try {
      const folder = join(platform.stack.dataDir, 'bench');
      const stage: Stage = { platform, folder, connections: size.connections, stops };
      const endpoints = await progress.task('both token endpoints', () => startEndpoints(stage));
      const [ours] = endpoints;
      const load = startLoad(stage);
      const results: Partial<Record<Wanted, Figures[]>> = {};
      for (const wanted of wants)
        results[wanted] = await progress.task(`${wanted}: ${size.rounds + 1} rounds`, () =>
          measureInTurn(endpoints, { ...size, wanted, load }),
        );
      const remarks: string[] = [];
      if (flags.profile !== undefined)
        for (const wanted of wants) {
          const file = `${flags.profile}.${wanted.replace(' ', '-')}`;
          const work = () => measure(ours, { ...size, wanted, load });
          const taken = await profileOf(ours.process, { file, work });
          remarks.push(`${file}: ${wanted}. Most time:\n${profileSummary(taken)}`);
        }
      const logins = await progress.task('sign-ins by password', () =>
        measureLogins({ platform, process: ours.process }, { seconds: size.roundSeconds * size.rounds }),
      );
      remarks.push(
        `Sign-ins by password, pages and code included: ${logins.perSecond.toFixed(1)} a second; ` +
          `${logins.cpuMs.toFixed(1)} ms of a core each, ${logins.hashCpuMs.toFixed(1)} ms of them ` +
          `(${(logins.hashShare * 100).toFixed(0)} %) for Argon2id with 19 MiB, 2 passes, 1 lane.`,
      );
      return { rows: rowsOf(results), figures: { ...size, grants: results, logins }, remarks };
    } finally {
      for (const stop of stops.reverse()) await stop();
    }
  },
});

function startPlatform(context: BenchmarkContext) {
  const limits = { authRate: '100000r/s', authBurst: 100_000 };
  return startQuietPlatform({ ...context, apps: [], limits });
}

interface Rounds extends TokensBenchmarkSize {
  wanted: Wanted;
  load(load: TokenLoad): Promise<TokenLoadResult>;
}

async function measureInTurn(endpoints: readonly TokenEndpoint[], given: Rounds): Promise<Figures[]> {
  const seen = new Map<TokenEndpoint, Figures[]>(endpoints.map((endpoint) => [endpoint, []]));
  for (let round = 0; round <= given.rounds; round += 1)
    for (const endpoint of endpoints) {
      const figures = await measure(endpoint, given);
      if (round > 0) seen.get(endpoint)?.push(figures);
    }
  return [...seen].map(([{ title }, all]) => {
    const middle = (name: Exclude<keyof Figures, 'title'>) => median(all.map((figures) => figures[name]));
    return {
      title,
      perSecond: middle('perSecond'),
      p50Ms: middle('p50Ms'),
      p99Ms: middle('p99Ms'),
      cpuMs: middle('cpuMs'),
      perCore: middle('perCore'),
    };
  });
}

async function measure(endpoint: TokenEndpoint, { wanted, load, roundSeconds }: Rounds): Promise<Figures> {
  const { title, url, process, forms } = endpoint;
  const cpuBefore = process.cpuSeconds();
  const result = await load({ url, seconds: roundSeconds, forms: forms[wanted] });
  forms[wanted] = result.forms;
  const { requests, seconds, p50Ms, p99Ms } = result;
  const cpuMs = ((process.cpuSeconds() - cpuBefore) * 1_000) / requests;
  return { title, perSecond: requests / seconds, p50Ms, p99Ms, cpuMs, perCore: 1_000 / cpuMs };
}

function rowsOf(results: Partial<Record<Wanted, readonly Figures[]>>): string[][] {
  const heading = ['grant', 'provider', 'a second', 'p50 ms', 'p99 ms', 'CPU ms', 'per core', 'ours, to it'];
  const rows = Object.entries(results).flatMap(([wanted, figures]) =>
    figures.map((each, index) => {
      const [ours = each] = figures;
      const numbers = [each.perSecond, each.p50Ms, each.p99Ms, each.cpuMs, each.perCore];
      const ratio = `${(ours.perSecond / each.perSecond).toFixed(2)}× (${(each.cpuMs / ours.cpuMs).toFixed(2)}×)`;
      return [wanted, each.title, ...numbers.map((value) => value.toFixed(2)), index === 0 ? '' : ratio];
    }),
  );
  return [heading, ...rows];
}
