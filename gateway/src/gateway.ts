// Starts the gateway in one order and stops it in the reverse one.
import { openBroker } from '@supergraph/chassis/broker';
import type { DocumentSource } from '@supergraph/chassis/documents';
import { loadEventContracts } from '@supergraph/chassis/events';
import { createHealth } from '@supergraph/chassis/health';
import { type Route, startHttpServer } from '@supergraph/chassis/http';
import { createLogger } from '@supergraph/chassis/logging';
import { createMetrics } from '@supergraph/chassis/metrics';
import { observationRoutes, startingRoute } from '@supergraph/chassis/observation';
import { createOutgoing } from '@supergraph/chassis/outgoing';
import { createPassportMint } from '@supergraph/chassis/passport';
import { connectRedis, quitRedis } from '@supergraph/chassis/redis';
import { trackOpened } from '@supergraph/chassis/shutdown';
import { startTracing } from '@supergraph/chassis/tracing';
import { Counter } from 'prom-client';
import { createAccessTokenVerifier } from './authentication/accessTokens.ts';
import { authenticate } from './authentication/authenticate.ts';
import { loadSigningKeys, type SigningKeysOptions } from './authentication/signingKeys.ts';
import { createDenialReporter, type DenialReporterOptions } from './authorization/reportDenials.ts';
import { type CacheOptions, createCache } from './caching/cache.ts';
import { readGatewayConfig } from './config.ts';
import { developerRoutes } from './developers/developerRoutes.ts';
import { createCrossOrigin } from './edge/crossOrigin.ts';
import { createEventStreams, type EventStreamsOptions } from './edge/eventStreams.ts';
import { Flusher } from './edge/flusher.ts';
import { createGraphqlOverHttp } from './edge/graphqlOverHttp.ts';
import { createWebSockets, type WebSocketsOptions } from './edge/webSockets.ts';
import { createFetchingViewers } from './execution/fetchingViewers.ts';
import { createSubgraphClient, type SubgraphBounds } from './execution/subgraphClient.ts';
import { createSubgraphMetrics } from './execution/subgraphMetrics.ts';
import { createGeneration } from './generation.ts';
import { type GrantsBounds, openGrants } from './grants/openGrants.ts';
import { createRateLimits } from './limits/rateLimits.ts';
import { createViewerLimits } from './limits/viewerLimits.ts';
import { createFieldUsage, type FieldUsageOptions } from './observability/fieldUsage.ts';
import { createFieldUses } from './observability/fieldUses.ts';
import { createOperationObserver } from './observability/operationObserver.ts';
import { createSlowOperations } from './observability/slowOperations.ts';
import { tracedOperations } from './observability/tracedOperations.ts';
import { usageRoute } from './observability/usageRoute.ts';
import {
  type AutomaticQueriesOptions,
  createAutomaticQueries,
} from './persistedDocuments/automaticQueries.ts';
import { createPersistedDocuments } from './persistedDocuments/persistedDocuments.ts';
import { openTrustedDocuments, type WatchedDocumentsOptions } from './persistedDocuments/watchedDocuments.ts';
import type { Worker } from './processes/worker.ts';
import type { LiveBounds } from './subscriptions/liveOperations.ts';
import { openSubgraphEvents, type SubgraphEventsOptions } from './subscriptions/subgraphEvents.ts';
import type { FileSourceOptions } from './supergraph/fileSource.ts';
import { firstGeneration, supergraphSources } from './supergraph/firstGeneration.ts';
import { followSupergraph } from './supergraph/reloads.ts';
import { type ServedGenerationOptions, serveGenerations } from './supergraph/servedGeneration.ts';
import { createSubgraphLinks } from './supergraph/subgraphLinks.ts';
import type { SupergraphVersion } from './supergraph/supergraphSource.ts';

export interface RunningGateway {
  /** Base URL, e.g. `http://127.0.0.1:4100`. GraphQL is at `${url}/graphql`, for HTTP, WebSocket and SSE. */
  readonly url: string;
  /** Finishes what is in flight, then closes everything. Further calls wait for the first. */
  stop(): Promise<void>;
}

/** Bounds that differ from their defaults; the defaults stand beside what they bound. */
export interface GatewayBounds {
  usage?: Pick<FieldUsageOptions, 'tellMs' | 'maximumUntold'>;
  webSockets?: Pick<WebSocketsOptions, 'limits' | 'keepAliveMs' | 'maximumMessageBytes'>;
  eventStreams?: Pick<EventStreamsOptions, 'keepAliveMs' | 'maximumUnsentBytes'>;
  signingKeys?: Pick<SigningKeysOptions, 'refreshMs' | 'maximumAgeMs' | 'cooldownMs' | 'timeoutMs'>;
  denials?: Pick<DenialReporterOptions, 'maximumKept' | 'retryMs' | 'gatherMs' | 'maximumGathered'>;
  grants?: GrantsBounds;
  cache?: Pick<CacheOptions, 'freshSeconds' | 'readMs'>;
  subgraphs?: SubgraphBounds;
  supergraph?: Pick<FileSourceOptions, 'pollMs'> &
    Partial<Pick<ServedGenerationOptions, 'longestOperationMs'>>;
  trustedDocuments?: Pick<WatchedDocumentsOptions, 'lookEveryMs'>;
  automaticQueries?: Pick<AutomaticQueriesOptions, 'lifetimeSeconds' | 'maximumBytes' | 'maximumTextBytes'>;
  live?: LiveBounds;
  subgraphEvents?: Pick<SubgraphEventsOptions, 'keepAliveMs' | 'connectMs' | 'pausesMs'>;
}

/**
 * Starts a gateway; several may run in one process.
 * @param env default: the process's environment
 * @param worker when it is one of several processes, which listen only when they can serve
 * @throws ConfigError for a wrong environment, or what kept it from starting; what was opened is closed again.
 */
export async function startGateway(
  env: Readonly<Record<string, string | undefined>> = process.env,
  bounds: GatewayBounds = {},
  worker?: Pick<Worker, 'gather'>,
): Promise<RunningGateway> {
  const config = readGatewayConfig(env);
  const logger = createLogger({ service: 'gateway', level: config.LOG_LEVEL });
  const { SHUTDOWN_DELAY_MS: delayMs, SHUTDOWN_GRACE_MS: graceMs } = config;
  const opened = trackOpened(logger, { deadlineMs: delayMs + graceMs + 5_000 });
  try {
    const sources = supergraphSources(config, { logger, ...bounds.supergraph });
    opened.add('supergraph sources', () => Promise.all(sources.map((source) => source.stop())));
    const tracing = startTracing({
      service: 'gateway',
      endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
      ratio: config.OTEL_TRACES_SAMPLER_ARG,
    });
    opened.add('tracing', () => tracing.stop());
    const metrics = createMetrics('gateway');
    const outgoing = createOutgoing({ metrics, logger });
    opened.add('outgoing calls', () => outgoing.close());

    // Listens at once, so that probes see a service that is starting, and a taken port is known first.
    const health = createHealth({ logger });
    const http = await startHttpServer({
      host: config.HOST,
      port: config.PORT,
      logger,
      metrics,
      tracing,
      ...(worker ? { listening: 'later' as const } : {}),
    });
    opened.add('http', () => http.stop({ graceMs: 0 }));
    const observation = observationRoutes({
      health,
      registry: worker?.gather(metrics.registry) ?? metrics.registry,
    });
    http.serve([...observation, startingRoute]);

    const keys = loadSigningKeys({ url: config.JWKS_URL, logger, ...bounds.signingKeys });
    opened.add('signing keys', () => keys.stop());
    health.add({
      name: 'signing-keys',
      necessity: 'required',
      check: async () => {
        if (!(await keys.areAvailable())) throw new Error('the issuer has not told its keys yet');
      },
    });
    const broker = openBroker({
      url: config.AMQP_URL,
      namespace: config.NAMESPACE,
      service: 'gateway',
      logger,
    });
    opened.add('rabbitmq', () => broker.close());
    health.add({
      name: 'rabbitmq',
      necessity: 'degrading',
      check: async () => {
        if (!broker.isConnected) throw new Error('not connected');
      },
    });
    // Shared by all copies of the gateway; whoever uses it says what it does while Redis is away.
    const redis = connectRedis({ url: config.REDIS_URL, name: 'gateway', logger });
    opened.add('redis', () => quitRedis(redis));
    health.add({
      name: 'redis',
      // Without it a gateway that is told to count everything serves nothing.
      necessity: config.RATE_LIMITS_WITHOUT_REDIS === 'closed' ? 'required' : 'degrading',
      check: async () => void (await redis.ping()),
    });
    const contracts = loadEventContracts({ source: 'gateway' });
    const mintPassport = await createPassportMint({ privateKey: config.PASSPORT_PRIVATE_KEY });
    const grants = openGrants({
      ...{ url: config.GRANTS_URL, mintPassport, outgoing, broker, contracts, logger, health },
      ...bounds.grants,
    });
    opened.add('grants', () => grants.stop());
    const { ISSUER: issuer, AUDIENCE: audience } = config;
    const verifyAccessToken = createAccessTokenVerifier({
      ...{ keys, issuer, audience },
      onChange: grants.onChange,
    });
    const authenticated = (authorization: string | undefined) => {
      const opened = authenticate(authorization, verifyAccessToken);
      return 'then' in opened ? opened.then(grants.current) : grants.current(opened);
    };
    const denials = createDenialReporter({
      contracts,
      broker,
      logger,
      registry: metrics.registry,
      ...bounds.denials,
    });
    opened.add('denial reports', () => denials.stop({ graceMs: 2_000 }));

    const cache = createCache({
      ...{ redis, broker, contracts, namespace: config.NAMESPACE },
      ...{ logger, registry: metrics.registry },
      ...bounds.cache,
    });
    opened.add('cache', () => cache.stop());

    const viewers = createFetchingViewers(mintPassport);
    const subgraphMetrics = createSubgraphMetrics(metrics);
    const interruptions = new Counter({
      name: 'gateway_subscriptions_interrupted_total',
      help: 'Subscriptions at a subgraph that were lost, or could not be opened again, and are tried again.',
      labelNames: ['subgraph'],
      registers: [metrics.registry],
    });
    const links = createSubgraphLinks({
      urls: config.SUBGRAPH_URLS,
      connect(name, url) {
        const client = createSubgraphClient({
          ...{ name, url, viewers, outgoing, metrics: subgraphMetrics, logger },
          deadlineMs: config.SUBGRAPH_DEADLINES_MS[name],
          ...bounds.subgraphs,
        });
        const events = openSubgraphEvents({
          ...{ name, url, mintPassport, logger, interruptions },
          ...bounds.subgraphEvents,
        });
        const forget = health.add({ name, necessity: 'degrading', check: () => client.demandReady() });
        const close = async () => {
          forget();
          await Promise.all([events.stop(), client.close()]);
        };
        return { client, events, close };
      },
    });
    opened.add('ways to subgraphs', () => links.stop());

    const uses = createFieldUses(redis, { namespace: config.NAMESPACE });
    const usage = createFieldUsage({ uses, registry: metrics.registry, logger, ...bounds.usage });
    opened.add('uses of fields', () => usage.stop());
    const slowOperations = createSlowOperations({
      ...{ logger, registry: metrics.registry },
      slowMs: config.SLOW_OPERATION_MS,
    });
    const observer = createOperationObserver({ metrics, slowOperations });
    const deadlineMs = config.OPERATION_DEADLINE_MS;
    const build = (version: SupergraphVersion) =>
      createGeneration(version, {
        ...{ links, viewers, cache, denials, metrics, observer, usage, tracing, logger, deadlineMs },
        maximumCost: config.MAXIMUM_COST,
        ...(bounds.live ? { live: bounds.live } : {}),
      });
    const served = serveGenerations({
      first: await firstGeneration(sources, { build, logger }),
      longestOperationMs: bounds.supergraph?.longestOperationMs ?? deadlineMs + 1_000,
    });
    const reloads = followSupergraph({
      source: sources[0],
      served,
      build,
      registry: metrics.registry,
      logger,
    });
    opened.add('supergraph', () => reloads.stop());
    health.add({ name: 'supergraph', necessity: 'degrading', check: () => reloads.demandNewest() });
    const { operations, live } = served;
    const documents = { read: (source: DocumentSource) => served.current().documents.read(source) };
    const trusted = openTrustedDocuments({
      ...{ config, documents, logger, registry: metrics.registry },
      ...bounds.trustedDocuments,
    });
    opened.add('trusted documents', () => trusted.stop());
    served.onReplace(() => void trusted.lookAgain());
    const automatic =
      config.AUTOMATIC_PERSISTED_QUERIES === 'on'
        ? createAutomaticQueries({ redis, namespace: config.NAMESPACE, logger, ...bounds.automaticQueries })
        : null;
    const persisted = createPersistedDocuments({
      mode: config.TRUSTED_DOCUMENTS,
      ...{ trusted, automatic, documents, logger, registry: metrics.registry },
    });
    const crossOrigin = createCrossOrigin({ origins: config.CORS_ORIGINS });
    const withoutRedis = config.RATE_LIMITS_WITHOUT_REDIS;
    const rateLimits = createRateLimits({
      ...{ config: config.RATE_LIMITS, withoutRedis, redis, namespace: config.NAMESPACE },
      ...{ logger, registry: metrics.registry },
    });
    opened.add('rate limits', () => rateLimits.stop());
    const viewerLimits = createViewerLimits({
      connections: config.LIVE_CONNECTIONS_PER_VIEWER,
      subscriptions: config.LIVE_SUBSCRIPTIONS_PER_VIEWER,
    });
    const clients = {
      ...{ operations, persisted, live, rateLimits, authenticate: authenticated, logger, crossOrigin },
      ...{ viewerLimits, flusher: new Flusher() },
    };
    const webSockets = createWebSockets({
      ...clients,
      operations: tracedOperations(operations, tracing),
      ...bounds.webSockets,
    });
    const eventStreams = createEventStreams({ ...clients, ...bounds.eventStreams });
    const graphqlRoute: Route = {
      path: '/graphql',
      handle: createGraphqlOverHttp({ ...clients, eventStreams }),
      upgrade: webSockets.upgrade,
    };
    let drained: Promise<void> | undefined;
    opened.add('requests', async () => {
      await drained;
      eventStreams.stop();
      await Promise.all([webSockets.stop({ graceMs }), http.stop({ graceMs })]);
    });
    const developers = developerRoutes({
      supergraph: () => served.current().supergraph,
      operations,
      persisted,
      maximumCost: config.MAXIMUM_COST,
      rateLimits,
      authenticate: authenticated,
    });
    http.serve([...observation, usageRoute({ uses, usage }), graphqlRoute, ...developers]);

    health.phase = 'ready';
    if (worker) await http.listen();
    logger.info({ url: http.url, subgraphs: served.current().supergraph.subgraphNames }, 'ready');
    let stopping: Promise<void> | undefined;
    const stop = async () => {
      health.phase = 'draining';
      logger.info('stopping');
      drained = http.drain({ delayMs });
      await opened.close();
      logger.info('stopped');
    };
    return {
      url: http.url,
      stop() {
        stopping ??= stop();
        return stopping;
      },
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}
