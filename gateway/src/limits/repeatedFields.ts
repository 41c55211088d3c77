import { type FieldNode, Kind, type SelectionSetNode, type ValidationContext } from 'graphql';

export interface Repeated {
  /** Response keys. */
  path: readonly string[];
  times: number;
}

/**
 * The first field of the answer that is asked for more than `most` times, in the selection sets that make one object.
 * Never called for cyclic fragments.
 */
export function findRepeated(
  context: ValidationContext,
  { sets, most, path = [] }: { sets: readonly SelectionSetNode[]; most: number; path?: readonly string[] },
): Repeated | undefined {
  for (const [key, nodes] of collectFields(context, sets)) {
    const below = [...path, key];
    if (nodes.length > most) return { path: below, times: nodes.length };
    const found = findRepeated(context, {
      sets: nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
      ...{ most, path: below },
    });
    if (found) return found;
  }
  return undefined;
}

/** Fields by response key, whatever type they are asked of. A fragment counts once for an object, as when it is run. */
function collectFields(
  context: ValidationContext,
  sets: readonly SelectionSetNode[],
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const visited = new Set<string>();
  const collect = (set: SelectionSetNode | undefined): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        const known = fields.get(key);
        if (known) known.push(selection);
        else fields.set(key, [selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value);
        collect(context.getFragment(selection.name.value)?.selectionSet);
      }
    }
  };
  for (const set of sets) collect(set);
  return fields;
}
