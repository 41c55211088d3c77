import { type ASTVisitor, GraphQLError, type ValidationRule } from 'graphql';

/** How the planner calls variables whose values come from around an entity (`@fromContext`). */
const prefix = 'contextualArgument_';

/**
 * Refuses variables under the planner's own names: an argument of the client's would be given what the gateway found
 * for a subgraph, which the viewer perhaps may not see, or the other way round.
 */
export const reservedVariables: ValidationRule = (context): ASTVisitor => ({
  VariableDefinition({ variable }) {
    const { value } = variable.name;
    if (!value.startsWith(prefix)) return;
    const message = `"$${value}" can't be a variable: names that begin with "${prefix}" are the gateway's.`;
    context.reportError(new GraphQLError(message, { nodes: variable }));
  },
});
