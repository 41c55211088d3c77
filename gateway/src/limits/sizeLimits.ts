import { type ASTVisitor, GraphQLError, Kind, type SelectionSetNode, type ValidationRule } from 'graphql';

export interface SizeLimits {
  /** Most levels of fields; a field of the operation itself is at the first. */
  depth: number;
  /** Most fields. */
  fields: number;
  /** Most changes that one mutation asks for: each is work of its own. */
  changes: number;
}

interface Size {
  depth: number;
  fields: number;
  /** Fields at the first level. */
  top: number;
}

/**
 * Refuses operations that are nested too deep (each level can multiply what has to be fetched) or have too many fields
 * (validating and planning them takes time that everybody waits for). Fragments count where they are spread.
 */
export function sizeLimits(limits: SizeLimits): ValidationRule {
  return (context): ASTVisitor => {
    // A fragment is measured once, however often it is spread.
    const fragments = new Map<string, Size>();

    function sizeOf(set: SelectionSetNode | undefined): Size {
      const size = { depth: 0, fields: 0, top: 0 };
      for (const selection of set?.selections ?? []) {
        const added = sizeOfSelection(selection);
        size.depth = Math.max(size.depth, added.depth);
        size.fields += added.fields;
        size.top += added.top;
      }
      return size;
    }

    function sizeOfSelection(selection: SelectionSetNode['selections'][number]): Size {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return sizeOfFragment(selection.name.value);
      const size = sizeOf(selection.selectionSet);
      return selection.kind === Kind.FIELD
        ? { depth: size.depth + 1, fields: size.fields + 1, top: 1 }
        : size;
    }

    function sizeOfFragment(name: string): Size {
      const known = fragments.get(name);
      if (known !== undefined) return known;
      // Stands while its own fragments are measured; another rule refuses cycles.
      fragments.set(name, { depth: 0, fields: 0, top: 0 });
      const size = sizeOf(context.getFragment(name)?.selectionSet);
      fragments.set(name, size);
      return size;
    }

    return {
      OperationDefinition(node) {
        const { depth, fields, top } = sizeOf(node.selectionSet);
        const refuse = (problem: string) =>
          context.reportError(new GraphQLError(`${problem} Ask for less at once.`, { nodes: node }));
        if (depth > limits.depth)
          refuse(`The operation is ${depth} levels deep; ${limits.depth} are allowed.`);
        if (fields > limits.fields)
          refuse(`The operation has ${fields} fields; ${limits.fields} are allowed.`);
        if (node.operation === 'mutation' && top > limits.changes)
          refuse(`The mutation makes ${top} changes; ${limits.changes} are allowed.`);
        return false;
      },
    };
  };
}
