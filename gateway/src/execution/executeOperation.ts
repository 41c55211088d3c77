// Plans a permitted operation and executes the plan. All that is known here of @apollo/gateway stays here:
// whoever replaces the executor replaces this file.
import { operationFromDocument } from '@apollo/federation-internals';
import { buildOperationContext, executeQueryPlan, type ServiceMap } from '@apollo/gateway';
import type { QueryPlan, SubscriptionNode } from '@apollo/query-planner';
import type { Logger } from '@supergraph/chassis/logging';
import { inSpan } from '@supergraph/chassis/tracing';
import { type DocumentNode, type ExecutionResult, GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { OperationContext } from '../context.ts';
import { askSubgraph, type SubgraphAnswer } from './askSubgraph.ts';
import type { SubgraphClient } from './subgraphClient.ts';
import type { Supergraph } from './supergraph.ts';

/** An operation ready to run; made once per document, operation name and set of denied fields. */
export interface PlannedOperation {
  plan: QueryPlan;
  operationContext: ReturnType<typeof buildOperationContext>;
}

export interface OperationToPlan {
  /** Identifies document, operation and denied fields. */
  key: string;
  document: DocumentNode;
  operationName: string | undefined;
  /** About the memory that its plan takes. */
  bytes: number;
}

export interface OperationToExecute {
  planned: PlannedOperation;
  variables: Record<string, unknown>;
  context: OperationContext;
}

/** How events of a subscription reach clients: where they come from, and how each becomes a result. */
export interface SubscriptionPlan {
  subgraph: string;
  /** The subscription to open there, with the names of the variables that it uses. */
  query: string;
  operationName: string | undefined;
  variableNames: readonly string[];
  /** Joins what one event brought with fields of other subgraphs. */
  completeEvent(event: SubgraphAnswer, operation: OperationToExecute): Promise<ExecutionResult>;
}

export interface Executor {
  plan(operation: OperationToPlan): PlannedOperation;
  /** Queries and mutations. A subgraph that is down costs its fields, never the whole answer. */
  execute(operation: OperationToExecute): Promise<ExecutionResult>;
  subscription(planned: PlannedOperation): SubscriptionPlan;
}

export interface ExecutorOptions {
  supergraph: Supergraph;
  subgraphs: ReadonlyMap<string, SubgraphClient>;
  logger: Logger;
  /** Most plans remembered. Default 2,000. */
  cacheSize?: number;
  /** Most memory for them. Default 128 MiB. */
  cacheBytes?: number;
}

type DataSource = ServiceMap[string];
type RequestContext = Parameters<typeof executeQueryPlan>[2];

export function createExecutor({
  supergraph,
  subgraphs,
  logger,
  cacheSize = 2_000,
  cacheBytes = 128 * 1_048_576,
}: ExecutorOptions): Executor {
  const { schema, apiSchema, supergraphSchema, planner } = supergraph;
  const plans = new LRUCache<string, PlannedOperation>({ max: cacheSize, maxSize: cacheBytes });
  const sources: ServiceMap = {};
  for (const [name, client] of subgraphs) sources[name] = sourceOf(client);

  async function run(
    operation: OperationToExecute & { plan: QueryPlan; sources: ServiceMap },
  ): Promise<ExecutionResult> {
    const { plan, planned, variables, context } = operation;
    // The only members that the executor reads.
    const request = { request: { variables }, context, logger, metrics: {} } as unknown as RequestContext;
    const { operationContext } = planned;
    const result = await inSpan('execute', {}, () =>
      executeQueryPlan(plan, operation.sources, request, operationContext, supergraphSchema, apiSchema),
    );
    return withCompletionErrors(result);
  }

  return {
    plan({ key, document, operationName, bytes }) {
      const known = plans.get(key);
      if (known) return known;
      return inSpan('plan', {}, () => {
        const selected = operationName === undefined ? {} : { operationName };
        const operation = operationFromDocument(apiSchema, document, selected);
        const planned = {
          plan: planner.buildQueryPlan(operation),
          operationContext: buildOperationContext({ schema, operationDocument: document, ...selected }),
        };
        plans.set(key, planned, { size: bytes });
        return planned;
      });
    },

    execute: (operation) => run({ ...operation, plan: operation.planned.plan, sources }),

    subscription({ plan }) {
      const { primary, rest } = subscriptionNode(plan);
      const nodes = rest ? [primary, rest] : [primary];
      const eventPlan: QueryPlan = { kind: 'QueryPlan', node: { kind: 'Sequence', nodes } };
      return {
        subgraph: primary.serviceName,
        query: primary.operation,
        operationName: primary.operationName,
        variableNames: primary.variableUsages ?? [],
        completeEvent: (event, operation) =>
          run({
            ...operation,
            plan: eventPlan,
            sources: { ...sources, [primary.serviceName]: eventFirst(event, sources[primary.serviceName]) },
          }),
      };
    },
  };
}

function sourceOf(client: SubgraphClient): DataSource {
  return {
    process: ({ request, context }) =>
      askSubgraph(
        client,
        {
          query: request.query ?? '',
          operationName: request.operationName,
          variables: request.variables ?? {},
        },
        context as OperationContext, // what `run` put in
      ) as ReturnType<DataSource['process']>, // errors are formatted errors, as GraphQL over HTTP has them
  };
}

// The first fetch of an event's plan is the subscription itself, and its answer is the event. Later ones
// are joins, perhaps with the same subgraph.
function eventFirst(event: SubgraphAnswer, source: DataSource | undefined): DataSource {
  let isAnswered = false;
  return {
    async process(options) {
      if (isAnswered && source) return source.process(options);
      isAnswered = true;
      return event as Awaited<ReturnType<DataSource['process']>>; // see sourceOf
    },
  };
}

function subscriptionNode({ node }: QueryPlan): SubscriptionNode {
  if (node?.kind === 'Subscription') return node;
  throw new Error('The plan of a subscription does not begin with one.');
}

// The executor hides it in `extensions` when a subgraph broke its own schema, yet a null needs its reason.
function withCompletionErrors(result: ExecutionResult): ExecutionResult {
  const { extensions, ...rest } = result;
  const completion: unknown = extensions?.valueCompletion;
  if (!Array.isArray(completion) || rest.errors) return rest;
  return { ...rest, errors: completion.filter((error) => error instanceof GraphQLError) };
}
