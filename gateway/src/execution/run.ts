import type { GraphQLFormattedError } from 'graphql';
import type { OperationContext } from '../context.ts';
import type { JsonObject } from './mergeData.ts';

/** One execution of an operation: what its steps read, and what they fill. */
export interface Run {
  /** Coerced, with defaults. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: OperationContext;
  /** What subgraphs brought, put together in the form of the operation. */
  readonly data: JsonObject;
  /** As subgraphs said them, at their paths in the answer. */
  readonly errors: GraphQLFormattedError[];
  /** Paths at which an entity that was fetched once stands in several places. */
  readonly shared: Set<string>;
  /** Milliseconds of each fetch that has run, by its place in the plan (fetchesOf), with what was done with its answer. */
  readonly fetchMs: (number | undefined)[];
}

/** A part of a plan, ready to run. Undefined when it is over at once. Never rejects for what a subgraph does. */
export type Step = (run: Run) => Promise<void> | undefined;
