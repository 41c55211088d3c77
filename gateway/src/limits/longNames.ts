import { type ASTVisitor, GraphQLError, type ValidationRule } from 'graphql';

/**
 * Refuses long names, and labels of `@defer`: answers repeat them for each object of their lists, errors in their paths,
 * and what is remembered of an operation has its name in its keys, so that one of a megabyte would be many gigabytes.
 */
export function longNames(most: number): ValidationRule {
  return (context): ASTVisitor => {
    const refuse = (what: string, nodes: GraphQLError['nodes']) =>
      context.reportError(new GraphQLError(`${what}; ${most} letters are allowed.`, { nodes }));
    return {
      Name(node) {
        const { value } = node;
        if (value.length > most)
          refuse(`"${value.slice(0, 20)}…" is a name of ${value.length} letters`, [node]);
      },
      Directive({ name, arguments: given = [] }) {
        if (name.value !== 'defer') return;
        for (const { value } of given) {
          if ('value' in value && typeof value.value === 'string' && value.value.length > most)
            refuse(`A @defer has a label of ${value.value.length} letters`, [value]);
        }
      },
    };
  };
}
