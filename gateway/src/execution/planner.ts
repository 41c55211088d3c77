// The query planner within bounds. Where subgraphs share fields and have several keys, the ways to answer an operation
// multiply with each level of it: a text of a hundred characters can be planned for minutes, and nobody else is answered
// meanwhile.
import { createContext, Script } from 'node:vm';
import type { Supergraph as FederatedSupergraph, Operation } from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import { costLimitExceeded, type PlatformError } from '@supergraph/chassis/errors';

export interface Planner {
  /**
   * @param overridden labels of `@override` that hold
   * @throws PlatformError COST_LIMIT_EXCEEDED for what takes too long
   */
  plan(operation: Operation, overridden?: readonly string[]): QueryPlan;
}

export interface PlannerOptions {
  /** Most time for one plan. Default 2 seconds. */
  deadlineMs?: number;
}

const bounds = {
  /** Whole plans that are compared; what there is beyond is left out, the most roundabout first. Apollo's: 10,000. */
  maxEvaluatedPlans: 1_000,
  /** Ways to one field that are looked at; what has more is not planned. Before time, memory would run out. Apollo's: none. */
  pathsLimit: 1_000,
};

/** The planner's own error where there are too many ways. */
const tooManyWays = /^Too many options generated|^Number of non-local selections exceeds/;

export function createPlanner(
  supergraph: FederatedSupergraph,
  { deadlineMs = 2_000 }: PlannerOptions = {},
): Planner {
  const create = () =>
    new QueryPlanner(supergraph, { incrementalDelivery: { enableDefer: true }, debug: bounds });
  let planner = create();
  return {
    plan(operation, overridden = []) {
      const overrideConditions = new Map(overridden.map((label) => [label, true]));
      try {
        return inTimeOrStopped(() => planner.buildQueryPlan(operation, { overrideConditions }), deadlineMs);
      } catch (error) {
        if (isTimeout(error)) {
          // It was stopped in the middle of whatever it was doing; nobody knows what state it is in.
          planner = create();
          throw tooInvolved({ cause: error });
        }
        if (error instanceof Error && tooManyWays.test(error.message)) throw tooInvolved({ cause: error });
        throw error;
      }
    },
  };
}

function tooInvolved(options: { cause: unknown }): PlatformError {
  return costLimitExceeded(
    'The operation cannot be planned in time: there are too many ways to answer it. Ask for fewer levels or fewer fields at once.',
    options,
  );
}

/** Where work runs that may be stopped: only of a script of its own can Node.js say how long it may take. */
const room: { work?: (() => unknown) | undefined } = createContext({ work: undefined });
const script = new Script('work()');

/** Stops the work, which cannot catch that, when it takes longer. It must not leave anything that others use half done. */
function inTimeOrStopped<T>(work: () => T, timeout: number): T {
  let result: T | undefined;
  room.work = () => {
    result = work();
  };
  try {
    script.runInContext(room, { timeout });
    return result as T; // the work has ended
  } finally {
    room.work = undefined;
  }
}

function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
