// Where the fetches of a plan put what they bring.
import type { FetchNode, PlanNode } from '@apollo/query-planner';
import { type PlanPath, placeName } from './responsePaths.ts';

export interface PlacedFetch {
  fetch: FetchNode;
  path: PlanPath;
}

/** All fetches of a part of a plan, with the path at which each puts its data. */
export function placedFetches(node: PlanNode, path: PlanPath = []): PlacedFetch[] {
  switch (node.kind) {
    case 'Fetch':
      return [{ fetch: node, path }];
    case 'Flatten':
      return placedFetches(node.node, [...path, ...node.path.map(String)]);
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap((child) => placedFetches(child, path));
    case 'Condition':
      return [node.ifClause, node.elseClause].flatMap((child) => (child ? placedFetches(child, path) : []));
    case 'Defer':
      return [node.primary, ...node.deferred].flatMap((part) =>
        part.node ? placedFetches(part.node, path) : [],
      );
  }
}

/**
 * Tells at which paths what is equal may become one object: not on the way to fields that hang on what is around their
 * entity (`@fromContext`), nor below them, since an entity is told of differently in each of its places there.
 */
export function sharingBeside(plan: PlanNode): (path: PlanPath) => boolean {
  const inContext = placedFetches(plan).flatMap(({ fetch, path }) =>
    fetch.contextRewrites?.length ? [`${placeName(path)}.`] : [],
  );
  if (inContext.length === 0) return () => true;
  return (path) => {
    const place = `${placeName(path)}.`;
    return !inContext.some((other) => other.startsWith(place) || place.startsWith(other));
  };
}
