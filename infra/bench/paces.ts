// How long changes take to every subscriber, at one pace.
import { eventually } from '../local/waiting.ts';
import type { BenchmarkContext } from './benchmark.ts';
import type { Change, MakeChanges } from './changes.ts';
import { type Subscription, startSubscribers } from './subscribers.ts';

export interface PaceToMeasure {
  title: string;
  /** Where subscriptions are opened. */
  origin: string;
  subscribers: number;
  subscription: Subscription;
  /** Of all subscribers. */
  authorization: string;
  make: MakeChanges;
  seconds: number;
  /** At the same pace before that, not counted: a process that has just started compiles what it runs. */
  warmingSeconds: number;
  /** For the log of the subscribers. */
  folder: string;
}

export interface Pace {
  title: string;
  perSecond: number;
  changes: number;
  frames: number;
  p50Ms: number;
  p99Ms: number;
  longestMs: number;
}

/** Opened at once. */
const batch = 50;

export async function measurePace(
  given: PaceToMeasure,
  { env, progress }: Pick<BenchmarkContext, 'env' | 'progress'>,
): Promise<Pace> {
  const { title, origin, subscribers, subscription, authorization } = given;
  const { make, seconds, warmingSeconds, folder } = given;
  const heard = startSubscribers({ folder, env });
  const everyoneHears = (made: Change[], timeoutMs: number) =>
    eventually(
      async () => {
        // The latest first: it is the last to come.
        for (const { mark } of made.toReversed()) if ((await heard.count(mark)) !== subscribers) return false;
        return true;
      },
      { timeoutMs, intervalMs: 500 },
    );
  try {
    const url = `${origin}/graphql`;
    const authorizations = Array.from({ length: subscribers }, () => authorization);
    await progress.task(`${subscribers} subscribers`, () =>
      heard.open({ url, ...subscription, authorizations, batch }),
    );
    // The first ones may come before all subscriptions stand.
    await eventually(async () => everyoneHears(await make(0.1), 2_000), { timeoutMs: 60_000 });
    await progress.task(`changes ${title}, to warm up`, async () =>
      everyoneHears(await make(warmingSeconds), 60_000),
    );
    return await progress.task(`changes ${title}`, async () => {
      const startedAt = performance.now();
      const made = await make(seconds);
      const perSecond = (made.length * 1_000) / (performance.now() - startedAt);
      await everyoneHears(made, 60_000);
      return { title, perSecond, changes: made.length, ...(await heard.latencies(made)) };
    });
  } finally {
    await heard.stop();
  }
}

export function rowsOf(paces: readonly Pace[]): string[][] {
  return [
    ['changes', 'a second', 'frames', 'p50 ms', 'p99 ms', 'longest ms'],
    ...paces.map((pace) => [
      pace.title,
      pace.perSecond.toFixed(1),
      String(pace.frames),
      pace.p50Ms.toFixed(1),
      pace.p99Ms.toFixed(1),
      pace.longestMs.toFixed(1),
    ]),
  ];
}
