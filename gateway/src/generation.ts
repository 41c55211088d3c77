// Everything that is made from one supergraph, and goes when another takes its place. What has to outlive that
// (connections to subgraphs, metrics, reports) is given to it: a metric that is made in here is made once too often.

import type { Documents } from '@supergraph/chassis/documents';
import type { Logger } from '@supergraph/chassis/logging';
import type { Metrics } from '@supergraph/chassis/metrics';
import type { Tracing } from '@supergraph/chassis/tracing';
import type { DenialReporter } from './authorization/reportDenials.ts';
import type { Cache } from './caching/cache.ts';
import { createDocuments } from './documents.ts';
import { createExecutor } from './execution/executor.ts';
import type { FetchingViewers } from './execution/fetchingViewers.ts';
import type { OverrideRules } from './execution/overrideRules.ts';
import { loadSupergraph, type Supergraph } from './execution/supergraph.ts';
import type { Planning } from './limits/planning.ts';
import type { FieldUsage } from './observability/fieldUsage.ts';
import type { OperationObserver } from './observability/operationObserver.ts';
import { createOperations, type OwnOperations } from './operations.ts';
import {
  createLiveOperations,
  type LiveBounds,
  type LiveOperations,
} from './subscriptions/liveOperations.ts';
import type { SubgraphLinks } from './supergraph/subgraphLinks.ts';
import type { SupergraphVersion } from './supergraph/supergraphSource.ts';

export interface Generation {
  readonly version: SupergraphVersion;
  readonly supergraph: Supergraph;
  readonly documents: Documents;
  readonly operations: OwnOperations;
  readonly live: LiveOperations;
  /** The subgraphs' GraphQL endpoints, by name. */
  readonly subgraphUrls: ReadonlyMap<string, string>;
  /** Drops what is remembered for operations to come. What is under way and open goes on. */
  retire(): void;
  /** Gives back what it asked subgraphs with. Only when nothing of it is under way or open. */
  close(): void;
}

/** What lives longer than a generation. */
export interface GenerationParts {
  links: SubgraphLinks;
  viewers: FetchingViewers;
  cache: Cache;
  denials: DenialReporter;
  metrics: Metrics;
  observer: OperationObserver;
  usage: Pick<FieldUsage, 'of'>;
  tracing: Pick<Tracing, 'serve'>;
  logger: Logger;
  /** Most time for one query or mutation. */
  deadlineMs: number;
  planning: Planning;
  /** Most that one operation may cost by its estimate. */
  maximumCost: number;
  overrideRules: OverrideRules;
  live?: LiveBounds;
}

/** @throws when the version is no supergraph that can be served: then nothing of it is left. */
export function createGeneration(version: SupergraphVersion, parts: GenerationParts): Generation {
  const {
    links,
    viewers,
    cache,
    denials,
    metrics,
    observer,
    usage,
    tracing,
    logger,
    deadlineMs,
    planning,
    maximumCost,
    overrideRules,
  } = parts;
  const supergraph = loadSupergraph(version.sdl);
  const subgraphs = links.open(supergraph.subgraphNames, version.urls);
  try {
    const kept = cache.of(version, supergraph);
    const executor = createExecutor({ supergraph, subgraphs: subgraphs.clients, logger, cache: kept });
    const documents = createDocuments(supergraph);
    const operations = createOperations({
      viewers,
      supergraph,
      documents,
      executor,
      cache,
      denials,
      observer,
      usage,
      deadlineMs,
      planning,
      maximumCost,
      overrideRules,
    });
    const live = createLiveOperations({
      operations,
      supergraph,
      events: subgraphs.events,
      denials,
      metrics,
      observer,
      tracing,
      logger,
      ...parts.live,
    });
    return {
      version,
      supergraph,
      documents,
      operations,
      live,
      subgraphUrls: subgraphs.urls,
      retire() {
        documents.forget();
        operations.forget();
        executor.forget();
      },
      close: () => subgraphs.close(),
    };
  } catch (error) {
    subgraphs.close();
    throw error;
  }
}
