// How many access events a second one process of sentinel makes durable while rules look at each, of one tenant and of several,
// and how long one takes to its subscribers.
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../local/private-platform.ts';
import { startStack } from '../local/stack.ts';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import { atRate, sharedNow } from './changes.ts';
import { type Busy, type Intake, openIntake, untilStored } from './intake.ts';
import { quantile } from './rounds.ts';

export interface IngestBenchmarkSize {
  /** How many wait in the queue when the process starts. */
  events: number;
  /** Of how many tenants they are in the second round; in the first of one. */
  tenants: number;
  rules: number;
  /** The paces at which the time to a subscriber is measured, and for how long. */
  paces: readonly number[];
  seconds: number;
}

export const ingestBenchmark = (size: IngestBenchmarkSize): Benchmark => ({
  summary: `access events a second that one process makes durable with ${size.rules} rules on, and milliseconds to a subscriber`,
  isNamedOnly: true,
  async run(context) {
    const { flags, signal, progress } = context;
    const dataDir = await mkdtemp(join(tmpdir(), 'supergraph-ingest-'));
    const loadBefore = loadavg()[0] ?? Number.NaN;
    const stack = await startStack({ root, dataDir, publicPort: 0, apps: [], ...context });
    try {
      const events = flags.count ?? size.events;
      const seconds = flags.seconds ?? size.seconds;
      const one = ['ten_bench'];
      const several = Array.from({ length: size.tenants }, (_, index) => `ten_bench${index}`);
      const intake = await progress.task('rules', () =>
        openIntake(stack, { tenants: [...one, ...several], rules: size.rules }),
      );
      try {
        const rounds = [];
        for (const tenants of [one, several]) {
          const given = { tenants, events, profile: flags.profile };
          rounds.push(await takeAll(intake, given, context));
        }
        for (const tenantId of several) intake.listen(tenantId);
        const process = await intake.start();
        const paces = [];
        try {
          for (const perSecond of size.paces) {
            const measured = await progress.task(`${perSecond} events a second`, () =>
              toSubscribers(intake, { tenants: several, perSecond, seconds, signal }),
            );
            paces.push({ perSecond, ...measured });
          }
        } finally {
          await process.stop();
        }
        const figures = { ...size, events, seconds, loadBefore, rounds, paces };
        return { rows: rowsOf(rounds, paces), figures };
      } finally {
        await intake.close();
      }
    } finally {
      await stack.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
});

interface Round extends Busy {
  tenants: number;
  perSecond: number;
  perCoreSecond: number;
}

/** All that waits in the queue; the first quarter warms up and does not count. */
async function takeAll(
  intake: Intake,
  { tenants, events, profile }: { tenants: readonly string[]; events: number; profile: string | undefined },
  { progress, signal }: BenchmarkContext,
): Promise<Round> {
  const title = `of ${tenants.length} tenant${tenants.length === 1 ? '' : 's'}`;
  const storedBefore = await intake.stored();
  await progress.task(`${events} events ${title} into the queue`, () =>
    intake.publishMany(tenants, events, signal),
  );
  const process = await intake.start(profile);
  try {
    const look = async () => ({ stored: await intake.stored(), at: sharedNow(), busy: intake.busy(process) });
    await progress.task('until a quarter is stored', () =>
      untilStored(intake, { count: storedBefore + events / 4, signal }),
    );
    const before = await look();
    await progress.task('until all are stored', () =>
      untilStored(intake, { count: storedBefore + events, signal }),
    );
    const after = await look();
    const stored = after.stored - before.stored;
    const msPerThousand = (name: keyof Busy) => ((after.busy[name] - before.busy[name]) * 1_000_000) / stored;
    return {
      tenants: tenants.length,
      perSecond: (stored * 1_000) / (after.at - before.at),
      perCoreSecond: 1_000_000 / msPerThousand('ours'),
      ...{ ours: msPerThousand('ours'), mongodb: msPerThousand('mongodb') },
      ...{ rabbitmq: msPerThousand('rabbitmq'), redis: msPerThousand('redis') },
    };
  } finally {
    await process.stop();
  }
}

interface Pace {
  perSecond: number;
  /** Those that were told apart, and of them those that came within half a minute. */
  events: number;
  heard: number;
  p50Ms: number;
  p99Ms: number;
}

/** From the moment that an event's publisher begins to send it. */
async function toSubscribers(
  intake: Intake,
  given: { tenants: readonly string[]; perSecond: number; seconds: number; signal: AbortSignal },
): Promise<Omit<Pace, 'perSecond'>> {
  const { tenants, perSecond, seconds, signal } = given;
  const sentAt = new Map<string, number>();
  let place = 0;
  const make = async () => {
    const at = sharedNow();
    place += 1;
    const event = await intake.publish(tenants[Math.floor(place / 10) % tenants.length] ?? '');
    if ('requestId' in event.data && event.data.requestId) sentAt.set(event.data.requestId, at);
    return { mark: '', at };
  };
  const pace = atRate({ make, perSecond, signal });
  await pace(1); // warms up
  sentAt.clear();
  await pace(seconds);
  const deadline = sharedNow() + 30_000;
  while ([...sentAt.keys()].some((id) => !intake.heardAt.has(id)) && sharedNow() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const taken = [...sentAt]
    .map(([id, at]) => (intake.heardAt.get(id) ?? Number.POSITIVE_INFINITY) - at)
    .sort((one, other) => one - other);
  const heard = taken.filter(Number.isFinite).length;
  return { events: taken.length, heard, p50Ms: quantile(taken, 0.5), p99Ms: quantile(taken, 0.99) };
}

function rowsOf(rounds: readonly Round[], paces: readonly Pace[]): string[][] {
  const row = (title: string, value: (round: Round) => number) => [
    title,
    ...rounds.map((round) => value(round).toFixed(0)),
  ];
  return [
    ['', ...rounds.map(({ tenants }) => (tenants === 1 ? '1 tenant' : `${tenants} tenants`))],
    row('events a second, durable', ({ perSecond }) => perSecond),
    row('events a second of a core of ours', ({ perCoreSecond }) => perCoreSecond),
    row('core ms for 1,000 events: sentinel', ({ ours }) => ours),
    row('… MongoDB, or what stands in', ({ mongodb }) => mongodb),
    row('… RabbitMQ', ({ rabbitmq }) => rabbitmq),
    row('… Redis', ({ redis }) => redis),
    ...paces.flatMap(({ perSecond, p50Ms, p99Ms }) => [
      [`p50 ms to a subscriber, at ${perSecond} a second`, '', p50Ms.toFixed(1)],
      ['p99 ms', '', p99Ms.toFixed(1)],
    ]),
  ];
}
