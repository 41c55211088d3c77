import type { GraphQLFormattedError } from 'graphql';

/** Where errors stand in an answer: response keys and indices, down from its root. */
export type Failures = ReadonlyMap<string | number, Failures>;

type Growing = Map<string | number, Growing>;

/**
 * The errors that stand for something that subgraphs were asked for and did not bring; undefined where there are none.
 * What the viewer may not see is asked of nobody, or has come.
 */
export function failuresOf(errors: readonly GraphQLFormattedError[]): Failures | undefined {
  if (errors.length === 0) return undefined;
  const failed = errors.filter(({ extensions }) => !denials.has(extensions?.code));
  if (failed.length === 0) return undefined;
  const root: Growing = new Map();
  for (const { path = [] } of failed) {
    let at = root;
    for (const key of path) {
      const below: Growing = at.get(key) ?? new Map();
      at.set(key, below);
      at = below;
    }
  }
  return root;
}

const denials = new Set<unknown>(['FORBIDDEN', 'UNAUTHENTICATED']);

/** Whether an error has left null in a value's place, or in that of an item of it. */
export function isLost(value: unknown, failures: Failures | undefined): boolean {
  if (failures === undefined) return false;
  if (value === null) return true;
  if (!Array.isArray(value)) return false;
  for (const [index, below] of failures)
    if (typeof index === 'number' && isLost(value[index] ?? null, below)) return true;
  return false;
}
