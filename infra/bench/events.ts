// How long it takes to find what one principal did in some time among very many security events, and how much room they take.
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@supergraph/chassis/identifiers';
import { startSubgraph } from '@supergraph/chassis/subgraph';
import { inTenant } from '@supergraph/chassis/tenancy';
import type { Sentinel } from '../../subgraphs/sentinel/src/context.ts';
import { definition as sentinel } from '../../subgraphs/sentinel/src/definition.ts';
import { runCommand } from '../local/commands.ts';
import { root } from '../local/private-platform.ts';
import { startStack } from '../local/stack.ts';
import type { Benchmark } from './benchmark.ts';
import { quantile } from './rounds.ts';

export interface EventsBenchmarkSize {
  events: number;
  /** Of whom each did equally much. */
  principals: number;
  questions: number;
}

const tenantId = 'ten_bench';
const insertedAtOnce = 1_000;
/** Batches under way at once. */
const fillers = 3;
const day = 86_400_000;
/** What the events are spread over, and what is asked for of it. */
const spreadMs = 90 * day;
const askedMs = 7 * day;

export const eventsBenchmark = (size: EventsBenchmarkSize): Benchmark => ({
  summary:
    'milliseconds to find what one principal did in a week among very many security events, and their bytes',
  isNamedOnly: true,
  async run({ progress, flags, signal, env }) {
    const events = flags.count ?? size.events;
    const dataDir = await mkdtemp(join(tmpdir(), 'supergraph-events-'));
    const loadBefore = loadavg()[0] ?? Number.NaN;
    const stack = await startStack({ root, dataDir, publicPort: 0, apps: [], env, progress, signal });
    try {
      const copy = await startSubgraph(sentinel, { ...stack.env.sentinel, PORT: '0', LOG_LEVEL: 'silent' });
      const bytesBefore = await bytesOf(dataDir);
      const startedAt = performance.now();
      await progress.task(`${events} events`, () => fill(copy.service, { ...size, events, signal }));
      const loadSeconds = (performance.now() - startedAt) / 1_000;
      const taken = await progress.task(`${size.questions} questions`, () => ask(copy.service, size));
      await copy.stop();
      await stack.services.mongodb.stop();
      const bytesPerMillion = (((await bytesOf(dataDir)) - bytesBefore) * 1_000_000) / events;
      const [p50Ms, p95Ms, p99Ms] = [0.5, 0.95, 0.99].map((part) => quantile(taken, part));
      const figures = { ...size, events, loadBefore, loadSeconds, p50Ms, p95Ms, p99Ms, bytesPerMillion };
      return {
        rows: [
          ['events', 'loaded in s', 'p50 ms', 'p95 ms', 'p99 ms', 'MB a million'],
          [
            ...[events, loadSeconds.toFixed(0)].map(String),
            ...[p50Ms, p95Ms, p99Ms].map((value) => (value ?? Number.NaN).toFixed(1)),
            (bytesPerMillion / 1_000_000).toFixed(0),
          ],
        ],
        figures,
      };
    } finally {
      await stack.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
});

async function fill(
  { models }: Sentinel,
  {
    events,
    principals,
    signal,
  }: Pick<EventsBenchmarkSize, 'events' | 'principals'> & { signal: AbortSignal },
): Promise<void> {
  const since = Date.now() - spreadMs;
  const fillFrom = async (first: number) => {
    signal.throwIfAborted();
    const more = Math.min(insertedAtOnce, events - first);
    const rows = Array.from({ length: more }, (_, index) => row(first + index));
    // Nobody depends on what a benchmark loads.
    const options = { lean: true, ordered: false, writeConcern: { w: 1, journal: false } } as const;
    await inTenant(tenantId, () => models.SecurityEvent.insertMany(rows, options));
  };
  const row = (place: number) => {
    const occurredAt = new Date(since + Math.floor((place * spreadMs) / events));
    const who = (place * 7_919) % principals;
    return {
      ...{ _id: newId('sev'), tenantId, eventId: newId('evt'), type: 'SIGN_IN_SUCCEEDED' as const },
      ...{ occurredAt, receivedAt: occurredAt, expiresAt: new Date(occurredAt.getTime() + 2 * spreadMs) },
      ...{ actorId: `per_${who}`, clientId: 'explorer', email: `${who}***@acme.test` },
      ...{ ipAddress: `203.0.113.${who % 250}`, userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' },
      ...{ reason: null, operationName: null, coordinates: [], requestId: null, count: 1, external: null },
    };
  };
  let next = 0;
  const filling = async () => {
    while (next < events) {
      const first = next;
      next += insertedAtOnce;
      await fillFrom(first);
    }
  };
  await Promise.all(Array.from({ length: fillers }, filling));
}

/** As a page of `securityEvents` with a filter of person and time asks. */
async function ask(
  { models }: Sentinel,
  { principals, questions }: Pick<EventsBenchmarkSize, 'principals' | 'questions'>,
): Promise<number[]> {
  const taken: number[] = [];
  for (let question = 0; question < questions; question += 1) {
    const since = new Date(Date.now() - spreadMs + ((question * 31) % 80) * day);
    const occurredAt = { $gte: since, $lt: new Date(since.getTime() + askedMs) };
    const actorId = `per_${(question * 104_729) % principals}`;
    const startedAt = performance.now();
    await inTenant(tenantId, () =>
      models.SecurityEvent.find({ actorId, occurredAt }).sort({ occurredAt: -1, _id: -1 }).limit(101).lean(),
    );
    taken.push(performance.now() - startedAt);
  }
  return taken.sort((one, other) => one - other);
}

/** What lies on disk, journals included. */
async function bytesOf(folder: string): Promise<number> {
  const options = { cwd: root, env: process.env, timeoutMs: 30_000 };
  const { stdout } = await runCommand('du', ['-sb', join(folder, 'mongodb')], options);
  return Number(stdout.split('\t')[0]);
}
