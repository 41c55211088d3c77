// RabbitMQ: one topic exchange for all events, and per service a work queue, retry queues with growing delays
// and a dead-letter queue. Everything is declared again whenever the connection comes back.
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { Connection, type Consumer, type ConsumerHandler, type Envelope } from 'rabbitmq-client';
import { type Broadcast, type BroadcastListener, listenToBroadcast } from './broadcast.ts';
import { inTime, within } from './deadline.ts';
import { type Topology, topologyOf } from './topology.ts';
import { TransientSet } from './transient.ts';

/** The broker did not confirm a message in time, refused it, or could not route it. The message may be retried. */
export class PublishError extends Error {
  override readonly name = 'PublishError';
}

export interface BrokerOptions {
  /** AMQP_URL. */
  url: string;
  namespace: string;
  service: string;
  logger: Logger;
  /** Waits before the retries of a failed event, in order. Default 1, 10, 60 and 300 seconds. */
  retryDelaysMs?: readonly number[];
  /** How long a publication may take, waiting for a connection included. Default 5,000. */
  publishTimeoutMs?: number;
  /** Longest wait between attempts to connect. Default 5,000. */
  maximumReconnectDelayMs?: number;
}

export interface Broker {
  readonly topology: Topology;
  readonly isConnected: boolean;
  /** Rejects while it is not: for readiness. */
  demandConnected(): Promise<void>;
  /** Publishes durably to the topic exchange. Resolves once the broker has confirmed it. @throws PublishError */
  publish(routingKey: string, message: OutgoingMessage): Promise<void>;
  /** Sends durably to one of this service's own queues. Resolves once it is confirmed there. @throws PublishError */
  send(queue: string, message: OutgoingMessage): Promise<void>;
  /** Declares the service's own queues, as `send` does before its first message on a connection. */
  declareQueues(): Promise<void>;
  /** Consumes the work queue, bound to the routing keys given, at most `concurrency` messages at a time. */
  consume(options: ConsumeOptions): Consumer;
  /** Hears events as a process of its own, beside the work queue that all copies of the service share. */
  listen(broadcast: Broadcast): BroadcastListener;
  /** Calls the listener each time a connection stands. Returns the function that removes it. */
  onConnected(listener: () => void): () => void;
  /** For operators' tools that need a channel. */
  readonly connection: Connection;
  /** Waits for publications under way, at most `publishTimeoutMs`. Close consumers first. */
  close(): Promise<void>;
}

export interface OutgoingMessage {
  messageId: string;
  body: Buffer;
  contentType?: string;
  headers?: Record<string, string | number>;
}

export interface ConsumeOptions {
  routingKeys: readonly string[];
  concurrency: number;
  handle: ConsumerHandler;
}

/** Most publications under way at once; more are refused. */
const maximumInFlight = 1_000;

/** Connects in the background with growing pauses. While RabbitMQ is away, publishing fails after its deadline. */
export function openBroker(options: BrokerOptions): Broker {
  const { url, namespace, service, logger } = options;
  const { publishTimeoutMs = 5_000, maximumReconnectDelayMs = 5_000 } = options;
  const topology = topologyOf({ namespace, service, retryDelaysMs: options.retryDelaysMs });
  const connection = new Connection({
    url,
    connectionName: `${namespace}.${service}`,
    connectionTimeout: 5_000,
    acquireTimeout: publishTimeoutMs,
    heartbeat: 10,
    noDelay: true,
    retryLow: Math.min(250, maximumReconnectDelayMs),
    retryHigh: maximumReconnectDelayMs,
  });
  let isAway = false;
  connection.on('error', (error: unknown) => {
    // One line per outage: every attempt to reconnect reports its error.
    if (!isAway) logger.warn({ err: error }, 'RabbitMQ is not reachable; reconnecting');
    isAway = true;
  });
  connection.on('connection', () => {
    logger.info(isAway ? 'RabbitMQ is back' : 'RabbitMQ connected');
    isAway = false;
  });

  const returned = new Set<string>();
  const noteReturn = ({ correlationId }: { correlationId?: string }) => {
    if (correlationId !== undefined) returned.add(correlationId);
  };
  // A publisher closes its channel on some errors, and one exchange serves many services: keep them apart.
  const facts = connection.createPublisher({ confirm: true, exchanges: [topology.exchange] });
  const own = connection.createPublisher({
    confirm: true,
    exchanges: [topology.exchange],
    queues: topology.queues,
    onReturn: noteReturn,
  });
  const inFlight = new TransientSet<Promise<void>>();

  const confirmed = async (sending: Promise<void>, messageId: string) => {
    const settled = sending.catch(() => undefined).finally(() => inFlight.delete(settled));
    inFlight.add(settled);
    try {
      await inTime(sending, { deadlineMs: publishTimeoutMs, otherwise: notConfirmed });
    } catch (cause) {
      throw new PublishError(`RabbitMQ did not take message ${messageId}.`, { cause });
    }
  };
  const declareQueues = async () => {
    for (const queue of topology.queues) await connection.queueDeclare(queue);
  };
  const refuseBeyondLimit = () => {
    if (inFlight.size >= maximumInFlight) throw new PublishError('Too many publications are under way.');
  };

  return {
    topology,
    connection,
    get isConnected() {
      return connection.ready;
    },
    async demandConnected() {
      if (!connection.ready) throw new Error('not connected');
    },
    async publish(routingKey, message) {
      refuseBeyondLimit();
      const envelope = { ...envelopeOf(message), exchange: topology.exchange.exchange, routingKey };
      await confirmed(facts.send(envelope, message.body), message.messageId);
    },
    async send(queue, message) {
      refuseBeyondLimit();
      // The default exchange confirms what it cannot route, so mandatory tells the queue that is not there.
      const correlationId = randomUUID();
      const envelope = { ...envelopeOf(message), routingKey: queue, mandatory: true, correlationId };
      await confirmed(own.send(envelope, message.body), message.messageId);
      if (returned.delete(correlationId)) throw new PublishError(`There is no queue ${queue}.`);
    },
    declareQueues,
    consume({ routingKeys, concurrency, handle }) {
      const { exchange, workQueue, queues } = topology;
      const queueOptions = queues.find(({ queue }) => queue === workQueue);
      const consumer = connection.createConsumer(
        {
          queue: workQueue,
          queueOptions,
          exchanges: [exchange],
          queueBindings: routingKeys.map((routingKey) => ({
            exchange: exchange.exchange,
            queue: workQueue,
            routingKey,
          })),
          qos: { prefetchCount: concurrency * 2 },
          concurrency,
          requeue: true,
        },
        handle,
      );
      // The dead queue has to stand before RabbitMQ itself moves a message there.
      consumer.on('ready', () => {
        declareQueues().catch((error: unknown) => logger.warn({ err: error }, 'queues were not declared'));
      });
      consumer.on('error', (error: unknown) => logger.error({ err: error }, 'event consumer error'));
      return consumer;
    },
    listen: (broadcast) => listenToBroadcast({ connection, topology }, broadcast),
    onConnected(listener) {
      connection.on('connection', listener);
      return () => void connection.off('connection', listener);
    },
    async close() {
      await within(publishTimeoutMs, Promise.all(inFlight));
      const closing = Promise.all([facts.close(), own.close()]).then(() => connection.close());
      await within(connection.ready ? publishTimeoutMs : 100, closing);
      connection.unsafeDestroy();
    },
  };
}

function envelopeOf({ messageId, contentType, headers }: OutgoingMessage): Envelope {
  return { messageId, durable: true, contentType: contentType ?? 'application/cloudevents+json', headers };
}

function notConfirmed(): never {
  throw new Error('no confirmation in time');
}
