// A failing operation, made small: selections go one after another for as long as it still fails.
import {
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type SelectionNode,
  validate,
  visit,
} from 'graphql';

/** The smallest operation found that is valid and still fails. */
export async function shrink(
  schema: GraphQLSchema,
  document: DocumentNode,
  stillFails: (smaller: DocumentNode) => Promise<boolean>,
): Promise<DocumentNode> {
  let smallest = document;
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (let index = 0; index < selections(smallest).length; index += 1) {
      for (const change of ['removed', 'opened', 'bare'] as const) {
        const smaller = tidy(without(smallest, selections(smallest)[index], change));
        if (smaller === undefined || size(smaller) >= size(smallest)) continue;
        if (validate(schema, smaller).length > 0 || !(await stillFails(smaller))) continue;
        smallest = smaller;
        isSmaller = true;
      }
    }
  }
  return smallest;
}

function selections(document: DocumentNode): SelectionNode[] {
  const all: SelectionNode[] = [];
  visit(document, { SelectionSet: (set) => void all.push(...set.selections) });
  return all;
}

function size(document: DocumentNode): number {
  return JSON.stringify(document).length;
}

function without(
  document: DocumentNode,
  target: SelectionNode | undefined,
  change: 'removed' | 'opened' | 'bare',
): DocumentNode {
  return visit(document, {
    SelectionSet: (set) => ({
      ...set,
      selections: set.selections.flatMap((selection): readonly SelectionNode[] => {
        if (selection !== target) return [selection];
        if (change === 'removed') return [];
        if (change === 'bare') return [{ ...selection, directives: [] }];
        return selection.kind === Kind.INLINE_FRAGMENT ? selection.selectionSet.selections : [selection];
      }),
    }),
  });
}

/** Drops fragments and variables that are no longer used; undefined when nothing is left. */
function tidy(document: DocumentNode): DocumentNode | undefined {
  const used = new Set<string>();
  visit(document, {
    FragmentSpread: ({ name }) => void used.add(`...${name.value}`),
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  });
  const definitions = document.definitions.flatMap((definition): readonly DefinitionNode[] => {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      return used.has(`...${definition.name.value}`) ? [definition] : [];
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [definition];
    const variableDefinitions = definition.variableDefinitions?.filter(({ variable }) =>
      used.has(variable.name.value),
    );
    return [{ ...definition, ...(variableDefinitions ? { variableDefinitions } : {}) }];
  });
  const isEmpty = JSON.stringify(definitions).includes('"selections":[]');
  return isEmpty ? undefined : { kind: Kind.DOCUMENT, definitions };
}
