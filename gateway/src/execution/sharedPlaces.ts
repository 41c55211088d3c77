// Where the answer may hold one object for all that is equal.
import type { PlanNode } from '@apollo/query-planner';
import { placedFetches } from './planFetches.ts';
import { type PlanPath, placeName } from './responsePaths.ts';

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
