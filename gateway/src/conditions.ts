import { type DocumentNode, GraphQLError, Kind, visit } from 'graphql';

/**
 * The error for a condition (`@skip`, `@include`, `@defer`) whose variable is null: a nullable variable with a default may stand
 * there (GraphQL §5.8.5), and then be given null. Undefined where all conditions can be told.
 */
export function refuseNullCondition(
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): GraphQLError | undefined {
  if (!Object.values(variables).includes(null)) return undefined;
  let refused: GraphQLError | undefined;
  visit(document, {
    Directive(node) {
      if (!['skip', 'include', 'defer'].includes(node.name.value)) return;
      const value = node.arguments?.find(({ name }) => name.value === 'if')?.value;
      if (value?.kind !== Kind.VARIABLE || variables[value.name.value] !== null) return;
      const message = `The variable $${value.name.value} is null, and @${node.name.value} needs true or false.`;
      refused ??= new GraphQLError(message, { nodes: node, extensions: { code: 'BAD_USER_INPUT' } });
    },
  });
  return refused;
}
