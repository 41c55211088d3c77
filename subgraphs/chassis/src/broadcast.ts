// Events that every process hears for itself, while it is there: nothing is kept for one that is away. For what is in
// memory alone and can be read anew, such as caches; effects that must not be lost go through the work queue.
import type { Connection } from 'rabbitmq-client';
import type { Topology } from './topology.ts';

export interface Broadcast {
  routingKeys: readonly string[];
  /** From now on each event is heard. What came since the last time that it was so is lost: read it anew. */
  ready(): void;
  /** Nothing is heard any more, until `ready` is called again. */
  lost(): void;
  /** @param body the event, parsed where it is JSON */
  heard(body: unknown): void;
}

export interface BroadcastListener {
  close(): Promise<void>;
}

export function listenToBroadcast(
  { connection, topology }: { connection: Connection; topology: Topology },
  { routingKeys, ready, lost, heard }: Broadcast,
): BroadcastListener {
  const { exchange } = topology;
  const consumer = connection.createConsumer(
    {
      // Named by RabbitMQ, and gone with the connection.
      queue: '',
      queueOptions: { exclusive: true, autoDelete: true },
      exchanges: [exchange],
      queueBindings: routingKeys.map((routingKey) => ({ exchange: exchange.exchange, routingKey })),
      noAck: true,
    },
    async ({ body }) => heard(parsed(body)),
  );
  consumer.on('ready', ready);
  consumer.on('error', lost);
  // The consumer itself says nothing of a connection that breaks.
  connection.on('error', lost);
  return {
    async close() {
      connection.off('error', lost);
      await consumer.close();
    },
  };
}

function parsed(body: unknown): unknown {
  if (!Buffer.isBuffer(body)) return body;
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
