// What an SDL declares, one by one: types, fields, arguments, enum values.
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  type StringValueNode,
  type TypeDefinitionNode,
  type TypeExtensionNode,
} from 'graphql';
import type { Subgraph } from './subgraphs.ts';

export interface SchemaElement {
  /** As the GraphQL specification writes it: `Query`, `Query.people`, `Query.people(first:)`. */
  coordinate: string;
  node: {
    readonly kind: string;
    readonly description?: StringValueNode | undefined;
    readonly directives?: readonly ConstDirectiveNode[] | undefined;
    /** Of fields and arguments: whether it may be null, among others. */
    readonly type?: { readonly kind: string } | undefined;
  };
  /** File and line. */
  where: string;
}

/** In the order of the file. */
export function elementsOf({ file, document }: Pick<Subgraph, 'file' | 'document'>): SchemaElement[] {
  return typesOf(document)
    .flatMap((type) => [named(type, type.name.value), ...membersOf(type)])
    .map(({ coordinate, node }) => ({
      coordinate,
      node,
      where: `${file}:${node.name.loc?.startToken.line ?? 1}`,
    }));
}

type TypeNode = TypeDefinitionNode | TypeExtensionNode;

function typesOf(document: DocumentNode): TypeNode[] {
  return document.definitions.filter((node) => isTypeDefinitionNode(node) || isTypeExtensionNode(node));
}

function named<T>(node: T, coordinate: string): { node: T; coordinate: string } {
  return { node, coordinate };
}

function membersOf(type: TypeNode) {
  const owner = type.name.value;
  if ('values' in type)
    return (type.values ?? []).map((value) => named(value, `${owner}.${value.name.value}`));
  if (!('fields' in type)) return [];
  return (type.fields ?? []).flatMap((field) => {
    const coordinate = `${owner}.${field.name.value}`;
    const taken: readonly InputValueDefinitionNode[] = ('arguments' in field && field.arguments) || [];
    return [
      named(field, coordinate),
      ...taken.map((argument) => named(argument, `${coordinate}(${argument.name.value}:)`)),
    ];
  });
}
