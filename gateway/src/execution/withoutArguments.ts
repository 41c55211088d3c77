// A fetch without the fields whose arguments are not known.
import type { FetchNode } from '@apollo/query-planner';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  parse,
  print,
  stripIgnoredCharacters,
  visit,
} from 'graphql';

/**
 * @param missing variables that have no value
 * @returns undefined where nothing is left to ask for
 */
export function withoutArguments<Fetch extends FetchNode>(
  node: Fetch,
  missing: ReadonlySet<string>,
): Fetch | undefined {
  let document = withoutFields(parse(node.operation, { noLocation: true }), ({ arguments: given = [] }) =>
    given.some(({ value }) => value.kind === Kind.VARIABLE && missing.has(value.name.value)),
  );
  for (let gone = emptyFragments(document); gone.size > 0; gone = emptyFragments(document))
    document = withoutFragments(document, gone);
  const isEmpty = document.definitions.some(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION && definition.selectionSet.selections.length === 0,
  );
  if (isEmpty) return undefined;
  const used = usedVariables(document);
  const operation = visit(document, {
    VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? undefined : null),
  });
  const { variableUsages = [], contextRewrites = [] } = node;
  return {
    ...node,
    operation: stripIgnoredCharacters(print(operation)),
    variableUsages: variableUsages.filter((name) => used.has(name)),
    contextRewrites: contextRewrites.filter(({ renameKeyTo }) => used.has(renameKeyTo)),
  };
}

/** Without those fields, and without what then selects nothing. */
function withoutFields(document: DocumentNode, isUnwanted: (field: FieldNode) => boolean): DocumentNode {
  return visit(document, {
    Field: {
      enter: (field) => (isUnwanted(field) ? null : undefined),
      leave: ({ selectionSet }) => (selectionSet?.selections.length === 0 ? null : undefined),
    },
    InlineFragment: {
      leave: ({ selectionSet }) => (selectionSet.selections.length === 0 ? null : undefined),
    },
  });
}

function emptyFragments({ definitions }: DocumentNode): ReadonlySet<string> {
  const empty = definitions.filter(
    (definition): definition is FragmentDefinitionNode =>
      definition.kind === Kind.FRAGMENT_DEFINITION && definition.selectionSet.selections.length === 0,
  );
  return new Set(empty.map(({ name }) => name.value));
}

function withoutFragments(document: DocumentNode, gone: ReadonlySet<string>): DocumentNode {
  const isGone = (node: { name: { value: string } }) => (gone.has(node.name.value) ? null : undefined);
  const spread = visit(document, { FragmentSpread: isGone, FragmentDefinition: isGone });
  return withoutFields(spread, () => false);
}

function usedVariables(document: DocumentNode): ReadonlySet<string> {
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable({ name }) {
      used.add(name.value);
    },
  });
  return used;
}
