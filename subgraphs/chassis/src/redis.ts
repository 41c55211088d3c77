import { Redis } from 'ioredis';
import type { Logger } from 'pino';

export interface RedisOptions {
  /** REDIS_URL. */
  url: string;
  /** Shown by `CLIENT LIST`, e.g. `systemhealth-live`. */
  name: string;
  logger: Logger;
  /** Most time for one command. Default 2,000; null for a connection that only listens. */
  commandTimeoutMs?: number | null;
}

/** Longest pause between two attempts to connect, the random part included. */
export const longestRetryMs = 1_250;

/**
 * Connects in the background and keeps reconnecting. While Redis is away commands fail at once instead of
 * piling up in memory, so a caller decides what it does without.
 */
export function connectRedis({ url, name, logger, commandTimeoutMs = 2_000 }: RedisOptions): Redis {
  const redis = new Redis(url, {
    connectionName: name,
    connectTimeout: 5_000,
    // A peer that has gone silent does not answer the closing of its connection either.
    disconnectTimeout: 100,
    keepAlive: 10_000,
    noDelay: true,
    ...(commandTimeoutMs === null ? {} : { commandTimeout: commandTimeoutMs }),
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) =>
      Math.min(50 * 2 ** Math.min(attempt, 6), longestRetryMs / 1.25) * (0.75 + Math.random() / 2),
  });
  let isAway = false;
  redis.on('error', (error: unknown) => {
    // One line per outage: ioredis reports every attempt.
    if (!isAway) logger.warn({ err: error, connection: name }, 'Redis is not reachable; reconnecting');
    isAway = true;
  });
  redis.on('ready', () => {
    if (isAway) logger.info({ connection: name }, 'Redis is back');
    isAway = false;
  });
  return redis;
}

/** Ends a connection. QUIT answers after what was sent before it, so commands on their way still arrive. */
export async function quitRedis(redis: Redis): Promise<void> {
  if (redis.status === 'ready') await redis.quit().catch(() => undefined);
  redis.disconnect();
}
