// Redis answers when it says PONG: it doesn't while it loads its data or refuses the password.
import { Redis } from 'ioredis';
import { keepConnection } from './connection.ts';
import { ProbeFailure } from './failures.ts';
import type { Probe } from './probe.ts';

interface Connection {
  readonly client: Redis;
  /** ioredis rejects with "Connection is closed." and emits the reason apart. */
  reason: Error | null;
}

/** `url` is a redis:// or rediss:// URL, credentials included. */
export function redisProbe(url: string): Probe {
  return keepConnection<Connection>({
    open: () => {
      const client = new Redis(url, {
        lazyConnect: true,
        enableReadyCheck: false,
        enableOfflineQueue: false,
        maxRetriesPerRequest: 0,
        retryStrategy: () => null,
        connectionName: 'systemhealth-probe',
      });
      const connection: Connection = { client, reason: null };
      client.on('error', (error: Error) => {
        connection.reason = error;
      });
      return connection;
    },
    ask: async (connection) => {
      const { client } = connection;
      try {
        if (client.status === 'wait') await client.connect();
        const reply = await client.ping();
        if (reply !== 'PONG') throw new ProbeFailure('unexpected answer to PING');
        return { message: null };
      } catch (error) {
        throw connection.reason ?? error;
      }
    },
    close: ({ client }) => client.disconnect(),
  });
}
