import { type ASTVisitor, GraphQLError, type ValidationRule } from 'graphql';

/**
 * Refuses another field under the name `__typename`: by what stands there the gateway and its subgraphs tell what an
 * object is, so that a value of somebody's choice would decide which rules hold for it.
 */
export const typenameAliases: ValidationRule = (context): ASTVisitor => ({
  Field({ alias, name }) {
    if (alias?.value !== '__typename' || name.value === '__typename') return;
    const message = `"${name.value}" can't be asked for as "__typename": that says what an object is.`;
    context.reportError(new GraphQLError(message, { nodes: alias }));
  },
});
