// Three times as many access events as one process takes, by the queue and by HTTP: what becomes of each. One that is neither
// stored nor refused with its sender knowing, nor counted in a gap, is lost.
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createPassportMint } from '@supergraph/chassis/passport';
import { anonymous } from '@supergraph/chassis/viewer';
import { root } from '../local/private-platform.ts';
import { startStack } from '../local/stack.ts';
import type { Benchmark } from './benchmark.ts';
import { sharedNow } from './changes.ts';
import { type Intake, openIntake, untilStored } from './intake.ts';

export interface OverloadBenchmarkSize {
  tenants: number;
  rules: number;
  /** How many times what is taken is offered. */
  times: number;
  seconds: number;
}

/** Of one call, and of what is published at once. */
const atOnce = 500;

export const overloadBenchmark = (size: OverloadBenchmarkSize): Benchmark => ({
  summary: `what becomes of ${size.times} times as many access events as one process takes, by the queue and by HTTP`,
  isNamedOnly: true,
  async run(context) {
    const { flags, signal, progress } = context;
    const dataDir = await mkdtemp(join(tmpdir(), 'supergraph-overload-'));
    const loadBefore = loadavg()[0] ?? Number.NaN;
    const stack = await startStack({ root, dataDir, publicPort: 0, apps: [], ...context });
    try {
      const tenants = Array.from({ length: size.tenants }, (_, index) => `ten_bench${index}`);
      const intake = await progress.task('rules', () => openIntake(stack, { tenants, rules: size.rules }));
      const process = await intake.start();
      try {
        const passportKey = stack.env.gateway.PASSPORT_PRIVATE_KEY ?? '';
        const ways = [byQueue(intake, tenants), await byHttp(intake, { tenants, passportKey })];
        const outcomes: Outcome[] = [];
        for (const way of ways) {
          const seconds = flags.seconds ?? size.seconds;
          const perSecond = await progress.task(`what is taken ${way.name}`, () => pace(intake, way, signal));
          outcomes.push(
            await progress.task(`${size.times} times that ${way.name}`, () =>
              overload(intake, { way, perSecond: perSecond * size.times, seconds, signal }),
            ),
          );
        }
        return { rows: rowsOf(outcomes), figures: { ...size, loadBefore, outcomes } };
      } finally {
        await process.stop();
        await intake.close();
      }
    } finally {
      await stack.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
});

/** What a sender knows of its events: of those that are neither it was not told. */
interface Known {
  readonly taken: number;
  readonly refused: number;
}

/** Offers so many events of one tenant. */
interface Way {
  readonly name: string;
  offer(): Promise<Known>;
}

function byQueue(intake: Intake, tenants: readonly string[]): Way {
  let place = 0;
  return {
    name: 'by the queue',
    async offer() {
      place += 1;
      const tenantId = tenants[place % tenants.length] ?? '';
      const published = await Promise.allSettled(
        Array.from({ length: atOnce }, () => intake.publish(tenantId)),
      );
      const taken = published.filter(({ status }) => status === 'fulfilled').length;
      return { taken, refused: atOnce - taken };
    },
  };
}

async function byHttp(
  intake: Intake,
  { tenants, passportKey }: { tenants: readonly string[]; passportKey: string },
): Promise<Way> {
  const mint = await createPassportMint({ privateKey: JSON.parse(passportKey) });
  const viewers = tenants.map((tenantId) => ({
    ...{ ...anonymous, isAnonymous: false, subject: 'svc_bench', clientId: 'svc_bench', tenantId },
    permissions: new Set(['security-event:write']),
  }));
  const url = `http://127.0.0.1:${intake.env.PORT}/access-events`;
  let place = 0;
  return {
    name: 'by HTTP',
    async offer() {
      place += 1;
      const viewer = viewers[place % viewers.length] ?? anonymous;
      const body = Array.from({ length: atOnce }, (_, index) => ocsfLine(place, index)).join('\n');
      const headers = { 'content-type': 'application/x-ndjson', passport: await mint(viewer, 'sentinel') };
      const answer = await fetch(url, { method: 'POST', headers, body });
      const { acceptedCount = 0 } = (await answer.json()) as { acceptedCount?: number };
      if (answer.status === 200) return { taken: acceptedCount, refused: 0 };
      return { taken: 0, refused: answer.status === 429 ? atOnce : 0 };
    },
  };
}

function ocsfLine(call: number, index: number): string {
  const who = (call * 7_919 + index) % 2_000;
  return JSON.stringify({
    ...{ class_uid: 3002, activity_id: 1, status_id: index % 8 === 0 ? 2 : 1, time: Date.now() },
    metadata: { uid: `bench-${call}-${index}`, product: { name: 'Till' } },
    user: { uid: `till-${who}`, email_addr: `${who}@acme.test` },
    src_endpoint: { ip: `203.0.113.${who % 250}` },
    http_request: { user_agent: 'till/1.4' },
  });
}

/** How many are stored a second while as much is offered as goes, once it is warm. */
async function pace(intake: Intake, way: Way, signal: AbortSignal): Promise<number> {
  const over = new AbortController();
  const offering = Array.from({ length: 4 }, async () => {
    while (!over.signal.aborted) await way.offer().catch(() => undefined);
  });
  const storedBefore = await intake.stored();
  await untilStored(intake, { count: storedBefore + 10 * atOnce, signal });
  const before = { stored: await intake.stored(), at: sharedNow() };
  await pause(5_000, undefined, { signal });
  const after = { stored: await intake.stored(), at: sharedNow() };
  over.abort();
  await Promise.all(offering);
  await untilQuiet(intake, signal);
  return ((after.stored - before.stored) * 1_000) / (after.at - before.at);
}

interface Outcome {
  way: string;
  offered: number;
  offeredPerSecond: number;
  /** Their senders know that these were taken. */
  taken: number;
  /** Their senders know that these were not: by 429, or by no confirmation. */
  refused: number;
  /** Their senders know nothing, and send them again. */
  untold: number;
  stored: number;
  /** In gap records. */
  inGaps: number;
  /** Taken, and neither stored nor in a gap. */
  lost: number;
  /** How long the last one that was taken waited to be stored. */
  secondsAfter: number;
}

async function overload(
  intake: Intake,
  given: { way: Way; perSecond: number; seconds: number; signal: AbortSignal },
): Promise<Outcome> {
  const { way, perSecond, seconds, signal } = given;
  const [storedBefore, gapsBefore] = [await intake.stored(), await intake.inGaps()];
  const startedAt = sharedNow();
  const offers: Promise<Known>[] = [];
  for (let number = 0; number * atOnce < perSecond * seconds; number += 1) {
    signal.throwIfAborted();
    const waitMs = startedAt + (number * atOnce * 1_000) / perSecond - sharedNow();
    if (waitMs > 0) await pause(waitMs);
    offers.push(way.offer().catch(() => ({ taken: 0, refused: 0 })));
  }
  const offeredAt = sharedNow();
  const known = await Promise.all(offers);
  const taken = known.reduce((sum, each) => sum + each.taken, 0);
  const refused = known.reduce((sum, each) => sum + each.refused, 0);
  await untilStored(intake, { count: storedBefore + taken, signal, timeoutMs: 120_000 }).catch(
    () => undefined,
  );
  const secondsAfter = (sharedNow() - offeredAt) / 1_000;
  await untilQuiet(intake, signal);
  const stored = (await intake.stored()) - storedBefore;
  const inGaps = (await intake.inGaps()) - gapsBefore;
  const offered = offers.length * atOnce;
  return {
    ...{ way: way.name, offered, offeredPerSecond: (offered * 1_000) / (offeredAt - startedAt) },
    ...{ taken, refused, untold: offered - taken - refused, stored, inGaps, secondsAfter },
    lost: Math.max(0, taken - stored - inGaps),
  };
}

/** Until nothing more is stored for four seconds. */
async function untilQuiet(intake: Intake, signal: AbortSignal): Promise<void> {
  for (let before = -1, now = await intake.stored(); before !== now; ) {
    before = now;
    await pause(4_000, undefined, { signal });
    now = await intake.stored();
  }
}

function rowsOf(outcomes: readonly Outcome[]): string[][] {
  const columns = [
    'way',
    'offered a second',
    'offered',
    'taken',
    'refused',
    'untold',
    'stored',
    'in gaps',
    'lost',
  ];
  return [
    [...columns, 'seconds until stored'],
    ...outcomes.map(
      ({ way, offeredPerSecond, offered, taken, refused, untold, stored, inGaps, lost, secondsAfter }) => [
        ...[way, offeredPerSecond.toFixed(0)],
        ...[offered, taken, refused, untold, stored, inGaps, lost].map(String),
        secondsAfter.toFixed(1),
      ],
    ),
  ];
}
