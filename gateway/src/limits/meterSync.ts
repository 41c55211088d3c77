// Keeps this process's meters and Redis's in step: what was spent here is told every few milliseconds, many allowances
// in one round trip, and nobody waits for it who need not.
import { inTime } from '@supergraph/chassis/deadline';
import type { Logger } from '@supergraph/chassis/logging';
import type { Redis } from 'ioredis';
import type { Meter } from './meter.ts';
import { bookSpending } from './meterScript.ts';

export interface MeterSync {
  /** Whether Redis did not answer the last time; it is asked again and again meanwhile. */
  readonly isAway: boolean;
  /** Tells Redis of a meter's spending soon. */
  schedule(meter: Meter): void;
  /** Resolves when Redis has been told of these meters, or could not be. */
  refresh(meters: readonly Meter[]): Promise<void>;
  /** Tells what is left to tell. */
  stop(): Promise<void>;
}

export interface MeterSyncOptions {
  redis: Redis;
  namespace: string;
  logger: Logger;
  /** Is told when Redis goes away and comes back, once for each outage. */
  changed?(isAway: boolean): void;
  /** How long spending may go untold. Default 50. */
  intervalMs?: number;
  /** How long Redis may take to answer before requests no longer wait for it. Default 500. */
  patienceMs?: number;
  /** How often a Redis that is away is tried again. Default 500. */
  retryMs?: number;
}

/** Most allowances in one call: Redis does nothing else meanwhile. */
const batchSize = 500;

export function createMeterSync(options: MeterSyncOptions): MeterSync {
  const { redis, namespace, logger, changed } = options;
  const { intervalMs = 50, patienceMs = 500, retryMs = 500 } = options;
  const waiting = new Set<Meter>();
  let isAway = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let following: Promise<void> | undefined;

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    // Who comes while one call is under way shares the next.
    following ??= running.then(() => {
      following = undefined;
      running = tellAll();
      return running;
    });
    return following;
  }

  async function tellAll(): Promise<void> {
    while (waiting.size > 0) {
      const batch = [...waiting].slice(0, batchSize);
      for (const meter of batch) waiting.delete(meter);
      if (await tell(batch)) continue;
      keep(batch);
      if (!isStopped) timer ??= setTimeout(flush, retryMs);
      return;
    }
  }

  /** What Redis is tried with again: all that it has to learn, and beyond that no more than a batch. */
  function keep(batch: readonly Meter[]): void {
    const now = performance.now();
    for (const meter of waiting) meter.notTold(now);
    for (const meter of batch) waiting.add(meter);
    for (const meter of waiting) {
      if (waiting.size <= batchSize) return;
      if (meter.policy.period === 'rolling') waiting.delete(meter);
    }
  }

  async function tell(batch: readonly Meter[]): Promise<boolean> {
    const late = () => {
      throw new Error(`Redis did not answer within ${patienceMs} ms.`);
    };
    try {
      const booked = bookSpending(batch, { redis, namespace });
      const readings = await inTime(booked, { deadlineMs: patienceMs, otherwise: late });
      const now = performance.now();
      for (const [index, reading] of readings.entries()) batch[index]?.told(reading, now);
      become(false);
      return true;
    } catch (error) {
      const now = performance.now();
      for (const meter of batch) meter.notTold(now);
      become(true, error);
      return false;
    }
  }

  function become(away: boolean, reason?: unknown): void {
    if (away === isAway) return;
    isAway = away;
    changed?.(away);
    if (away) logger.error({ err: reason }, 'rate limits are no longer shared: Redis is away');
    else logger.info('rate limits are shared again: Redis is back');
  }

  return {
    get isAway() {
      return isAway;
    },
    schedule(meter) {
      waiting.add(meter);
      if (!isStopped) timer ??= setTimeout(flush, isAway ? retryMs : intervalMs);
    },
    refresh(meters) {
      for (const meter of meters) waiting.add(meter);
      return flush();
    },
    async stop() {
      isStopped = true;
      await flush();
      clearTimeout(timer);
    },
  };
}
