// From a committed change to the frame at 1,000 subscribers: through everything that lies between, one change at a time
// (Redis, the subgraph's subscription, the gateway's join with another subgraph, nginx, 1,000 WebSockets), and at
// 100 changes a second at the gateway itself.
import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { startSubgraph } from '@supergraph/chassis/subgraph';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { definition as systemhealth } from '../../subgraphs/systemhealth/src/definition.ts';
import { eventually } from '../local/waiting.ts';
import type { Benchmark } from './benchmark.ts';
import { type Change, type HealthChanges, openHealthChanges } from './health-changes.ts';
import { startQuietPlatform } from './quiet-platform.ts';
import { startSubscribers } from './subscribers.ts';

export interface LiveBenchmarkSize {
  /** A multiple of 50. */
  subscribers: number;
  /** At each of the two paces. */
  seconds: number;
  /** At the same pace before that, not counted: a process that has just started compiles what it runs. */
  warmingSeconds: number;
  /** Of the faster pace. */
  changesPerSecond: number;
}

/** Opened at once. */
const batch = 50;
/** Between two changes: longer than an event takes to reach everybody, so that none waits for the one before. */
const pauseMs = 200;
/** Changes under way at once. */
const checks = 50;
const query =
  'subscription Health { healthChanged { id status previousStatus occurredAt message service { name } tenant { name } } }';
const edgeLimits = {
  graphqlRate: '10000r/s',
  graphqlBurst: 2_000,
  connections: 2_000,
  authRate: '100r/s',
  authBurst: 100,
};

export const liveBenchmark = (size: LiveBenchmarkSize): Benchmark => ({
  summary: `from a committed change to the frame at ${size.subscribers.toLocaleString('en')} subscribers`,
  async run(context) {
    const { subscribers, seconds, warmingSeconds, changesPerSecond } = size;
    const { signal, progress, env } = context;
    const platform = await startQuietPlatform({ ...context, limits: edgeLimits });
    // A copy in this process commits the changes, so that it is known when.
    const copy = await startSubgraph(systemhealth, {
      ...platform.stack.env.systemhealth,
      PORT: '0',
      LOG_LEVEL: 'silent',
    });
    const load = loadavg()[0] ?? Number.NaN;
    const token = await platform.signIn('owner@acme.test');
    const tokens = Array.from({ length: subscribers }, () => token);
    const { tenant } = z.object({ tenant: z.string() }).parse(decodeJwt(token));
    try {
      const source = await openHealthChanges(copy.service, { tenantId: tenant, checks });
      const measureAt = async (
        { title, origin }: { title: string; origin: string },
        make: (seconds: number) => Promise<Change[]>,
      ): Promise<Pace> => {
        const heard = startSubscribers({ folder: platform.stack.dataDir, env });
        try {
          const url = `${origin.replace('http', 'ws')}/graphql`;
          await progress.task(`${subscribers} subscribers`, () => heard.open({ url, query, tokens, batch }));
          // The first ones open what is lazy, and show when all subscriptions stand.
          await eventually(
            async () => {
              const { mark } = await source.commit();
              const isEverywhere = async () => (await heard.count(mark)) === subscribers;
              await eventually(isEverywhere, { timeoutMs: 2_000, intervalMs: 20 });
            },
            { timeoutMs: 60_000 },
          );
          const everyoneHears = (made: Change[]) =>
            eventually(
              async () => {
                for (const { mark } of made.toReversed())
                  if ((await heard.count(mark)) !== subscribers) return false;
                return true;
              },
              { timeoutMs: 60_000, intervalMs: 500 },
            );
          await progress.task(`changes ${title}, to warm up`, async () =>
            everyoneHears(await make(warmingSeconds)),
          );
          return await progress.task(`changes ${title}`, async () => {
            const startedAt = performance.now();
            const made = await make(seconds);
            const perSecond = (made.length * 1_000) / (performance.now() - startedAt);
            await everyoneHears(made);
            return { title, perSecond, changes: made.length, ...(await heard.latencies(made)) };
          });
        } finally {
          await heard.stop();
        }
      };
      const gateway = platform.stack.processes.gateway.url;
      const paces = [
        await measureAt({ title: 'one at a time, through nginx', origin: platform.stack.origin }, (time) =>
          oneByOne(source, { seconds: time, signal }),
        ),
        await measureAt({ title: `${changesPerSecond} a second, at the gateway`, origin: gateway }, (time) =>
          atPace(source, { changes: time * changesPerSecond, changesPerSecond, signal }),
        ),
      ];
      return {
        rows: [
          ['changes', 'a second', 'frames', 'p50 ms', 'p99 ms', 'longest ms', 'load (1 min) before'],
          ...paces.map((pace) => [
            pace.title,
            pace.perSecond.toFixed(1),
            String(pace.frames),
            pace.p50Ms.toFixed(1),
            pace.p99Ms.toFixed(1),
            pace.longestMs.toFixed(1),
            load.toFixed(2),
          ]),
        ],
        figures: { subscribers, warmingSeconds, loadBefore: load, paces },
      };
    } finally {
      await copy.stop();
      await platform.stop();
    }
  },
});

interface Pace {
  title: string;
  perSecond: number;
  changes: number;
  frames: number;
  p50Ms: number;
  p99Ms: number;
  longestMs: number;
}

async function oneByOne(
  source: HealthChanges,
  { seconds, signal }: { seconds: number; signal: AbortSignal },
): Promise<Change[]> {
  const made: Change[] = [];
  const endsAt = performance.now() + seconds * 1_000;
  while (performance.now() < endsAt) {
    signal.throwIfAborted();
    made.push(await source.commit());
    await pause(pauseMs);
  }
  return made;
}

/** Begins changes at even intervals, whether or not those before are done. */
async function atPace(
  source: HealthChanges,
  given: { changes: number; changesPerSecond: number; signal: AbortSignal },
): Promise<Change[]> {
  const { changes, changesPerSecond, signal } = given;
  const startedAt = performance.now();
  const made: Promise<Change>[] = [];
  for (let number = 0; number < changes; number += 1) {
    signal.throwIfAborted();
    const waitMs = startedAt + (number * 1_000) / changesPerSecond - performance.now();
    if (waitMs > 0) await pause(waitMs);
    made.push(source.commit());
  }
  return Promise.all(made);
}
