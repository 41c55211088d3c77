import { type DirectiveNode, type DocumentNode, type FieldNode, GraphQLError, Kind, visit } from 'graphql';

/**
 * The error for a null where the gateway itself needs something: in a condition (`@skip`, `@include`, `@defer`), or
 * as the name of a type that is asked about. A nullable variable with a default may stand there (GraphQL §5.8.5), and
 * then be given null. Undefined where there is none.
 */
export function refuseNull(
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): GraphQLError | undefined {
  if (!Object.values(variables).includes(null)) return undefined;
  let refused: GraphQLError | undefined;
  const look = (node: DirectiveNode | FieldNode, need: { argument: string; text: string }) => {
    const value = node.arguments?.find(({ name }) => name.value === need.argument)?.value;
    if (value?.kind !== Kind.VARIABLE || variables[value.name.value] !== null) return;
    const message = `The variable $${value.name.value} is null, and ${need.text}.`;
    refused ??= new GraphQLError(message, { nodes: node, extensions: { code: 'BAD_USER_INPUT' } });
  };
  visit(document, {
    Directive(node) {
      if (!['skip', 'include', 'defer'].includes(node.name.value)) return;
      look(node, { argument: 'if', text: `@${node.name.value} needs true or false` });
    },
    Field(node) {
      if (node.name.value === '__type') look(node, { argument: 'name', text: '__type needs a name' });
    },
  });
  return refused;
}
