// For tests only: one service's data and messaging parts, wired as subgraph.ts wires them, on the real backing
// services and in a namespace of their own.
import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import { type Logger, pino } from 'pino';
import { Registry } from 'prom-client';
import { type Broker, openBroker } from '../broker.ts';
import { connectDatabase, prepareCollections } from '../database.ts';
import { type DeadLetters, openDeadLetters } from '../deadletters.ts';
import { createEventConsumer, type EventConsumer } from '../event-consumer.ts';
import type { EventHandlers } from '../event-handlers.ts';
import { type EventContracts, loadEventContracts } from '../events.ts';
import { createInbox } from '../inbox.ts';
import { type Live, openLive } from '../live.ts';
import { buildModels, type ModelSchemas, type Models } from '../models.ts';
import { createOutbox, type Outbox } from '../outbox.ts';
import { createOutboxRelay, measureOutboxes, type OutboxRelay } from '../outbox-relay.ts';
import { startTracing } from '../tracing.ts';
import { createTransaction, type Transaction } from '../transaction.ts';

/** A log that keeps its lines, so that a test can read what was logged. */
export interface RecordedLog {
  logger: Logger;
  lines: Record<string, unknown>[];
}

export function recordLog(): RecordedLog {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { logger, lines };
}

export function newNamespace(): string {
  return `t${randomBytes(6).toString('hex')}`;
}

/** The URL of a backing service. @throws when the environment does not name it */
export function backingUrl(name: 'MONGODB_URI' | 'REDIS_URL' | 'AMQP_URL'): string {
  const url = process.env[name];
  if (url === undefined) throw new Error(`${name} is not set: run the tests with npm test.`);
  return url;
}

export interface DataFixtureOptions<Schemas extends ModelSchemas> {
  namespace?: string;
  service?: string;
  schemas: Schemas;
  mongodbUri?: string;
  redisUrl?: string;
  amqpUrl?: string;
  retryDelaysMs?: readonly number[];
  operationTimeoutMs?: number;
  transactionDeadlineMs?: number;
  serverSelectionTimeoutMs?: number;
}

export interface DataFixture<Schemas extends ModelSchemas> extends RecordedLog {
  namespace: string;
  connection: Connection;
  models: Models<Schemas>;
  contracts: EventContracts;
  broker: Broker;
  live: Live;
  outbox: Outbox;
  transaction: Transaction;
  deadLetters: DeadLetters;
  metrics: Registry;
  /** A relay that `close` stops; not started. */
  relay(options?: { pollMs?: number; batchSize?: number }): OutboxRelay;
  /** A consumer that `close` stops; started and ready to receive. */
  consume(handlers: EventHandlers<DataFixture<Schemas>>): Promise<EventConsumer>;
  /** Ends the connections; the data stays for another copy. */
  close(): Promise<void>;
  /** Deletes the service's database and queues and the namespace's exchange, then closes. */
  dispose(): Promise<void>;
}

export async function startDataFixture<Schemas extends ModelSchemas>(
  options: DataFixtureOptions<Schemas>,
): Promise<DataFixture<Schemas>> {
  const { namespace = newNamespace(), service = 'arthemiz' } = options;
  const log = recordLog();
  const { logger } = log;
  const connection = await connectDatabase({
    uri: options.mongodbUri ?? backingUrl('MONGODB_URI'),
    namespace,
    service,
    logger,
    operationTimeoutMs: options.operationTimeoutMs,
    serverSelectionTimeoutMs: options.serverSelectionTimeoutMs,
  });
  const models = buildModels(connection, options.schemas);
  const outbox = createOutbox(connection);
  const inbox = createInbox(connection);
  const metrics = new Registry();
  const contracts = loadEventContracts({ source: service });
  const broker = openBroker({
    url: options.amqpUrl ?? backingUrl('AMQP_URL'),
    namespace,
    service,
    logger,
    retryDelaysMs: options.retryDelaysMs,
    maximumReconnectDelayMs: 50,
    publishTimeoutMs: 2_000,
  });
  const live = openLive({
    url: options.redisUrl ?? backingUrl('REDIS_URL'),
    namespace,
    service,
    logger,
    metrics,
  });
  const transaction = createTransaction({
    connection,
    contracts,
    outbox,
    live,
    logger,
    deadlineMs: options.transactionDeadlineMs,
  });
  const tracing = startTracing({ service });
  const published = measureOutboxes(metrics, [outbox]);
  const started: { stop(): Promise<void> }[] = [];
  const relays = (given: { pollMs?: number; batchSize?: number } = {}) => {
    const relay = createOutboxRelay({
      connection,
      outbox,
      broker,
      logger,
      published,
      pollMs: 20,
      ...given,
    });
    started.unshift(relay);
    return relay;
  };
  await prepareCollections(connection);

  const fixture: DataFixture<Schemas> = {
    ...log,
    namespace,
    connection,
    models,
    contracts,
    broker,
    live,
    outbox,
    transaction,
    metrics,
    deadLetters: openDeadLetters(broker),
    relay: relays,
    async consume(handlers) {
      const consumer = createEventConsumer({
        broker,
        contracts,
        handlers,
        service: fixture,
        inbox,
        transaction,
        tracing,
        logger,
        metrics: new Registry(),
      });
      started.unshift(consumer);
      await consumer.start();
      await consumer.ready;
      return consumer;
    },
    async close() {
      for (const worker of started.splice(0)) await worker.stop();
      await live.close();
      await broker.close();
      await tracing.stop();
      await connection.close();
    },
    async dispose() {
      for (const worker of started.splice(0)) await worker.stop();
      await connection.dropDatabase();
      for (const { queue } of broker.topology.queues) await broker.connection.queueDelete({ queue });
      await broker.connection.exchangeDelete({ exchange: broker.topology.exchange.exchange });
      await fixture.close();
    },
  };
  return fixture;
}
