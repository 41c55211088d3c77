// Opens a subgraph's data and messaging: MongoDB, which must answer, then Redis and RabbitMQ, which may come later.
import type { Connection } from 'mongoose';
import { openBroker } from './broker.ts';
import type { ChassisConfig } from './config.ts';
import { prepareCollections } from './database.ts';
import { openDeadLetters } from './deadletters.ts';
import { createEventConsumer, type EventConsumer } from './event-consumer.ts';
import type { EventHandlers } from './event-handlers.ts';
import { createEvents, loadEventContracts } from './events.ts';
import { exportChunkModels } from './export/chunk-model.ts';
import { type LiveLogs, openLive } from './live.ts';
import { buildModels, type ModelSchemas, type Models, withResidence } from './models.ts';
import { createOutboxRelay, measureOutboxes } from './outbox-relay.ts';
import { stepRequests } from './provisioning.ts';
import { answerQuestions, openQuestions } from './questions.ts';
import { connectRedis } from './redis.ts';
import { notePlacement } from './residency/at-home.ts';
import { createPlacement } from './residency/placement.ts';
import { openRegions } from './residency/regions.ts';
import { demandRegions, learnAlone, openResidency } from './residency/residency.ts';
import { retentionModels } from './retention/model.ts';
import type { Service, Worker } from './service.ts';
import type { ServiceFrame } from './service-frame.ts';
import { createTransaction } from './transaction.ts';

export interface PlatformOptions<Schemas extends ModelSchemas>
  extends Pick<ServiceFrame, 'logger' | 'metrics' | 'tracing' | 'health' | 'opened'> {
  definition: {
    name: string;
    models: Schemas;
    liveLogs?: LiveLogs | undefined;
    residency?: 'home' | undefined;
  };
  /** Where a tenant lives, in the service that decides it; null for one that it does not know. */
  regionOf?: ((models: Models<Schemas>, tenantId: string) => Promise<string | null>) | undefined;
  /** All tenants that it knows, in the service that decides where they live. */
  everyTenant?: ((models: Models<Schemas>) => AsyncIterable<string>) | undefined;
  config: ChassisConfig;
}

type Part =
  | 'models'
  | 'connection'
  | 'regions'
  | 'redis'
  | 'live'
  | 'events'
  | 'questions'
  | 'deadLetters'
  | 'transaction'
  | 'settle';

export interface Platform<Schemas extends ModelSchemas> {
  parts: Pick<Service<unknown, Models<Schemas>>, Part>;
  /** All that holds tenants' documents: the definition's models and the chassis' own. */
  schemas: ModelSchemas;
  relays: Worker[];
  /** What every service in several regions does about moves of tenants. */
  handlers: EventHandlers<unknown>;
  workers: Worker[];
  /** The database of the scope's region. */
  database(): Connection;
  answers(options: {
    service: Service<unknown, unknown>;
    answer(question: unknown): Promise<object>;
  }): Worker;
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

  const usually = definition.residency ?? 'region';
  const regions = await openRegions({ config, service, logger, health, opened });
  const [home, ...others] = regions;
  const { connection, outbox } = home;
  const placement = others.length > 0 ? createPlacement(home, others) : undefined;
  if (placement) notePlacement(connection, placement);

  const redis = connectRedis({ url: config.REDIS_URL, name: service, logger });
  opened.add('redis', () => redis.disconnect());
  const logs = definition.liveLogs ?? {};
  const live = openLive({ url: config.REDIS_URL, namespace, service, logger, metrics, logs });
  opened.add('live topics', () => live.close());
  health.add({ name: 'redis', necessity: 'degrading', check: async () => void (await redis.ping()) });

  const broker = openBroker({ url: config.AMQP_URL, namespace, service, logger });
  opened.add('rabbitmq', () => broker.close());
  const questions = openQuestions({ connection: broker.connection, namespace });
  opened.add('questions', () => questions.close());
  health.add({
    name: 'rabbitmq',
    necessity: 'degrading',
    check: () => broker.demandConnected(),
  });

  // Typed by the definition's own: where they lie changes no type.
  const placed = withResidence(definition.models, usually);
  const models = buildModels(connection, placed, placement) as Models<Schemas>;
  const ownModels = { ...exportChunkModels(), ...retentionModels() };
  buildModels(connection, ownModels, placement);
  const schemas: ModelSchemas = { ...placed, ...ownModels };
  const contracts = loadEventContracts({ source: service });
  const transaction = createTransaction({
    ...{ connection, contracts, outbox, placement, usually, live, logger },
  });
  const { regionOf, everyTenant } = options;
  const residency =
    placement &&
    openResidency({
      ...{ service, placement, schemas, transaction, logger },
      regionOf: regionOf && ((tenantId) => regionOf(models, tenantId)),
      everyTenant: everyTenant && (() => everyTenant(models)),
    });
  const learn = residency?.learn ?? learnAlone(home.name);
  const published = measureOutboxes(
    metrics,
    regions.map((region) => region.outbox),
  );
  const relays = regions.map((region) =>
    createOutboxRelay({
      ...{ connection: region.connection, outbox: region.outbox, broker, logger, published },
      isElsewhere: placement && ((tenantId) => placement.livesElsewhere(tenantId, region)),
    }),
  );
  for (const region of regions) {
    stepRequests(region.connection);
    await prepareCollections(region.connection);
  }
  health.add({
    name: 'outbox',
    necessity: 'degrading',
    check: async () => {
      const createdAt = { $lt: new Date(Date.now() - relayLagMs) };
      for (const { entries } of regions.map((region) => region.outbox)) {
        if ((await entries.exists({ publishedAt: null, createdAt })) !== null) {
          throw new Error(`events wait longer than ${relayLagMs} ms to be published`);
        }
      }
    },
  });

  await demandRegions(regions);
  if (residency) {
    await residency.start();
    opened.add('directory of regions', () => residency.stop());
  }
  return {
    parts: {
      models,
      connection,
      regions: regions.map((region) => ({ name: region.name, connection: region.connection })),
      redis,
      live,
      events: createEvents({ contracts, broker }),
      questions,
      deadLetters: openDeadLetters(broker),
      transaction,
      settle: residency?.settle ?? (async () => undefined),
    },
    schemas,
    relays,
    handlers: residency?.handlers() ?? {},
    workers: residency?.workers ?? [],
    database: residency?.database ?? (() => connection),
    answers: (given) => answerQuestions({ ...given, connection: broker.connection, namespace }),
    consume: (given) =>
      createEventConsumer({
        ...{ ...given, broker, contracts, transaction, tracing, logger, metrics },
        inbox: residency?.inbox ?? home.inbox,
        usually,
        learn,
      }),
  };
}
