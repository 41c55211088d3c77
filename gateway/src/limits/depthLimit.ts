import { type ASTVisitor, GraphQLError, Kind, type SelectionSetNode, type ValidationRule } from 'graphql';

/**
 * Refuses operations whose fields are nested deeper than `maximum`: each level can multiply what has to be fetched.
 * A field of the operation itself is at depth 1; fragments count where they are spread.
 */
export function depthLimit(maximum: number): ValidationRule {
  return (context): ASTVisitor => {
    // A fragment is measured once, however often it is spread.
    const fragments = new Map<string, number>();

    function depthOf(set: SelectionSetNode): number {
      let deepest = 0;
      for (const selection of set.selections) deepest = Math.max(deepest, depthOfSelection(selection));
      return deepest;
    }

    function depthOfSelection(selection: SelectionSetNode['selections'][number]): number {
      if (selection.kind === Kind.FIELD)
        return 1 + (selection.selectionSet ? depthOf(selection.selectionSet) : 0);
      if (selection.kind === Kind.INLINE_FRAGMENT) return depthOf(selection.selectionSet);
      return depthOfFragment(selection.name.value);
    }

    function depthOfFragment(name: string): number {
      const known = fragments.get(name);
      if (known !== undefined) return known;
      // Stands while its own fragments are measured; another rule refuses cycles.
      fragments.set(name, 0);
      const fragment = context.getFragment(name);
      const depth = fragment ? depthOf(fragment.selectionSet) : 0;
      fragments.set(name, depth);
      return depth;
    }

    return {
      OperationDefinition(node) {
        const depth = depthOf(node.selectionSet);
        if (depth <= maximum) return;
        const message = `The operation is ${depth} levels deep; ${maximum} are allowed. Ask for less at once.`;
        context.reportError(new GraphQLError(message, { nodes: node }));
      },
    };
  };
}
