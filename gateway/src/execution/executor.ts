// Plans operations and makes them ready to run; what was made ready is kept for the next request that sends the same.
import { operationFromDocument } from '@apollo/federation-internals';
import type { QueryPlan } from '@apollo/query-planner';
import { PlatformError } from '@supergraph/chassis/errors';
import type { Logger } from '@supergraph/chassis/logging';
import { inSpan } from '@supergraph/chassis/tracing';
import { LRUCache } from 'lru-cache';
import type { AuthorizedOperation } from '../authorization/authorizeOperation.ts';
import type { FetchCache } from '../caching/fetchCache.ts';
import { withChangesInOrder } from './changesInOrder.ts';
import { type CompiledOperation, compileOperation } from './compileOperation.ts';
import { type ActiveDefers, documentToPlan } from './defers.ts';
import type { SubgraphClient } from './subgraphClient.ts';
import type { Supergraph } from './supergraph.ts';

export interface OperationToPrepare {
  /** Identifies document, operation, denied fields, what is deferred, and which labels of `@override` hold. */
  key: string;
  authorized: AuthorizedOperation;
  operationName: string | undefined;
  /** About the memory that the document takes. */
  bytes: number;
  /** Labels of `@override` that hold. */
  overridden?: readonly string[];
  /** The `@defer`s that hold; undefined where the operation has none. */
  defers?: ActiveDefers | undefined;
}

export interface Executor {
  /** The operation, ready to run, where it is kept under this key. */
  recall(key: string): CompiledOperation | undefined;
  /**
   * The operation, ready to run: made once per key.
   * @throws PlatformError COST_LIMIT_EXCEEDED for what cannot be planned in time
   */
  prepare(operation: OperationToPrepare): CompiledOperation;
  /** Drops the operations that are kept ready. */
  forget(): void;
}

export interface ExecutorOptions {
  supergraph: Supergraph;
  subgraphs: ReadonlyMap<string, SubgraphClient>;
  logger: Logger;
  cache?: FetchCache;
}

/** Most operations kept ready, and most memory for them. */
const mostReady = { max: 2_000, maxSize: 128 * 1_048_576 };

/** What could not be planned in time is tried again after a while: a busy machine may have been the reason. */
const mostRefused = { max: 1_000, ttl: 60_000 };

export function createExecutor(options: ExecutorOptions): Executor {
  const { supergraph, subgraphs, logger, cache } = options;
  const tools = {
    supergraph,
    supergraphSchema: supergraph.supergraphSchema,
    subgraphs,
    logger,
    ...(cache ? { cache } : {}),
  };
  const ready = new LRUCache<string, CompiledOperation>(mostReady);
  const refused = new LRUCache<string, PlatformError>(mostRefused);

  /** The planner cannot divide every plan. What it cannot is answered as a whole, which clients have to expect. */
  function planWithDefers(operation: OperationToPlan): { plan: QueryPlan | undefined; defers: ActiveDefers } {
    const { defers = noDefers } = operation;
    try {
      return { plan: planOperation(operation, supergraph), defers };
    } catch (error) {
      if (defers.size === 0 || error instanceof PlatformError) throw error;
      logger.warn({ err: error, operationName: operation.operationName }, 'a @defer could not be planned');
      return { plan: planOperation({ ...operation, defers: noDefers }, supergraph), defers: noDefers };
    }
  }

  return {
    forget: () => ready.clear(),
    recall: (key) => ready.get(key),

    prepare({ key, bytes, ...operation }) {
      const known = ready.get(key);
      if (known) return known;
      const refusal = refused.get(key);
      if (refusal) throw refusal;
      const planned = inSpan('plan', {}, () => {
        try {
          return planWithDefers(operation);
        } catch (error) {
          if (error instanceof PlatformError) refused.set(key, error);
          throw error;
        }
      });
      const compiled = inSpan('compile', {}, () => compileOperation({ ...operation, ...planned }, tools));
      ready.set(key, compiled, { size: bytes });
      return compiled;
    },
  };
}

const noDefers: ActiveDefers = new Map();

type OperationToPlan = Omit<OperationToPrepare, 'key' | 'bytes'>;

function planOperation(
  { authorized, operationName, overridden, defers }: OperationToPlan,
  { apiSchema, planner }: Supergraph,
): QueryPlan | undefined {
  if (authorized.document === null) return undefined;
  const selected = operationName === undefined ? {} : { operationName };
  const permitted = withChangesInOrder(authorized.document, operationName);
  const document = defers ? documentToPlan(permitted, defers) : permitted;
  if (document === null) return undefined;
  return planner.plan(operationFromDocument(apiSchema, document, selected), overridden);
}
