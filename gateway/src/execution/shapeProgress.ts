// What is known while an answer is written: where one is, and what has to be said of it.
import type { Viewer } from '@supergraph/chassis/viewer';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { ResponsePath } from './responsePaths.ts';
import type { DeferredPart } from './shapeAnswer.ts';

/** An object or a list of the answer, from the inside to the outside. */
export interface Place {
  key: string | number;
  within: Place | undefined;
}

/** What one answer has come to so far. */
export interface Progress {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly viewer: Viewer;
  /** Paths at which what was fetched once stands in several places. */
  readonly shared: ReadonlySet<string>;
  readonly denials: GraphQLFormattedError[];
  /** `Type.field` of what is denied. */
  readonly denied: Set<string>;
  /** Keys (`placeKey`) of the places that are denied because the object is not the viewer's. */
  readonly disowned: Set<string>;
  readonly violations: GraphQLError[];
  /** What is asked for later of objects that the answer has. */
  readonly parts: DeferredPart[];
  /** Counts what was denied or wrong, listed or not. */
  remarks: number;
  /** Texts of what stands in many places, per field. */
  readonly known: Map<WriteValue, Map<unknown, string>>;
}

/**
 * Writes what stands at `key`.
 * @returns JSON, or undefined for a null that passes up to the nearest place that may be null.
 */
export type WriteValue = (
  value: unknown,
  key: string | number,
  within: Place | undefined,
  progress: Progress,
) => string | undefined;

/** As many as are worth reading: what is denied in more places is null there without a word. */
const maximumDenials = 100;
const maximumViolations = 20;

export function pathOf(key: string | number, within: Place | undefined): ResponsePath {
  const path = [key];
  for (let at = within; at !== undefined; at = at.within) path.push(at.key);
  return path.reverse();
}

/** A path as a key: no name holds a space. */
export function placeKey(path: ResponsePath): string {
  return path.join(' ');
}

/** @returns whether there is room for an error that says so */
export function addDenial(progress: Progress, coordinate: string): boolean {
  progress.remarks += 1;
  progress.denied.add(coordinate);
  return progress.denials.length < maximumDenials;
}

export function addViolation(progress: Progress, path: () => ResponsePath, message: string): void {
  progress.remarks += 1;
  if (progress.violations.length < maximumViolations)
    progress.violations.push(new GraphQLError(message, { path: path() }));
}
