// Starts the gateway in one order and stops it in the reverse one.
import { openBroker } from '@supergraph/chassis/broker';
import { loadEventContracts } from '@supergraph/chassis/events';
import { createPassportMint } from '@supergraph/chassis/passport';
import { connectRedis, quitRedis } from '@supergraph/chassis/redis';
import { type RunningService, startInFrame } from '@supergraph/chassis/service-frame';
import { createAccessEventRoute } from './accessEvents/accessEventRoute.ts';
import { openAuthentication } from './authentication/openAuthentication.ts';
import { createLostReports } from './authorization/lostReports.ts';
import { createDenialReporter } from './authorization/reportDenials.ts';
import { openBlocks } from './blocks/openBlocks.ts';
import type { GatewayBounds } from './bounds.ts';
import { createCache } from './caching/cache.ts';
import { readGatewayConfig } from './config.ts';
import { developerRoutes } from './developers/developerRoutes.ts';
import { openEdge } from './edge/openEdge.ts';
import { createFetchingViewers } from './execution/fetchingViewers.ts';
import { createExportRoute } from './exports/exportRoute.ts';
import { createRateLimits } from './limits/rateLimits.ts';
import { createFieldUsage } from './observability/fieldUsage.ts';
import { createFieldUses } from './observability/fieldUses.ts';
import { createOperationObserver } from './observability/operationObserver.ts';
import { createSlowOperations } from './observability/slowOperations.ts';
import { usageRoute } from './observability/usageRoute.ts';
import { openPersistedDocuments } from './persistedDocuments/openPersistedDocuments.ts';
import type { Worker } from './processes/worker.ts';
import { openSubgraphs } from './supergraph/openSubgraphs.ts';
import { openSupergraph } from './supergraph/openSupergraph.ts';

/** GraphQL is at `${url}/graphql`, for HTTP, WebSocket and SSE. */
export type RunningGateway = RunningService;

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
  const { NAMESPACE: namespace, RATE_LIMITS_WITHOUT_REDIS: withoutRedis } = config;
  const name = 'gateway';
  return startInFrame({ name, config, gather: worker?.gather }, async (frame) => {
    const { logger, tracing, metrics, health, opened } = frame;
    const { registry } = metrics;
    const given = { ...frame, config, bounds };

    const broker = openBroker({ url: config.AMQP_URL, namespace, service: name, logger });
    opened.add('rabbitmq', () => broker.close());
    health.add({ name: 'rabbitmq', necessity: 'degrading', check: () => broker.demandConnected() });
    // Shared by all copies of the gateway; whoever uses it says what it does while Redis is away.
    const redis = connectRedis({ url: config.REDIS_URL, name, logger });
    opened.add('redis', () => quitRedis(redis));
    health.add({
      name: 'redis',
      // Without it a gateway that is told to count everything serves nothing.
      necessity: withoutRedis === 'closed' ? 'required' : 'degrading',
      check: async () => void (await redis.ping()),
    });
    const rateLimits = createRateLimits({
      ...{ config: config.RATE_LIMITS, withoutRedis, redis, namespace, logger, registry },
    });
    opened.add('rate limits', () => rateLimits.stop());
    const contracts = loadEventContracts({ source: name });
    const mintPassport = await createPassportMint({ privateKey: config.PASSPORT_PRIVATE_KEY });
    const lost = createLostReports({ contracts, broker, logger, ...bounds.lostReports });
    opened.add('lost reports', () => lost.stop());
    const identify = openAuthentication({ ...given, redis, broker, contracts, lost, mintPassport });

    const denials = createDenialReporter({ contracts, broker, logger, registry, lost, ...bounds.denials });
    opened.add('denial reports', () => denials.stop({ graceMs: 2_000 }));
    const cache = createCache({
      ...{ redis, broker, contracts, namespace, logger, registry },
      ...bounds.cache,
    });
    opened.add('cache', () => cache.stop());
    const uses = createFieldUses(redis, { namespace });
    const usage = createFieldUsage({ uses, registry, logger, ...bounds.usage });
    opened.add('uses of fields', () => usage.stop());
    const slowOperations = createSlowOperations({ logger, registry, slowMs: config.SLOW_OPERATION_MS });
    const observer = createOperationObserver({ metrics, slowOperations });

    const viewers = createFetchingViewers(mintPassport);
    const links = openSubgraphs({ ...given, viewers, mintPassport });
    const served = await openSupergraph({
      ...given,
      parts: {
        ...{ links, viewers, cache, denials, metrics, observer, usage, tracing, logger },
        deadlineMs: config.OPERATION_DEADLINE_MS,
        planning: rateLimits.planning,
        maximumCost: config.MAXIMUM_COST,
        overrideRules: config.OVERRIDE_LABELS,
        ...(bounds.live ? { live: bounds.live } : {}),
      },
    });

    const authenticate = openBlocks({
      ...{ ...frame, broker, contracts, mintPassport, bounds: bounds.blocks },
      authenticate: identify,
      subgraphUrls: () => served.current().subgraphUrls,
    });
    const persisted = await openPersistedDocuments({ ...given, redis, served });
    const edge = openEdge({ ...given, served, persisted, rateLimits, authenticate });
    frame.endRequests(() => edge.stop({ graceMs: config.SHUTDOWN_GRACE_MS }));
    const developers = developerRoutes({
      ...{ operations: served.operations, persisted, rateLimits, authenticate },
      supergraph: () => served.current().supergraph,
      maximumCost: config.MAXIMUM_COST,
    });
    const exports = createExportRoute({
      ...{ authenticate, mintPassport, rateLimits },
      subgraphUrls: () => served.current().subgraphUrls,
    });
    opened.add('exports', () => exports.close());
    const accessEvents = createAccessEventRoute({
      ...{ authenticate, mintPassport, rateLimits },
      subgraphUrls: () => served.current().subgraphUrls,
    });
    opened.add('access events', () => accessEvents.close());
    frame.serve([usageRoute({ uses, usage }), edge.graphql, exports, accessEvents, ...developers]);
    return {};
  });
}
