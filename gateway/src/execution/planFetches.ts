// The fetches of a plan. Timings name a fetch by its place among them.
import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import type { PlanPath } from './responsePaths.ts';

export interface PlacedFetch {
  fetch: FetchNode;
  path: PlanPath;
}

/** All fetches of a plan, from top to bottom. */
export function fetchesOf({ node }: QueryPlan): FetchNode[] {
  if (node === undefined) return [];
  if (node.kind !== 'Subscription') return placedFetches(node).map(({ fetch }) => fetch);
  const { primary, rest } = node;
  return [primary, ...(rest ? placedFetches(rest) : []).map(({ fetch }) => fetch)];
}

/** The fetches of a part of a plan, from top to bottom, each with the path at which it puts its data. */
export function placedFetches(node: PlanNode, path: PlanPath = []): PlacedFetch[] {
  const below = (...nodes: (PlanNode | undefined)[]) =>
    nodes.flatMap((child) => (child ? placedFetches(child, path) : []));
  switch (node.kind) {
    case 'Fetch':
      return [{ fetch: node, path }];
    case 'Flatten':
      return placedFetches(node.node, [...path, ...node.path.map(String)]);
    case 'Sequence':
    case 'Parallel':
      return below(...node.nodes);
    case 'Condition':
      return below(node.ifClause, node.elseClause);
    case 'Defer':
      return below(node.primary.node, ...node.deferred.map((part) => part.node));
  }
}
