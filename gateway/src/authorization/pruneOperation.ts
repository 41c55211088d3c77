// Takes denied fields out of an operation, so that no subgraph is asked for them.
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  type InlineFragmentNode,
  isAbstractType,
  isCompositeType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';
import { fragmentsIn } from '../fragments.ts';
import { type ArgumentDenials, concreteTypes, type Denials, type Ownerships } from './denials.ts';

export interface OperationToPrune {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  denials: Denials;
  argumentDenials: ArgumentDenials;
  ownerships: Ownerships;
  typenameKey: string;
}

/**
 * The operation without its denied fields, or null when nothing is left of it. Where a selection would
 * be empty, or stands on an interface or union, the concrete type is asked under `typenameKey`: the
 * place must still be known to be null or not, and which of its fields are denied depends on its type. Beside a
 * field that only owners may see stands what says whose the object is.
 */
export function pruneOperation(options: OperationToPrune): DocumentNode | null {
  const { schema, document, operation } = options;
  const root = schema.getRootType(operation.operation);
  if (!root) return null;
  const fragments = fragmentsIn(document);
  const pruner = createPruner(options, fragments);
  const selections = pruner.selections(operation.selectionSet, root);
  if (selections.length === 0) return null;
  const pruned: OperationDefinitionNode = { ...operation, selectionSet: selectionSet(selections) };
  return { kind: Kind.DOCUMENT, definitions: [pruned, ...pruner.usedFragments()] };
}

function createPruner(options: OperationToPrune, fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
  const { schema, denials, argumentDenials, ownerships, typenameKey } = options;
  const prunedFragments = new Map<string, FragmentDefinitionNode | null>();
  const typename: FieldNode = {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: typenameKey },
    name: { kind: Kind.NAME, value: '__typename' },
  };

  function selections(set: SelectionSetNode, parent: GraphQLCompositeType): SelectionNode[] {
    return set.selections.flatMap((selection): SelectionNode[] => {
      if (selection.kind === Kind.FIELD) return field(selection, parent);
      if (selection.kind === Kind.FRAGMENT_SPREAD) return fragment(selection.name.value) ? [selection] : [];
      const condition = selection.typeCondition && compositeType(selection.typeCondition.name.value);
      const kept = selections(selection.selectionSet, condition ?? parent);
      return kept.length > 0 ? [{ ...selection, selectionSet: selectionSet(kept) }] : [];
    });
  }

  function field(node: FieldNode, parent: GraphQLCompositeType): SelectionNode[] {
    const fieldName = node.name.value;
    const types = concreteTypes(schema, parent);
    const deniedForArguments = argumentDenials.get(node);
    const allowed = types.filter(
      ({ name }) => !denials.has(`${name}.${fieldName}`) && !deniedForArguments?.has(name),
    );
    if (allowed.length === 0) return [];
    const kept = node.selectionSet ? { ...node, selectionSet: fieldSelections(node, parent) } : node;
    const belongings = allowed.flatMap((type): SelectionNode[] => {
      const asked = belongingsOf(`${type.name}.${fieldName}`);
      if (asked.length === 0) return [];
      return isAbstractType(parent) ? [on(type.name, asked)] : asked;
    });
    if (allowed.length === types.length) return [kept, ...belongings];
    // Some types behind the interface show the field and some don't: ask it on those that do.
    return [...allowed.map(({ name }) => on(name, [kept])), ...belongings];
  }

  /** What says whose the object is, under keys of our own. */
  function belongingsOf(coordinate: string): FieldNode[] {
    const all = ownerships.get(coordinate)?.anyOf.flat() ?? [];
    const byKey = new Map(all.map(({ key, fieldName }) => [key, fieldName]));
    return [...byKey].map(([key, fieldName]) => ({
      kind: Kind.FIELD,
      alias: { kind: Kind.NAME, value: key },
      name: { kind: Kind.NAME, value: fieldName },
    }));
  }

  function fieldSelections(node: FieldNode, parent: GraphQLCompositeType): SelectionSetNode | undefined {
    const type = getNamedType(fieldDefinition(node.name.value, parent)?.type);
    if (!node.selectionSet || !isCompositeType(type)) return undefined;
    const kept = selections(node.selectionSet, type);
    return selectionSet(kept.length === 0 || isAbstractType(type) ? [typename, ...kept] : kept);
  }

  // Validation has refused cycles of fragments, so this ends.
  function fragment(name: string): FragmentDefinitionNode | null {
    const known = prunedFragments.get(name);
    if (known !== undefined) return known;
    const definition = fragments.get(name);
    const type = definition && compositeType(definition.typeCondition.name.value);
    const kept = type ? selections(definition.selectionSet, type) : [];
    const pruned = definition && kept.length > 0 ? { ...definition, selectionSet: selectionSet(kept) } : null;
    prunedFragments.set(name, pruned);
    return pruned;
  }

  function compositeType(name: string): GraphQLCompositeType | undefined {
    const type = schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }

  return { selections, usedFragments: () => [...prunedFragments.values()].filter((node) => node !== null) };
}

function on(typeName: string, selections: readonly SelectionNode[]): InlineFragmentNode {
  return {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: typeName } },
    selectionSet: selectionSet(selections),
  };
}

function fieldDefinition(name: string, parent: GraphQLCompositeType) {
  if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
  if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  return 'getFields' in parent ? parent.getFields()[name] : undefined;
}

function selectionSet(selections: readonly SelectionNode[]): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections };
}
