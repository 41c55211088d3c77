import { GraphQLError, type ValidationRule } from 'graphql';

/** Refuses questions about the schema itself: the gateway composes from files, nobody else asks a subgraph. */
export const noIntrospection: ValidationRule = (context) => ({
  Field(node) {
    if (node.name.value === '__schema' || node.name.value === '__type') {
      context.reportError(new GraphQLError('Introspection is switched off.', { nodes: node }));
    }
  },
});
