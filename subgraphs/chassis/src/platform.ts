// Opens a subgraph's data and messaging: MongoDB, which must answer, then Redis and RabbitMQ, which may come later.
import { openBroker } from './broker.ts';
import type { ChassisConfig } from './config.ts';
import { connectDatabase, prepareCollections } from './database.ts';
import { openDeadLetters } from './deadletters.ts';
import { createEventConsumer, type EventConsumer, type EventHandlers } from './event-consumer.ts';
import { createEvents, loadEventContracts } from './events.ts';
import { createInbox } from './inbox.ts';
import { type LiveLogs, openLive } from './live.ts';
import { buildModels, type ModelSchemas, type Models } from './models.ts';
import { createOutbox } from './outbox.ts';
import { createOutboxRelay } from './outbox-relay.ts';
import { stepRequests } from './provisioning.ts';
import { connectRedis } from './redis.ts';
import type { Service, Worker } from './service.ts';
import type { ServiceFrame } from './service-frame.ts';
import { createTransaction } from './transaction.ts';

export interface PlatformOptions<Schemas extends ModelSchemas>
  extends Pick<ServiceFrame, 'logger' | 'metrics' | 'tracing' | 'health' | 'opened'> {
  definition: {
    name: string;
    models: Schemas;
    liveLogs?: LiveLogs | undefined;
    provisioning?: readonly unknown[] | undefined;
  };
  config: ChassisConfig;
}

type Part = 'models' | 'connection' | 'redis' | 'live' | 'events' | 'deadLetters' | 'transaction';

export interface Platform<Schemas extends ModelSchemas> {
  parts: Pick<Service<unknown, Models<Schemas>>, Part>;
  relay: Worker;
  consume<S>(options: { handlers: EventHandlers<S>; service: S }): EventConsumer;
}

/** An event that waits longer than this for the broker is worth an operator's look. */
const relayLagMs = 60_000;

export async function openPlatform<Schemas extends ModelSchemas>(
  options: PlatformOptions<Schemas>,
): Promise<Platform<Schemas>> {
  const { definition, config, logger, tracing, health, opened } = options;
  const { name: service } = definition;
  const namespace = config.NAMESPACE;
  const metrics = options.metrics.registry;

  const connection = await connectDatabase({
    ...{ uri: config.MONGODB_URI, namespace, service, logger },
    isTraced: config.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined,
  });
  opened.add('mongodb', () => connection.close());
  health.add({
    name: 'mongodb',
    necessity: 'required',
    check: async () =>
      void (await connection.getClient().db('admin').command({ ping: 1 }, { timeoutMS: 900 })),
  });

  const redis = connectRedis({ url: config.REDIS_URL, name: service, logger });
  opened.add('redis', () => redis.disconnect());
  const logs = definition.liveLogs ?? {};
  const live = openLive({ url: config.REDIS_URL, namespace, service, logger, metrics, logs });
  opened.add('live topics', () => live.close());
  health.add({ name: 'redis', necessity: 'degrading', check: async () => void (await redis.ping()) });

  const broker = openBroker({ url: config.AMQP_URL, namespace, service, logger });
  opened.add('rabbitmq', () => broker.close());
  health.add({
    name: 'rabbitmq',
    necessity: 'degrading',
    check: () => broker.demandConnected(),
  });

  const models = buildModels(connection, definition.models);
  const outbox = createOutbox(connection);
  const inbox = createInbox(connection);
  if (definition.provisioning !== undefined) stepRequests(connection);
  const relay = createOutboxRelay({ connection, outbox, broker, logger, metrics });
  await prepareCollections(connection);
  health.add({
    name: 'outbox',
    necessity: 'degrading',
    check: async () => {
      const createdAt = { $lt: new Date(Date.now() - relayLagMs) };
      if ((await outbox.entries.exists({ publishedAt: null, createdAt })) !== null) {
        throw new Error(`events wait longer than ${relayLagMs} ms to be published`);
      }
    },
  });

  const contracts = loadEventContracts({ source: service });
  const transaction = createTransaction({ connection, contracts, outbox, live, logger });
  return {
    parts: {
      models,
      connection,
      redis,
      live,
      events: createEvents({ contracts, broker }),
      deadLetters: openDeadLetters(broker),
      transaction,
    },
    relay,
    consume: (given) =>
      createEventConsumer({ ...given, broker, contracts, inbox, transaction, tracing, logger, metrics }),
  };
}
