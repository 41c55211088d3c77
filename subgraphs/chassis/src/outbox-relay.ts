// Publishes what committed transactions left in the outbox, oldest first, at least once. One copy of a service
// relays at a time, so that events leave in the order of their emission; the others stand by.
import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Broker } from './broker.ts';
import { messageOf } from './events.ts';
import { createLease } from './lease.ts';
import type { Outbox, OutboxEntry } from './outbox.ts';

export interface OutboxRelayOptions {
  connection: Connection;
  outbox: Outbox;
  broker: Broker;
  logger: Logger;
  /** Counts what was published (`measureOutboxes`). */
  published: Counter;
  /** Whether the tenant's data lies elsewhere, so that its events are not kept here once they are published. */
  isElsewhere?: ((tenantId: string) => boolean) | undefined;
  /** How often it looks without being told. Default 250. */
  pollMs?: number;
  /** Most events under way at once. Default 100. */
  batchSize?: number;
}

export interface OutboxRelay {
  name: string;
  start(): Promise<void>;
  /** Publishes what was committed until now, as far as RabbitMQ is there, and hands the lease to another copy. */
  stop(): Promise<void>;
}

const longestPauseMs = 5_000;
/** How long a relay that died keeps the others waiting. */
const leaseMs = 5_000;

export function createOutboxRelay(options: OutboxRelayOptions): OutboxRelay {
  const { outbox, broker, logger, published, isElsewhere, pollMs = 250, batchSize = 100 } = options;
  const lease = createLease({ connection: options.connection, name: 'outbox-relay', durationMs: leaseMs });
  const alarm = createAlarm();
  let stopping = false;
  let loop: Promise<void> = Promise.resolve();
  let stopListening: () => void = () => undefined;

  /** Publishes one batch. Returns how many entries it found. */
  const relayBatch = async (): Promise<number> => {
    if (!(await lease.hold())) return 0;
    const waiting = await outbox.entries.find({ publishedAt: null }).sort({ _id: 1 }).limit(batchSize).lean();
    if (waiting.length === 0) return 0;
    // One channel keeps their order; the confirms are awaited together.
    const results = await Promise.allSettled(
      waiting.map(({ event }: OutboxEntry) => broker.publish(event.type, messageOf(event))),
    );
    const failed = waiting.filter((_, index) => results[index]?.status === 'rejected').map(({ _id }) => _id);
    const sent = waiting.filter(({ _id }) => !failed.includes(_id));
    const passing = sent.filter(({ event }) => isElsewhere?.(event.tenantid) ?? false).map(({ _id }) => _id);
    const staying = sent.map(({ _id }) => _id).filter((id) => !passing.includes(id));
    // Should this process die here, the next relay publishes them again and the consumers' inboxes drop them.
    if (passing.length > 0) await outbox.entries.deleteMany({ _id: { $in: passing } });
    await outbox.entries.updateMany({ _id: { $in: staying } }, { $set: { publishedAt: new Date() } });
    published.inc(sent.length);
    if (failed.length > 0) {
      await outbox.entries.updateMany({ _id: { $in: failed } }, { $inc: { attempts: 1 } });
      const first = results.find((result) => result.status === 'rejected');
      throw new Error(`${failed.length} events were not taken by RabbitMQ.`, { cause: first?.reason });
    }
    return waiting.length;
  };

  const run = async () => {
    let failures = 0;
    while (!stopping) {
      if (!broker.isConnected) {
        await alarm.waitForRing(longestPauseMs);
        continue;
      }
      try {
        const found = await relayBatch();
        failures = 0;
        if (found < batchSize) await alarm.wait(pollMs);
      } catch (error) {
        const pauseMs = Math.min(pollMs * 2 ** failures, longestPauseMs);
        if (failures === 0) logger.warn({ err: error }, 'the outbox could not be relayed; trying again');
        failures += 1;
        // Nudges do not end this pause: each commit would hammer a broker that is away. Its return does.
        await alarm.waitForRing(pauseMs);
      }
    }
    if (broker.isConnected) {
      await relayBatch().catch((error: unknown) =>
        logger.warn({ err: error }, 'events are left in the outbox'),
      );
    }
    await lease
      .release()
      .catch((error: unknown) => logger.warn({ err: error }, 'the relay lease was not released'));
  };

  return {
    name: 'outbox-relay',
    async start() {
      outbox.onNudge(() => alarm.nudge());
      stopListening = broker.onConnected(() => alarm.ring());
      loop = run();
    },
    async stop() {
      stopping = true;
      stopListening();
      alarm.ring();
      await loop;
    },
  };
}

/** A pause that can be cut short: by a nudge where it waits for work, by a ring always. */
function createAlarm() {
  let nudged = false;
  let wake = new AbortController();
  let hearsNudges = false;
  const sleep = async (ms: number) => {
    await pause(ms, undefined, { signal: wake.signal }).catch(() => undefined);
    wake = new AbortController();
  };
  return {
    nudge() {
      nudged = true;
      if (hearsNudges) wake.abort();
    },
    ring: () => wake.abort(),
    async wait(ms: number) {
      if (!nudged) {
        hearsNudges = true;
        await sleep(ms);
        hearsNudges = false;
      }
      nudged = false;
    },
    waitForRing: sleep,
  };
}

/** Measures a service's outboxes together: one, or one in each region. */
export function measureOutboxes(registry: Registry, outboxes: readonly Outbox[]): Counter {
  const registers = [registry];
  new Gauge({
    name: 'outbox_pending_events',
    help: 'Committed events that RabbitMQ has not confirmed yet.',
    registers,
    async collect() {
      const pending = await Promise.all(
        outboxes.map(({ entries }) => entries.countDocuments({ publishedAt: null }).catch(() => Number.NaN)),
      );
      this.set(pending.reduce((sum, count) => sum + count, 0));
    },
  });
  new Gauge({
    name: 'outbox_lag_seconds',
    help: 'Age of the oldest committed event that RabbitMQ has not confirmed yet; 0 when there is none.',
    registers,
    async collect() {
      this.set(Math.max(...(await Promise.all(outboxes.map(lagSeconds)))));
    },
  });
  return new Counter({
    name: 'outbox_published_events_total',
    help: 'Events published from the outbox and confirmed.',
    registers,
  });
}

async function lagSeconds({ entries }: Outbox): Promise<number> {
  const oldest = await entries
    .findOne({ publishedAt: null })
    .sort({ _id: 1 })
    .lean()
    .catch(() => undefined);
  if (oldest === undefined) return Number.NaN;
  return oldest === null ? 0 : (Date.now() - oldest.createdAt.getTime()) / 1_000;
}
