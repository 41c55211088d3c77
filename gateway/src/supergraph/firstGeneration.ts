// What is served first: the supergraph that was published last, else the one in the file.
import type { Logger } from '@supergraph/chassis/logging';
import type { GatewayConfig } from '../config.ts';
import type { Generation } from '../generation.ts';
import { supergraphFile } from './fileSource.ts';
import { publishedSupergraph } from './publishedSource.ts';
import { SubgraphWithoutUrl } from './subgraphLinks.ts';
import type { SupergraphSource, SupergraphVersion } from './supergraphSource.ts';

/** The source that is followed, then those that stand in for it at the start. */
export type SupergraphSources = [SupergraphSource, ...SupergraphSource[]];

export function supergraphSources(
  config: Pick<GatewayConfig, 'SUPERGRAPH_FILE' | 'SUPERGRAPH_MONGODB_URI' | 'NAMESPACE'>,
  options: { logger: Logger; pollMs?: number },
): SupergraphSources {
  const { SUPERGRAPH_FILE: file, SUPERGRAPH_MONGODB_URI: uri, NAMESPACE: namespace } = config;
  const inFile = file === undefined ? [] : [supergraphFile({ file, ...options })];
  const published = uri === undefined ? [] : [publishedSupergraph({ uri, namespace, ...options })];
  const [first, ...others] = [...published, ...inFile];
  if (first !== undefined) return [first, ...others];
  throw new Error('The configuration names no supergraph.'); // and would have been refused
}

/** @throws when there is no supergraph that can be served, saying where it was looked for. */
export async function firstGeneration(
  sources: SupergraphSources,
  { build, logger }: { build(version: SupergraphVersion): Generation; logger: Logger },
): Promise<Generation> {
  let failure: unknown;
  for (const source of sources) {
    try {
      return build(await source.read());
    } catch (cause) {
      logger.warn({ err: cause, source: source.name }, 'a supergraph cannot be served');
      const message = `${source.name} cannot be read as a supergraph. Compose one with npm run schema.`;
      failure = cause instanceof SubgraphWithoutUrl ? cause : new Error(message, { cause });
    }
  }
  throw failure;
}
