// Starts a subgraph from its definition, in one order, and stops it in the reverse one.
import type { z } from 'zod';
import { tellingActions } from './actions.ts';
import { type ChassisConfig, type chassisConfig, readConfig } from './config.ts';
import { createContext, type OperationFacts } from './context.ts';
import { type Eraser, erasureHandlers } from './erasure.ts';
import type { EventHandlers } from './event-handlers.ts';
import { createExportRoute } from './export/route.ts';
import { type ExportSource, exportSources } from './export/sources.ts';
import { exportHandlers } from './export/writing.ts';
import { createGraphql } from './graphql.ts';
import type { Route } from './http.ts';
import type { LiveLogs } from './live.ts';
import type { ModelSchemas, Models } from './models.ts';
import { createPassportVerifier } from './passport.ts';
import { answerPersonalData } from './personal-data/answering.ts';
import { personErasureHandlers } from './personal-data/erasing.ts';
import { type PersonalSource, personalSources } from './personal-data/sources.ts';
import { openPlatform } from './platform.ts';
import { createStepDeclaration, type ProvisioningStep, stepHandlers } from './provisioning.ts';
import { createRetention, retentionHandlers } from './retention/applying.ts';
import type { KeptModels } from './retention/kept.ts';
import { loadSchema } from './schema.ts';
import type { Service, Worker } from './service.ts';
import { type RunningService, startInFrame } from './service-frame.ts';
import { runUntilStopped } from './shutdown.ts';
import { createSubscriptionServer } from './subscriptions.ts';
import { logAcrossTenants } from './tenancy.ts';

export type { SubgraphContext } from './context.ts';
export type { Service, Worker } from './service.ts';

/** A config schema made by `chassisConfig.extend({…})`. */
export type SubgraphConfig = z.ZodObject<(typeof chassisConfig)['shape']>;

type ServiceOf<Config extends SubgraphConfig, Schemas extends ModelSchemas> = Service<
  z.output<Config>,
  Models<Schemas>
>;

export interface SubgraphDefinition<Config extends SubgraphConfig, Schemas extends ModelSchemas, Loaders> {
  /** The subgraph's name: audience of its passports, database, queues and metrics are called by it. */
  name: string;
  /** Its SDL: `new URL('../schema.graphql', import.meta.url)`. */
  schema: URL;
  config: Config;
  models: Schemas;
  /**
   * `home`: its models and transactions are at home unless they say otherwise, because what is a tenant's is written with
   * what is nobody's.
   */
  residency?: 'home';
  /** Where a tenant lives, in the subgraph that decides it; null for one that it does not know. */
  regionOf?: (
    service: Pick<NoInfer<ServiceOf<Config, Schemas>>, 'models' | 'config'>,
    tenantId: string,
  ) => Promise<string | null>;
  /** The ids of all tenants, in the same subgraph: what is theirs may come to lie with them later than they came. */
  everyTenant?: (service: Pick<NoInfer<ServiceOf<Config, Schemas>>, 'models'>) => AsyncIterable<string>;
  /** Resolvers by type and field, typed by codegen. */
  resolvers: object;
  /**
   * Mutations that change something of which no event of its own tells: the chassis tells of them, for the audit trail, by
   * `<name>.action.taken.v1`. Their transactions return their payloads.
   */
  audited?: readonly string[];
  /** Makes the DataLoaders of one operation; of each single event for a subscription. */
  loaders?: (service: ServiceOf<Config, Schemas>) => Loaders;
  /** What it does about events, once per event id, in a transaction and in the event's tenant. */
  handlers?: EventHandlers<NoInfer<ServiceOf<Config, Schemas>>>;
  /** What it does for each new tenant, in this order. Whoever creates tenants learns of it by an event at the start. */
  provisioning?: ReadonlyArray<ProvisioningStep<NoInfer<ServiceOf<Config, Schemas>>>>;
  /**
   * Erases what there is of a deleted tenant beside the documents of its own models, which the chassis erases itself.
   */
  erasure?: Eraser<NoInfer<ServiceOf<Config, Schemas>>>;
  /** Which models' records end after some days, as many as each tenant says: `{ Visit: { since: 'occurredAt', days: () => 90 } }`. */
  retention?: KeptModels<z.output<NoInfer<Config>>>;
  /** What an export of a tenant has beside the documents of its own models, which the chassis exports itself. */
  exports?: ReadonlyArray<ExportSource<NoInfer<ServiceOf<Config, Schemas>>>>;
  /** What a person's copy of what is about them has beside the documents of its own models, of which the chassis makes it. */
  personalData?: ReadonlyArray<PersonalSource<NoInfer<ServiceOf<Config, Schemas>>>>;
  /** Live topics that keep a log, so that who was away for a moment misses nothing: `{ 'note-written': {} }`. */
  liveLogs?: LiveLogs;
  /** HTTP besides GraphQL, by path prefix. */
  routes?: (service: ServiceOf<Config, Schemas>) => Route[] | Promise<Route[]>;
  workers?: Array<(service: ServiceOf<Config, Schemas>) => Worker>;
}

/** GraphQL is at `${url}/graphql`. */
export interface RunningSubgraph<S = unknown> extends RunningService {
  readonly service: S;
  /** Settles when events flow from the broker for the first time. */
  readonly consuming: Promise<void>;
}

/** Helps inference where a definition is a constant of its own. */
export function defineSubgraph<Config extends SubgraphConfig, Schemas extends ModelSchemas, Loaders>(
  definition: SubgraphDefinition<Config, Schemas, Loaders>,
): SubgraphDefinition<Config, Schemas, Loaders> {
  return definition;
}

/**
 * Starts a subgraph; several may run in one process. MongoDB has to answer; Redis and RabbitMQ may come later.
 * @param env default: the process's environment
 * @throws ConfigError for a wrong environment, or what kept it from starting; what was opened is closed again.
 */
export async function startSubgraph<Config extends SubgraphConfig, Schemas extends ModelSchemas, Loaders>(
  definition: SubgraphDefinition<Config, Schemas, Loaders>,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<RunningSubgraph<ServiceOf<Config, Schemas>>> {
  const { name } = definition;
  const config = readConfig(definition.config, { service: name, env });
  const chassis: ChassisConfig = config;
  const schema = loadSchema({ ...definition, resolvers: tellingActions(definition.resolvers, definition) });
  const verifyPassport = await createPassportVerifier({
    publicKey: chassis.PASSPORT_PUBLIC_KEY,
    audience: name,
  });
  return startInFrame({ name, config: chassis }, async (frame) => {
    const { logger, metrics, tracing, outgoing, opened } = frame;
    opened.add('tenancy log', logAcrossTenants(logger));
    const { regionOf, everyTenant } = definition;
    const platform = await openPlatform<Schemas>({
      ...{ ...frame, definition, config: chassis },
      regionOf: regionOf && ((models, tenantId) => regionOf({ models, config }, tenantId)),
      everyTenant: everyTenant && ((models) => everyTenant({ models })),
    });
    const service: ServiceOf<Config, Schemas> = {
      ...platform.parts,
      name,
      config,
      logger,
      metrics: metrics.registry,
      outgoing,
    };

    const makeLoaders = definition.loaders ?? (() => ({}) as Loaders); // without loaders, resolvers are given none
    const factory = { service, makeLoaders };
    const operations = {
      schema,
      verifyPassport,
      makeContext: (operation: OperationFacts) => createContext(factory, operation),
      logger,
      metrics,
      tracing,
      deadlineMs: chassis.OPERATION_DEADLINE_MS,
    };
    const graphql = await createGraphql(operations);
    opened.add('graphql', () => graphql.stop());
    const subscriptions = createSubscriptionServer(operations);
    const ownRoutes = (await definition.routes?.(service)) ?? [];
    const graphqlRoute: Route = { path: '/graphql', handle: graphql.handle, upgrade: subscriptions.upgrade };
    frame.serve([graphqlRoute, createExportRoute({ service, verifyPassport }), ...ownRoutes]);
    // Before the requests, so that it ends after them and takes along what the last of them committed.
    for (const relay of platform.relays) {
      await relay.start();
      opened.add(relay.name, () => relay.stop());
    }
    frame.endRequests(() => subscriptions.stop({ graceMs: Math.min(chassis.SHUTDOWN_GRACE_MS, 2_000) }));

    const { provisioning: steps = [], models, erasure: eraseFurther, exports: further = [] } = definition;
    const { retention } = definition;
    const { database, schemas } = platform;
    const sources: ExportSource<typeof service>[] = [
      ...exportSources(service.connection, models),
      ...further,
    ];
    const handlers = {
      ...definition.handlers,
      ...platform.handlers,
      ...stepHandlers({ name, steps, database }),
      ...erasureHandlers({ name, models: schemas, steps, eraseFurther, database }),
      ...exportHandlers({ name, sources }),
      ...(retention && retentionHandlers()),
      ...personErasureHandlers({ models: schemas }),
    };
    const personal: PersonalSource<typeof service>[] = [
      ...personalSources(service, schemas),
      ...(definition.personalData ?? []),
    ];
    const consumer = platform.consume({ handlers, service });
    const workers: Worker[] = [
      consumer,
      platform.answers({ service, answer: answerPersonalData({ service, sources: personal }) }),
      ...platform.workers,
      ...(retention ? [createRetention(service, retention)] : []),
      ...(definition.workers ?? []).map((make) => make(service)),
    ];
    workers.push(createStepDeclaration({ service, steps, consuming: consumer.ready }));
    for (const worker of workers) {
      await worker.start();
      opened.add(worker.name, () => worker.stop());
    }
    return { service, consuming: consumer.ready };
  });
}

/** Runs a subgraph as this process; for `main.ts`. */
export function runSubgraph<Config extends SubgraphConfig, Schemas extends ModelSchemas, Loaders>(
  definition: SubgraphDefinition<Config, Schemas, Loaders>,
): Promise<void> {
  return runUntilStopped(() => startSubgraph(definition));
}
