import { type ASTVisitor, GraphQLError, Kind, type SelectionSetNode, type ValidationRule } from 'graphql';

/**
 * Refuses `@skip` and `@include` on what a subscription subscribes to: without its one field there is nothing to wait
 * for (GraphQL, "Single Root Field").
 */
export const unconditionalSubscriptions: ValidationRule = (context): ASTVisitor => ({
  OperationDefinition(node) {
    if (node.operation === 'subscription') check(node.selectionSet, new Set());

    function check(set: SelectionSetNode, visited: Set<string>): void {
      for (const selection of set.selections) {
        const condition = selection.directives?.find(({ name }) => ['skip', 'include'].includes(name.value));
        if (condition) {
          const message = `A subscription's field can't be conditional: take @${condition.name.value} away.`;
          context.reportError(new GraphQLError(message, { nodes: condition }));
        }
        if (selection.kind === Kind.INLINE_FRAGMENT) check(selection.selectionSet, visited);
        if (selection.kind !== Kind.FRAGMENT_SPREAD || visited.has(selection.name.value)) continue;
        visited.add(selection.name.value);
        const fragment = context.getFragment(selection.name.value);
        if (fragment) check(fragment.selectionSet, visited);
      }
    }
    return false;
  },
});
