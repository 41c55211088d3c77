// How many list items an operation asks for: a page of a hundred, a hundred of its pages in each, and so on multiply.
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

export interface OperationToCount {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** Coerced, with defaults. */
  variables: Record<string, unknown>;
}

/** Of all pages together, if all were full. */
const maximumItems = 10_000;
/** The size of a page that names none. */
const defaultPage = 20;

/** The error for an operation that asks for too many items; undefined where it does not. */
export function refuseItems(options: OperationToCount): GraphQLError | undefined {
  const items = countItems(options);
  if (items <= maximumItems) return undefined;
  const message = `The operation asks for up to ${items.toLocaleString('en')} list items; ${maximumItems.toLocaleString('en')} are allowed. Ask for smaller pages (first) or fewer lists within lists.`;
  return new GraphQLError(message, { nodes: options.operation, extensions: { code: 'BAD_USER_INPUT' } });
}

function countItems({ schema, document, operation, variables }: OperationToCount): number {
  // What one object of a fragment's type asks for below it: counted once, however often it is spread.
  const counted = new Map<string, number>();

  function below(set: SelectionSetNode | undefined, typeName: string | undefined): number {
    let items = 0;
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) items += ofField(selection, typeName);
      else if (selection.kind === Kind.INLINE_FRAGMENT)
        items += below(selection.selectionSet, selection.typeCondition?.name.value ?? typeName);
      else items += ofFragment(selection.name.value);
    }
    return items;
  }

  function ofFragment(name: string): number {
    const known = counted.get(name);
    if (known !== undefined) return known;
    const fragment = document.definitions.find(
      (node): node is FragmentDefinitionNode =>
        node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === name,
    );
    const items = below(fragment?.selectionSet, fragment?.typeCondition.name.value);
    counted.set(name, items);
    return items;
  }

  function ofField(node: FieldNode, typeName: string | undefined): number {
    const parent = typeName === undefined ? undefined : schema.getType(typeName);
    const field = parent && 'getFields' in parent ? parent.getFields()[node.name.value] : undefined;
    // Introspection is bounded by the schema.
    if (field === undefined) return 0;
    const type = 'type' in field ? getNamedType(field.type) : undefined;
    const each = isCompositeType(type) ? below(node.selectionSet, type.name) : 0;
    const isPaged = 'args' in field && field.args.some(({ name }) => name === 'first');
    return isPaged ? pageOf(node) * (1 + each) : each;
  }

  function pageOf({ arguments: given }: FieldNode): number {
    const value = given?.find(({ name }) => name.value === 'first')?.value;
    const first =
      value?.kind === Kind.INT
        ? Number(value.value)
        : value?.kind === Kind.VARIABLE
          ? variables[value.name.value]
          : undefined;
    return typeof first === 'number' && first > 0 ? first : defaultPage;
  }

  return below(operation.selectionSet, schema.getRootType(operation.operation)?.name);
}
