// The fetches of a plan. Timings name a fetch by its place among them.
import type { FetchNode, PlanNode, QueryPlan, SubscriptionNode } from '@apollo/query-planner';

/** All fetches of a plan, from top to bottom. */
export function fetchesOf({ node }: QueryPlan): FetchNode[] {
  return node ? below(node) : [];
}

function below(node: PlanNode | SubscriptionNode): FetchNode[] {
  switch (node.kind) {
    case 'Fetch':
      return [node];
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(below);
    case 'Flatten':
      return below(node.node);
    case 'Condition':
      return present(node.ifClause, node.elseClause).flatMap(below);
    case 'Subscription':
      return present(node.primary, node.rest).flatMap(below);
    case 'Defer':
      return present(node.primary.node, ...node.deferred.map(({ node: deferred }) => deferred)).flatMap(
        below,
      );
  }
}

function present(...nodes: (PlanNode | undefined)[]): PlanNode[] {
  return nodes.filter((node) => node !== undefined);
}
