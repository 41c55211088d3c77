// Automatic persisted queries: texts that clients have sent once and then name by their SHA-256. Kept in Redis for all
// copies of the gateway, bounded in time and size, since strangers may fill it; and in this process, for speed. What is
// lost is sent again.
import { inTime } from '@supergraph/chassis/deadline';
import type { Logger } from '@supergraph/chassis/logging';
import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { sha256Of } from './manifest.ts';

export interface AutomaticQueries {
  /** The text of this SHA-256 (lower-case hex); undefined where nobody knows it, or Redis doesn't say. */
  find(hash: string): string | undefined | Promise<string | undefined>;
  /** Remembers a valid document's text. What is too long is not kept. */
  keep(hash: string, text: string): void;
}

export interface AutomaticQueriesOptions {
  redis: Redis;
  namespace: string;
  logger: Logger;
  /** How long Redis keeps a text after it was sent. Default 24 h. */
  lifetimeSeconds?: number;
  /** Most bytes of all texts in Redis; the oldest give way. Default 64 MiB. */
  maximumBytes?: number;
  /** Most memory for texts in this process. Default 16 MiB. */
  cacheBytes?: number;
  /** Longest text kept. Default 64 KiB. */
  maximumTextBytes?: number;
  /** How long a request waits for Redis. Default 250 ms. */
  timeoutMs?: number;
}

/**
 * The index holds `hash:bytes` by the microsecond in which it was kept: the oldest first, those included that have expired.
 * KEYS: the text, the index, the sum of all bytes. ARGV: text, lifetime, hash, bytes, most bytes, prefix of texts.
 */
const keepScript = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local lifetime, bytes = tonumber(ARGV[2]), tonumber(ARGV[4])
local member = ARGV[3] .. ':' .. ARGV[4]
if not redis.call('SET', KEYS[1], ARGV[1], 'EX', lifetime, 'NX') then return 0 end
if redis.call('ZADD', KEYS[2], string.format('%.0f', now), member) == 1 then redis.call('INCRBY', KEYS[3], bytes) end
local function drop(members)
  for _, old in ipairs(members) do
    local hash, size = string.match(old, '^(.*):(%d+)$')
    redis.call('ZREM', KEYS[2], old)
    redis.call('DEL', ARGV[6] .. hash)
    redis.call('DECRBY', KEYS[3], size)
  end
  return #members
end
drop(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', now - lifetime * 1000000), 'LIMIT', 0, 100))
while tonumber(redis.call('GET', KEYS[3])) > tonumber(ARGV[5]) do
  if drop(redis.call('ZRANGE', KEYS[2], 0, 0)) == 0 then break end
end
redis.call('EXPIRE', KEYS[2], lifetime * 2)
redis.call('EXPIRE', KEYS[3], lifetime * 2)
return 1
`;

export function createAutomaticQueries(options: AutomaticQueriesOptions): AutomaticQueries {
  const { redis, namespace, logger, lifetimeSeconds = 86_400, timeoutMs = 250 } = options;
  const { maximumBytes = 64 * 1_048_576, cacheBytes = 16 * 1_048_576, maximumTextBytes = 65_536 } = options;
  const prefix = `${namespace}:gateway:query:`;
  const [index, sum] = [`${namespace}:gateway:queries`, `${namespace}:gateway:query-bytes`];
  const texts = new LRUCache<string, string>({
    maxSize: cacheBytes,
    sizeCalculation: (text) => 2 * text.length + 200,
  });

  async function ask(hash: string): Promise<string | undefined> {
    try {
      const text = await inTime(redis.get(prefix + hash), { deadlineMs: timeoutMs, otherwise: () => null });
      // Redis is shared: what comes back has to be what its name says.
      if (text === null || sha256Of(text) !== hash) return undefined;
      texts.set(hash, text);
      return text;
    } catch {
      // Its connection tells of outages. For the client the text is not found, and it sends it.
      return undefined;
    }
  }

  return {
    find: (hash) => texts.get(hash) ?? ask(hash),
    keep(hash, text) {
      const bytes = Buffer.byteLength(text);
      if (bytes > maximumTextBytes || texts.has(hash)) return;
      texts.set(hash, text);
      redis
        .eval(
          keepScript,
          3,
          prefix + hash,
          index,
          sum,
          text,
          lifetimeSeconds,
          hash,
          bytes,
          maximumBytes,
          prefix,
        )
        .catch((error: unknown) => logger.debug({ err: error }, 'a persisted query was not kept in Redis'));
    },
  };
}
