// All ways in for clients: GraphQL over HTTP, Server-Sent Events and WebSocket at one path, with what they share.
import type { Route } from '@supergraph/chassis/http';
import type { ServiceFrame } from '@supergraph/chassis/service-frame';
import type { Authenticate } from '../authentication/authenticate.ts';
import type { GatewayBounds } from '../bounds.ts';
import type { GatewayConfig } from '../config.ts';
import type { RateLimits } from '../limits/rateLimits.ts';
import { createViewerLimits } from '../limits/viewerLimits.ts';
import { tracedOperations } from '../observability/tracedOperations.ts';
import type { PersistedDocuments } from '../persistedDocuments/persistedDocuments.ts';
import type { ServedGeneration } from '../supergraph/servedGeneration.ts';
import { createCrossOrigin } from './crossOrigin.ts';
import { createEventStreams } from './eventStreams.ts';
import { Flusher } from './flusher.ts';
import { createGraphqlOverHttp } from './graphqlOverHttp.ts';
import { createWebSockets } from './webSockets.ts';

export interface EdgeOptions extends Pick<ServiceFrame, 'logger' | 'tracing'> {
  config: Pick<
    GatewayConfig,
    'CORS_ORIGINS' | 'LIVE_CONNECTIONS_PER_VIEWER' | 'LIVE_SUBSCRIPTIONS_PER_VIEWER'
  >;
  served: Pick<ServedGeneration, 'operations' | 'live'>;
  persisted: PersistedDocuments;
  rateLimits: RateLimits;
  authenticate: Authenticate;
  bounds: Pick<GatewayBounds, 'webSockets' | 'eventStreams'>;
}

export interface Edge {
  graphql: Route;
  /** Ends what is not a plain request. */
  stop(options: { graceMs: number }): Promise<void>;
}

export function openEdge(options: EdgeOptions): Edge {
  const { config, served, persisted, rateLimits, authenticate, bounds, logger, tracing } = options;
  const { operations, live } = served;
  const clients = {
    ...{ operations, live, persisted, rateLimits, authenticate, logger },
    crossOrigin: createCrossOrigin({ origins: config.CORS_ORIGINS }),
    flusher: new Flusher(),
    viewerLimits: createViewerLimits({
      connections: config.LIVE_CONNECTIONS_PER_VIEWER,
      subscriptions: config.LIVE_SUBSCRIPTIONS_PER_VIEWER,
    }),
  };
  const webSockets = createWebSockets({
    ...{ ...clients, operations: tracedOperations(operations, tracing) },
    ...bounds.webSockets,
  });
  const eventStreams = createEventStreams({ ...clients, ...bounds.eventStreams });
  return {
    graphql: {
      path: '/graphql',
      handle: createGraphqlOverHttp({ ...clients, eventStreams }),
      upgrade: webSockets.upgrade,
    },
    stop(ending) {
      eventStreams.stop();
      return webSockets.stop(ending);
    },
  };
}
