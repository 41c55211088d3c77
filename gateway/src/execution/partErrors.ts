// Which deferred part an error belongs to. A list has a part for each of its items, and may have an error for each: none
// is looked for among all.
import type { GraphQLFormattedError } from 'graphql';
import type { ResponsePath } from './responsePaths.ts';
import type { DeferredPart } from './shapeAnswer.ts';
import { placeKey } from './shapeProgress.ts';

/** A part whose data is awaited. */
export interface AwaitedPart {
  part: DeferredPart;
  /** Its errors that are known: what it asks for was fetched with what was asked before. */
  errors: GraphQLFormattedError[];
}

/** Gives parts to come the errors of what only they ask for. @returns the others */
export function divideErrors(
  errors: readonly GraphQLFormattedError[],
  parts: readonly AwaitedPart[],
): readonly GraphQLFormattedError[] {
  if (errors.length === 0 || parts.length === 0) return errors;
  const places = new Map<string, AwaitedPart[]>();
  for (const each of parts) {
    const key = placeKey(each.part.path);
    const there = places.get(key);
    if (there) there.push(each);
    else places.set(key, [each]);
  }
  return errors.filter((error) => {
    const { path = [] } = error;
    const owner = firstAlong(path, (place, length) =>
      places.get(place)?.find(({ part }) => part.ownKeys.has(String(path[length]))),
    );
    owner?.errors.push(error);
    return owner === undefined;
  });
}

/** Gives errors of what was asked for parts to those in which they happened. */
export function placeErrors(errors: readonly GraphQLFormattedError[], parts: readonly AwaitedPart[]): void {
  if (errors.length === 0) return;
  const at = new Map<string, AwaitedPart>();
  /** The first part at or below a place. */
  const below = new Map<string, AwaitedPart>();
  for (const each of parts) {
    const { path } = each.part;
    const key = placeKey(path);
    if (!at.has(key)) at.set(key, each);
    firstAlong(path, (place) => {
      if (!below.has(place)) below.set(place, each);
      return undefined;
    });
  }
  for (const error of errors) {
    const { path } = error;
    const owner = path ? (firstAlong(path, (place) => at.get(place)) ?? below.get(placeKey(path))) : parts[0];
    owner?.errors.push(error);
  }
}

/** What is found first on the way from the root to what stands at the path. */
function firstAlong<T>(
  path: ResponsePath,
  find: (place: string, length: number) => T | undefined,
): T | undefined {
  for (let length = 0; length <= path.length; length += 1) {
    const found = find(placeKey(path.slice(0, length)), length);
    if (found !== undefined) return found;
  }
  return undefined;
}
