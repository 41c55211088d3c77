// Plans operations and makes them ready to run; what was made ready is kept for the next request that sends the same.
import { operationFromDocument } from '@apollo/federation-internals';
import type { QueryPlan } from '@apollo/query-planner';
import type { Logger } from '@supergraph/chassis/logging';
import { inSpan } from '@supergraph/chassis/tracing';
import { LRUCache } from 'lru-cache';
import type { AuthorizedOperation } from '../authorization/authorizeOperation.ts';
import type { FetchCache } from '../caching/fetchCache.ts';
import { type CompiledOperation, compileOperation } from './compileOperation.ts';
import type { SubgraphClient } from './subgraphClient.ts';
import type { Supergraph } from './supergraph.ts';

export interface OperationToPrepare {
  /** Identifies document, operation and denied fields. */
  key: string;
  authorized: AuthorizedOperation;
  operationName: string | undefined;
  /** About the memory that the document takes. */
  bytes: number;
}

export interface Executor {
  /** The operation, ready to run: made once per document, operation name and set of denied fields. */
  prepare(operation: OperationToPrepare): CompiledOperation;
  /** Drops the operations that are kept ready. */
  forget(): void;
}

export interface ExecutorOptions {
  supergraph: Supergraph;
  subgraphs: ReadonlyMap<string, SubgraphClient>;
  logger: Logger;
  cache?: FetchCache;
  /** Most operations kept ready. Default 2,000. */
  cacheSize?: number;
  /** Most memory for them. Default 128 MiB. */
  cacheBytes?: number;
}

export function createExecutor(options: ExecutorOptions): Executor {
  const { supergraph, subgraphs, logger, cache, cacheSize = 2_000, cacheBytes = 128 * 1_048_576 } = options;
  const tools = {
    supergraph,
    supergraphSchema: supergraph.supergraphSchema,
    subgraphs: subgraphs,
    logger,
    ...(cache ? { cache } : {}),
  };
  const ready = new LRUCache<string, CompiledOperation>({ max: cacheSize, maxSize: cacheBytes });

  return {
    forget: () => ready.clear(),

    prepare({ key, bytes, ...operation }) {
      const known = ready.get(key);
      if (known) return known;
      const plan = inSpan('plan', {}, () => planOperation(operation, supergraph));
      const compiled = inSpan('compile', {}, () => compileOperation({ ...operation, plan }, tools));
      ready.set(key, compiled, { size: bytes });
      return compiled;
    },
  };
}

function planOperation(
  { authorized, operationName }: Pick<OperationToPrepare, 'authorized' | 'operationName'>,
  { apiSchema, planner }: Supergraph,
): QueryPlan | undefined {
  if (authorized.document === null) return undefined;
  const selected = operationName === undefined ? {} : { operationName };
  return planner.buildQueryPlan(operationFromDocument(apiSchema, authorized.document, selected));
}
