// The supergraph that is served: the first, and those that take its place.
import type { ServiceFrame } from '@supergraph/chassis/service-frame';
import type { GatewayBounds } from '../bounds.ts';
import type { GatewayConfig } from '../config.ts';
import { createGeneration, type GenerationParts } from '../generation.ts';
import { firstGeneration, supergraphSources } from './firstGeneration.ts';
import { followSupergraph } from './reloads.ts';
import { type ServedGeneration, serveGenerations } from './servedGeneration.ts';
import type { SupergraphVersion } from './supergraphSource.ts';

export interface OpenSupergraphOptions extends Pick<ServiceFrame, 'health' | 'opened'> {
  config: Pick<GatewayConfig, 'SUPERGRAPH_FILE' | 'SUPERGRAPH_MONGODB_URI' | 'NAMESPACE'>;
  parts: GenerationParts;
  bounds: Pick<GatewayBounds, 'supergraph'>;
}

/** @throws when there is no supergraph that can be served, saying where it was looked for. */
export async function openSupergraph(options: OpenSupergraphOptions): Promise<ServedGeneration> {
  const { config, parts, bounds, health, opened } = options;
  const { logger, metrics, deadlineMs } = parts;
  const sources = supergraphSources(config, { logger, ...bounds.supergraph });
  opened.add('supergraph sources', () => Promise.all(sources.map((source) => source.stop())));
  const build = (version: SupergraphVersion) => createGeneration(version, parts);
  const served = serveGenerations({
    first: await firstGeneration(sources, { build, logger }),
    longestOperationMs: bounds.supergraph?.longestOperationMs ?? deadlineMs + 1_000,
  });
  const { version, supergraph } = served.current();
  logger.info({ hash: version.hash, subgraphs: supergraph.subgraphNames }, 'serving a supergraph');
  const reloads = followSupergraph({
    ...{ source: sources[0], served, build, logger },
    registry: metrics.registry,
  });
  opened.add('supergraph', () => reloads.stop());
  health.add({ name: 'supergraph', necessity: 'degrading', check: () => reloads.demandNewest() });
  return served;
}
