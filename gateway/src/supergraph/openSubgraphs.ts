// How the gateway reaches subgraphs: fetches over HTTP, and events over one WebSocket each.
import type { PassportMint } from '@supergraph/chassis/passport';
import type { ServiceFrame } from '@supergraph/chassis/service-frame';
import { Counter } from 'prom-client';
import type { GatewayBounds } from '../bounds.ts';
import type { GatewayConfig } from '../config.ts';
import type { FetchingViewers } from '../execution/fetchingViewers.ts';
import { createSubgraphClient } from '../execution/subgraphClient.ts';
import { createSubgraphMetrics } from '../execution/subgraphMetrics.ts';
import { openSubgraphEvents } from '../subscriptions/subgraphEvents.ts';
import { createSubgraphLinks, type SubgraphLinks } from './subgraphLinks.ts';

export interface SubgraphsOptions
  extends Pick<ServiceFrame, 'logger' | 'metrics' | 'outgoing' | 'health' | 'opened'> {
  config: Pick<GatewayConfig, 'SUBGRAPH_URLS' | 'SUBGRAPH_DEADLINES_MS'>;
  viewers: FetchingViewers;
  mintPassport: PassportMint;
  bounds: Pick<GatewayBounds, 'subgraphs' | 'subgraphEvents'>;
}

export function openSubgraphs(options: SubgraphsOptions): SubgraphLinks {
  const { config, viewers, mintPassport, bounds, logger, metrics, outgoing, health, opened } = options;
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
  return links;
}
