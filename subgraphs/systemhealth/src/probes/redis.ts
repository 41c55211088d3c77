// Redis answers when it says PONG: it doesn't while it loads its data or refuses the password. Its INFO says how well
// it serves as a cache.
import { Redis, type RedisOptions } from 'ioredis';
import { keepConnection } from './connection.ts';
import { ProbeFailure } from './failures.ts';
import type { Measurement } from './measurement.ts';
import type { Answer, Probe } from './probe.ts';
import { credentialsOf, reach, type Target } from './reaching.ts';
import type { SettingsOf } from './settings.ts';

interface Connection {
  readonly client: Redis;
  /** ioredis rejects with "Connection is closed." and emits the reason apart. */
  reason: Error | null;
}

const options: RedisOptions = {
  lazyConnect: true,
  enableReadyCheck: false,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  retryStrategy: () => null,
  connectionName: 'systemhealth-probe',
};

/** `url` is a redis:// or rediss:// URL, credentials included, of a part of the platform. */
export function redisProbe(url: string): Probe {
  return keepConnection<Connection>({
    open: () => connection(new Redis(url, options)),
    ask: async (opened) => ({ message: null, measurements: await measured(opened) }),
    close: ({ client }) => client.disconnect(),
  });
}

/** Asks a tenant's Redis over a new connection each time. */
export function guardedRedisProbe(target: Target, settings: SettingsOf<'REDIS'>): Probe {
  return {
    async ask(signal) {
      const { protocol, pathname } = new URL(target.url);
      const { address, family, port, name } = await reach(target, 6_379);
      const { username, password } = credentialsOf(target.url);
      const opened = connection(
        new Redis({
          ...options,
          ...{ host: address, family, port, db: Number(pathname.slice(1)) },
          ...(username && { username }),
          ...(password && { password }),
          ...(protocol === 'rediss:' && { tls: name === null ? {} : { servername: name } }),
        }),
      );
      const abandon = () => opened.client.disconnect();
      signal.addEventListener('abort', abandon, { once: true });
      try {
        return judge(await measured(opened), settings);
      } finally {
        signal.removeEventListener('abort', abandon);
        opened.client.disconnect();
      }
    },
    close: async () => undefined,
  };
}

function connection(client: Redis): Connection {
  const opened: Connection = { client, reason: null };
  client.on('error', (error: Error) => {
    opened.reason = error;
  });
  return opened;
}

async function measured(opened: Connection): Promise<Measurement[]> {
  const { client } = opened;
  try {
    if (client.status === 'wait') await client.connect();
    const reply = await client.ping();
    if (reply !== 'PONG') throw new ProbeFailure('unexpected answer to PING');
    // A user may be allowed PING and not INFO.
    const info = await client.info().catch((error: Error) => {
      if (/^NOPERM/.test(error.message)) return '';
      throw error;
    });
    return measurementsOf(info);
  } catch (error) {
    throw opened.reason ?? error;
  }
}

const named: ReadonlyArray<[metric: string, field: string]> = [
  ['redis_memory_used_bytes', 'used_memory'],
  ['redis_memory_max_bytes', 'maxmemory'],
  ['redis_evicted_keys_total', 'evicted_keys'],
  ['redis_expired_keys_total', 'expired_keys'],
  ['redis_keyspace_hits_total', 'keyspace_hits'],
  ['redis_keyspace_misses_total', 'keyspace_misses'],
  ['redis_connected_clients', 'connected_clients'],
  ['redis_commands_processed_total', 'total_commands_processed'],
];

/** Reads https://redis.io/docs/latest/commands/info/. */
export function measurementsOf(info: string): Measurement[] {
  const fields = new Map(
    info.split('\r\n').map((line): [string, string] => {
      const [field = '', value = ''] = line.split(':', 2);
      return [field, value];
    }),
  );
  const found = named.flatMap(([metric, field]) => {
    const value = Number(fields.get(field) ?? Number.NaN);
    return Number.isFinite(value) ? [{ metric, value }] : [];
  });
  const asked =
    measuredAt(found, 'redis_keyspace_hits_total') + measuredAt(found, 'redis_keyspace_misses_total');
  if (!(asked > 0)) return found;
  return [
    ...found,
    { metric: 'redis_hit_ratio', value: measuredAt(found, 'redis_keyspace_hits_total') / asked },
  ];
}

function judge(measurements: readonly Measurement[], settings: SettingsOf<'REDIS'>): Answer {
  const { minimumHitRatio, maximumMemoryRatio, maximumEvictedKeys } = settings;
  const memoryLimit = measuredAt(measurements, 'redis_memory_max_bytes');
  const memoryRatio = measuredAt(measurements, 'redis_memory_used_bytes') / memoryLimit;
  const hitRatio = measuredAt(measurements, 'redis_hit_ratio');
  const evicted = measuredAt(measurements, 'redis_evicted_keys_total');
  const failed = (what: string) => new ProbeFailure(what, measurements);
  if (minimumHitRatio !== null && hitRatio < minimumHitRatio)
    throw failed(`hit ratio ${hitRatio.toFixed(3)} is below ${minimumHitRatio}`);
  if (maximumMemoryRatio !== null && !(memoryLimit > 0)) throw failed('maxmemory is not set');
  if (maximumMemoryRatio !== null && memoryRatio > maximumMemoryRatio)
    throw failed(`memory ratio ${memoryRatio.toFixed(3)} is above ${maximumMemoryRatio}`);
  if (maximumEvictedKeys !== null && evicted > maximumEvictedKeys)
    throw failed(`${evicted} keys were evicted, more than ${maximumEvictedKeys}`);
  return { message: null, measurements };
}

/** NaN where it was not measured, which is on neither side of any bound. */
function measuredAt(measurements: readonly Measurement[], metric: string): number {
  return measurements.find((each) => each.metric === metric)?.value ?? Number.NaN;
}
