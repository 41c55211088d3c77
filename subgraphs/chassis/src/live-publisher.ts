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
const limits = { mostPushes: 10_000, longestMs: 60_000 };
/** Most that go to a log at once: Redis does nothing else meanwhile. */
const mostAtOnce = 100;

export function openLivePublisher(options: LivePublisherOptions): LivePublisher {
  const { url, name, logger, commandTimeoutMs, published, settleMs = longestRetryMs + 250 } = options;
  const redis = connectRedis({ url, name, logger, commandTimeoutMs });
  const backlog = new LiveBacklog(limits);
  const origin = randomUUID();
  const gathering = new Map<string, { readonly pushes: Push[]; readonly sent: Promise<void> }>();
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

  /** Of one channel, in their order, either all with a log or one without. */
  async function send(pushes: readonly Push[], outcome: 'sent' | 'delayed'): Promise<void> {
    const [first] = pushes;
    if (first === undefined) return;
    const { channel, text, log, isRepeated = false } = first;
    try {
      if (log === undefined) await redis.publish(channel, text);
      else await appendToLog(redis, { channel, isRepeated, limits: log.limits, pushes: pushes.map(logged) });
      published.inc({ outcome }, pushes.length);
    } catch (error) {
      if (error instanceof ReplyError) {
        published.inc({ outcome: 'lost' }, pushes.length);
        throw error;
      }
      // They may have arrived and only the answer was lost: without a log it is told twice then, better than never.
      for (const push of pushes) keep({ ...push, isRepeated: true });
      // A connection that gives no answer in time is made anew; its end brings us to the next flush.
      if (redis.status === 'ready') redis.disconnect(true);
    }
  }

  /** With all that is pushed to the channel in the same breath, such as by one transaction. */
  function sendSoon(push: Push): Promise<void> {
    const { channel } = push;
    const known = gathering.get(channel);
    if (known !== undefined && known.pushes.length < mostAtOnce) {
      known.pushes.push(push);
      return known.sent;
    }
    const pushes = [push];
    const sent = Promise.resolve().then(() => {
      if (gathering.get(channel)?.pushes === pushes) gathering.delete(channel);
      return send(pushes, 'sent');
    });
    gathering.set(channel, { pushes, sent });
    return sent;
  }

  /** From now on pushes go out as they come, behind those that waited: one connection keeps their order. */
  function flush(): void {
    isOpen = true;
    isLosing = false;
    const { pushes, dropped } = backlog.take(performance.now());
    lose(dropped);
    if (pushes.length > 0)
      logger.info({ pushes: pushes.length }, 'live pushes that waited for Redis are sent');
    for (const group of inGroups(pushes)) {
      send(group, 'delayed').catch((error: unknown) => logger.warn({ err: error }, 'live push was refused'));
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
      if (!isOpen) keep(push);
      else await (log === undefined ? send([push], 'sent') : sendSoon(push));
    },
    async close() {
      clearTimeout(settling);
      await Promise.allSettled([...gathering.values()].map(({ sent }) => sent));
      if (redis.status === 'ready' && !isOpen) flush();
      await quitRedis(redis);
      clearTimeout(settling);
      const { pushes, dropped } = backlog.take(performance.now());
      lose(pushes.length + dropped);
    },
  };
}

/** What follows one another in the same log goes together. */
function inGroups(pushes: readonly Push[]): Push[][] {
  const groups: Push[][] = [];
  for (const push of pushes) {
    const group = groups.at(-1);
    const before = group?.[0];
    const isAlike =
      before?.log !== undefined &&
      push.log !== undefined &&
      before.channel === push.channel &&
      before.isRepeated === push.isRepeated;
    if (group !== undefined && isAlike && group.length < mostAtOnce) group.push(push);
    else groups.push([push]);
  }
  return groups;
}

function logged({ text, log }: Push): { text: string; key: string } {
  return { text, key: log?.key ?? '' };
}
