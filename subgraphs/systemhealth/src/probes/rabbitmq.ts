// RabbitMQ answers when it takes a sign-in, opens a channel and replies on it.

import { unlessAborted } from '@supergraph/chassis/deadline';
import { type Channel, Connection } from 'rabbitmq-client';
import { keepConnection } from './connection.ts';
import type { Probe } from './probe.ts';

interface Opened {
  readonly connection: Connection;
  /** Aborted by the connection's first error; the library itself would go on reconnecting. */
  readonly failure: AbortSignal;
  channel: Channel | null;
}

/** `url` is an amqp:// or amqps:// URL, credentials included. */
export function rabbitmqProbe(url: string): Probe {
  return keepConnection<Opened>({
    open: () => {
      const connection = new Connection({
        url,
        connectionName: 'systemhealth-probe',
        heartbeat: 10,
        maxChannels: 2,
      });
      const failure = new AbortController();
      connection.on('error', (error) => failure.abort(error));
      return { connection, failure: failure.signal, channel: null };
    },
    ask: async (opened) => {
      opened.channel ??= await unlessAborted(opened.connection.acquire(), opened.failure);
      await unlessAborted(opened.channel.basicQos({ prefetchCount: 1 }), opened.failure);
      return { message: null };
    },
    close: ({ connection }) => connection.unsafeDestroy(),
  });
}
