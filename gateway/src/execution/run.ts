import type { GraphQLFormattedError } from 'graphql';
import type { OperationContext } from '../context.ts';
import type { Deferral } from './deferral.ts';
import type { EntityGroup } from './entityGroups.ts';
import type { JsonObject } from './mergeData.ts';
import type { Represent } from './representations.ts';

/** One execution of an operation: what its steps read, and what they fill. */
export interface Run {
  /** Coerced, with defaults. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: OperationContext;
  /** What subgraphs brought, put together in the form of the operation. */
  readonly data: JsonObject;
  /** As subgraphs said them, at their paths in the answer. */
  readonly errors: GraphQLFormattedError[];
  /** Paths at which what was fetched once stands in several places. */
  readonly shared: Set<string>;
  /** Milliseconds of each fetch that has run, by its place in the plan (fetchesOf), with what was done with its answer. */
  readonly fetchMs: (number | undefined)[];
  /** What stands at a path, by path and what it is described by. Forgotten when something new may stand there. */
  readonly groups: Map<Represent, Map<string, readonly EntityGroup[]>>;
  /** What was asked of entities in this run, by kind of fetch and representation. */
  readonly loaded: Map<string, Map<string, LoadedEntity>>;
  /** Of an operation that is answered in parts. */
  readonly deferral?: Deferral;
}

/** What a subgraph told of one entity, or will tell. */
export interface LoadedEntity {
  /** By which it was asked for. */
  readonly typeName: unknown;
  /** Settled when the rest is known. */
  underWay?: Promise<void>;
  value?: JsonObject;
  /** As the subgraph said them, at their paths in its answer. */
  errors?: GraphQLFormattedError[];
  /** Whether nobody answered. */
  isUnavailable?: boolean;
}

/** A part of a plan, ready to run. Undefined when it is over at once. Never rejects for what a subgraph does. */
export type Step = (run: Run) => Promise<void> | undefined;
