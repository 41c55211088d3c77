// A query plan as developers read it: which subgraph is asked for what, after what. What the public schema does not
// have, such as inaccessible keys, is left out.
import type { FetchNode, PlanNode, QueryPlan, SubscriptionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { fetchesOf } from '../execution/planFetches.ts';
import { publicOperation, publicRequirement } from './publicOperation.ts';

export type PlanTree =
  | PlanTreeFetch
  | { kind: 'Sequence' | 'Parallel'; nodes: PlanTree[] }
  | { kind: 'Flatten'; path: string; node: PlanTree }
  | { kind: 'Condition'; variable: string; ifTrue: PlanTree | null; ifFalse: PlanTree | null }
  | { kind: 'Subscription'; primary: PlanTreeFetch; rest: PlanTree | null }
  | {
      kind: 'Defer';
      primary: PlanTree | null;
      deferred: { label: string | null; path: string; node: PlanTree | null }[];
    };

export interface PlanTreeFetch {
  kind: 'Fetch';
  /** Its place among all fetches of the plan (fetchesOf): timings name it. */
  index: number;
  subgraph: string;
  /** What the subgraph is asked, as text; null where nothing of it is public. */
  operation: string | null;
  /** What of entities that other fetches brought it is asked about; null for none. */
  requires: string | null;
  variables: readonly string[];
}

export interface PlanTreeOptions {
  plan: QueryPlan;
  /** The public schema. */
  schema: GraphQLSchema;
  /** Names under which the operation asks for fields. Others in paths are the planner's own. */
  responseKeys: ReadonlySet<string>;
}

/** Null for an operation that asks no subgraph. */
export function planTree({ plan, schema, responseKeys }: PlanTreeOptions): PlanTree | null {
  const fetches = fetchesOf(plan);

  function fetch(node: FetchNode): PlanTreeFetch {
    return {
      kind: 'Fetch',
      index: fetches.indexOf(node),
      subgraph: node.serviceName,
      operation: publicOperation(node.operation, schema),
      requires: node.requires ? publicRequirement(node.requires, schema) : null,
      variables: node.variableUsages ?? [],
    };
  }

  const path = (parts: readonly (string | number)[]) =>
    parts.map((part) => publicPart(String(part), responseKeys)).join('.');

  const optional = (node: PlanNode | undefined) => (node ? tree(node) : null);

  function tree(node: PlanNode | SubscriptionNode): PlanTree {
    switch (node.kind) {
      case 'Fetch':
        return fetch(node);
      case 'Sequence':
      case 'Parallel': {
        const [only, ...others] = node.nodes;
        if (only !== undefined && others.length === 0) return tree(only);
        return { kind: node.kind, nodes: node.nodes.map(tree) };
      }
      case 'Flatten':
        return { kind: 'Flatten', path: path(node.path), node: tree(node.node) };
      case 'Condition': {
        const { condition, ifClause, elseClause } = node;
        return {
          kind: 'Condition',
          variable: condition,
          ifTrue: optional(ifClause),
          ifFalse: optional(elseClause),
        };
      }
      case 'Subscription':
        return { kind: 'Subscription', primary: fetch(node.primary), rest: optional(node.rest) };
      case 'Defer':
        return {
          kind: 'Defer',
          primary: optional(node.primary.node),
          deferred: node.deferred.map(({ label, queryPath, node: deferred }) => ({
            label: label ?? null,
            path: path(queryPath),
            node: optional(deferred),
          })),
        };
    }
  }

  return plan.node ? tree(plan.node) : null;
}

// Parts are response keys, `@` for each item of a list, and type conditions after a bar: `@|[Cat]`.
function publicPart(part: string, responseKeys: ReadonlySet<string>): string {
  const [key = ''] = part.split('|', 1);
  return key === '@' || key === '' || key.startsWith('... on ') || responseKeys.has(key) ? part : '…';
}
