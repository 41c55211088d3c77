// RabbitMQ answers when it takes a sign-in, opens a channel and replies on it.
import { unlessAborted } from '@supergraph/chassis/deadline';
import { type Channel, Connection, type ConnectionOptions } from 'rabbitmq-client';
import { keepConnection } from './connection.ts';
import type { PlatformPart } from './kinds.ts';
import type { Probe } from './probe.ts';
import { watchQueues } from './rabbitmq-queues.ts';
import { credentialsOf, reach, type Target } from './reaching.ts';

interface Opened {
  readonly connection: Connection;
  /** Aborted by the connection's first error; the library itself would go on reconnecting. */
  readonly failure: AbortSignal;
  channel: Channel | null;
}

/** `url` is an amqp:// or amqps:// URL, credentials included, of a part of the platform. */
export function rabbitmqProbe({ url, managementUrl, namespace }: PlatformPart): Probe {
  const queues =
    managementUrl === undefined
      ? null
      : watchQueues({ url: managementUrl, namespace, virtualHost: virtualHostOf(url) });
  const probe = keepConnection<Opened>({
    open: () => open({ url }),
    ask: async (opened) => {
      await replies(opened);
      return { message: null, measurements: queues?.take() ?? [] };
    },
    close: ({ connection }) => connection.unsafeDestroy(),
  });
  return {
    ask: (signal) => probe.ask(signal),
    async close() {
      await probe.close();
      await queues?.close();
    },
  };
}

/** Asks a tenant's broker over a new connection each time. */
export function guardedAmqpProbe(target: Target): Probe {
  return {
    async ask(signal) {
      const { protocol } = new URL(target.url);
      const isTls = protocol === 'amqps:';
      const { address, port, name } = await reach(target, isTls ? 5_671 : 5_672);
      const opened = open({
        ...{ hostname: address, port, ...credentialsOf(target.url) },
        vhost: virtualHostOf(target.url),
        ...(isTls && { tls: name === null ? {} : { servername: name } }),
      });
      try {
        await unlessAborted(replies(opened), signal);
        return { message: null };
      } finally {
        opened.connection.unsafeDestroy();
      }
    },
    close: async () => undefined,
  };
}

function virtualHostOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1)) || '/';
}

function open(to: ConnectionOptions): Opened {
  const connection = new Connection({
    ...to,
    connectionName: 'systemhealth-probe',
    heartbeat: 10,
    maxChannels: 2,
  });
  const failure = new AbortController();
  connection.on('error', (error) => failure.abort(error));
  return { connection, failure: failure.signal, channel: null };
}

async function replies(opened: Opened): Promise<void> {
  opened.channel ??= await unlessAborted(opened.connection.acquire(), opened.failure);
  await unlessAborted(opened.channel.basicQos({ prefetchCount: 1 }), opened.failure);
}
