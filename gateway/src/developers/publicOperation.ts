// An operation that the gateway sends to a subgraph, as far as it asks for what the public schema has.
import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  type DefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** Its text in readable form; null where nothing of it is public. */
export function publicOperation(operation: string, schema: GraphQLSchema): string | null {
  const document = parse(operation, { noLocation: true });
  const definitions = document.definitions.flatMap((definition): DefinitionNode[] => {
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      const selectionSet = publicSet(definition.selectionSet, rootType(definition, schema), schema);
      return selectionSet ? [{ ...definition, selectionSet }] : [];
    }
    if (definition.kind !== Kind.FRAGMENT_DEFINITION) return [];
    const type = compositeType(schema, definition.typeCondition.name.value);
    const selectionSet = type && publicSet(definition.selectionSet, type, schema);
    return selectionSet ? [{ ...definition, selectionSet }] : [];
  });
  return definitions.length > 0 ? print({ ...document, definitions }) : null;
}

/** What the representations of a fetch hold, as a selection set; null where nothing of it is public. */
export function publicRequirement(
  requires: readonly QueryPlanSelectionNode[],
  schema: GraphQLSchema,
): string | null {
  const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: requires.map(selection) };
  const shown = publicSet(selectionSet, undefined, schema);
  return shown ? print(shown) : null;
}

function selection(node: QueryPlanSelectionNode): SelectionNode {
  const name = (value: string) => ({ kind: Kind.NAME, value }) as const;
  const below: SelectionSetNode | undefined = node.selections && {
    kind: Kind.SELECTION_SET,
    selections: node.selections.map(selection),
  };
  if (node.kind === 'Field') {
    return {
      kind: Kind.FIELD,
      name: name(node.name),
      ...(below?.selections.length ? { selectionSet: below } : {}),
    };
  }
  return {
    kind: Kind.INLINE_FRAGMENT,
    ...(node.typeCondition === undefined
      ? {}
      : { typeCondition: { kind: Kind.NAMED_TYPE, name: name(node.typeCondition) } }),
    selectionSet: below ?? { kind: Kind.SELECTION_SET, selections: [] },
  };
}

function rootType(
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
): GraphQLCompositeType | undefined {
  return schema.getRootType(operation.operation) ?? undefined;
}

/** Undefined where nothing is left of it. @param parent undefined where only fragments may stand */
function publicSet(
  set: SelectionSetNode,
  parent: GraphQLCompositeType | undefined,
  schema: GraphQLSchema,
): SelectionSetNode | undefined {
  const selections = set.selections.flatMap((node) => publicSelection(node, parent, schema) ?? []);
  return selections.length > 0 ? { ...set, selections } : undefined;
}

function publicSelection(
  node: SelectionNode,
  parent: GraphQLCompositeType | undefined,
  schema: GraphQLSchema,
): SelectionNode | undefined {
  if (node.kind === Kind.FRAGMENT_SPREAD) return node;
  if (node.kind === Kind.INLINE_FRAGMENT) {
    const type = node.typeCondition ? compositeType(schema, node.typeCondition.name.value) : parent;
    const selectionSet = type && publicSet(node.selectionSet, type, schema);
    return selectionSet && { ...node, selectionSet };
  }
  const { value: name } = node.name;
  if (name === '__typename') return node;
  // The entrance of every subgraph for gateways; what is asked there stands in fragments on entity types.
  if (name === '_entities') {
    const selectionSet = node.selectionSet && publicSet(node.selectionSet, undefined, schema);
    return selectionSet && { ...node, selectionSet };
  }
  const field = parent && 'getFields' in parent ? parent.getFields()[name] : undefined;
  if (field === undefined) return undefined;
  const known = node.arguments?.filter((given) => field.args.some((each) => each.name === given.name.value));
  const shown = { ...node, ...(known ? { arguments: known } : {}) };
  if (!node.selectionSet) return shown;
  const type = getNamedType(field.type);
  const selectionSet = isCompositeType(type) ? publicSet(node.selectionSet, type, schema) : undefined;
  return selectionSet && { ...shown, selectionSet };
}

function compositeType(schema: GraphQLSchema, name: string): GraphQLCompositeType | undefined {
  const type = schema.getType(name);
  return isCompositeType(type) ? type : undefined;
}
