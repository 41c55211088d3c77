// The sending half of live topics. What Redis cannot take waits here for its return, briefly and within bounds.
import { randomUUID } from 'node:crypto';
import { ReplyError } from 'ioredis';
import type { Logger } from 'pino';
import type { Counter } from 'prom-client';
import { LiveBacklog, type Push } from './live-backlog.ts';
import { appendToLog, type LiveLogLimits } from './live-log.ts';
import { connectRedis, longestRetryMs, quitRedis } from './redis.ts';

export interface LivePublisherOptions {
  url: string;
  name: string;
  logger: Logger;
  commandTimeoutMs: number;
  /** By outcome: sent at once; delayed, sent after an outage; lost, dropped for age or number, or refused. */
  published: Counter<'outcome'>;
  /**
   * How long after its return Redis is given nothing yet: subscribers miss what is published before their own
   * connections stand again. Default 1,500, a little more than any copy's pause between two attempts.
   */
  settleMs?: number;
}

export interface LivePublisher {
  /** Resolves when Redis has the push, or it is kept for Redis's return. @throws when Redis refuses it. */
  publish(push: { channel: string; text: string; limits: LiveLogLimits | undefined }): Promise<void>;
  close(): Promise<void>;
}

/** Older news helps nobody: whoever was away for so long asks again. */
const limits = { mostPushes: 1_000, longestMs: 60_000 };

export function openLivePublisher(options: LivePublisherOptions): LivePublisher {
  const { url, name, logger, commandTimeoutMs, published, settleMs = longestRetryMs + 250 } = options;
  const redis = connectRedis({ url, name, logger, commandTimeoutMs });
  const backlog = new LiveBacklog(limits);
  const origin = randomUUID();
  let sequence = 0;
  let isOpen = false;
  let wasAway = false;
  let isLosing = false;
  let settling: NodeJS.Timeout | undefined;

  function lose(count: number): void {
    if (count === 0) return;
    published.inc({ outcome: 'lost' }, count);
    // One line per outage.
    if (!isLosing) logger.warn({ connection: name }, 'live pushes are lost: Redis is away for too long');
    isLosing = true;
  }

  function keep(push: Push): void {
    lose(backlog.keep(push, performance.now()));
  }

  async function send(push: Push, outcome: 'sent' | 'delayed'): Promise<void> {
    try {
      const { channel, text, log, isRepeated = false } = push;
      if (log === undefined) await redis.publish(channel, text);
      else await appendToLog(redis, { channel, text, isRepeated, ...log });
      published.inc({ outcome });
    } catch (error) {
      if (error instanceof ReplyError) {
        published.inc({ outcome: 'lost' });
        throw error;
      }
      // It may have arrived and only the answer was lost: without a log it is told twice then, better than never.
      keep({ ...push, isRepeated: true });
      // A connection that gives no answer in time is made anew; its end brings us to the next flush.
      if (redis.status === 'ready') redis.disconnect(true);
    }
  }

  /** From now on pushes go out as they come, behind those that waited: one connection keeps their order. */
  function flush(): void {
    isOpen = true;
    isLosing = false;
    const { pushes, dropped } = backlog.take(performance.now());
    lose(dropped);
    if (pushes.length > 0)
      logger.info({ pushes: pushes.length }, 'live pushes that waited for Redis are sent');
    for (const push of pushes) {
      send(push, 'delayed').catch((error: unknown) => logger.warn({ err: error }, 'live push was refused'));
    }
  }

  redis.on('close', () => {
    isOpen = false;
    wasAway = true;
    clearTimeout(settling);
  });
  redis.on('ready', () => {
    if (wasAway) settling = setTimeout(flush, settleMs);
    else flush();
  });

  return {
    async publish({ channel, text, limits: log }) {
      const at = performance.now();
      const kept = log === undefined ? {} : { log: { key: `${origin}-${sequence}`, limits: log } };
      const push: Push = { sequence: sequence++, at, channel, text, ...kept };
      if (isOpen) await send(push, 'sent');
      else keep(push);
    },
    async close() {
      clearTimeout(settling);
      if (redis.status === 'ready' && !isOpen) flush();
      await quitRedis(redis);
      clearTimeout(settling);
      const { pushes, dropped } = backlog.take(performance.now());
      lose(pushes.length + dropped);
    },
  };
}
