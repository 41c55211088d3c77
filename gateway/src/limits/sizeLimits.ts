import { type ASTVisitor, GraphQLError, Kind, type SelectionSetNode, type ValidationRule } from 'graphql';
import { findRepeated } from './repeatedFields.ts';

export interface SizeLimits {
  /** Most levels of fields; a field of the operation itself is at the first. */
  depth: number;
  /** Most fields. */
  fields: number;
  /** Most fields of the operation itself: each is fetched by its own. */
  roots: number;
  /** Most objects that are asked for under another name: so the same may be asked for again and again. */
  aliases: number;
  /** Most directives. */
  directives: number;
  /** Most changes that one mutation asks for: each is work of its own. */
  changes: number;
  /** Most times that one field of the answer is asked for: whether they can be one is found out pair by pair. */
  repetitions: number;
  /** Most fragments that are spread within each other: planning them takes the third power of their number. */
  nesting: number;
}

interface Size {
  depth: number;
  fields: number;
  /** Fields at the first level. */
  top: number;
  /** Fragments spread within each other. */
  nesting: number;
  aliases: number;
  directives: number;
}

const nothing: Size = { depth: 0, fields: 0, top: 0, nesting: 0, aliases: 0, directives: 0 };

/**
 * Refuses operations that are nested too deep (each level can multiply what has to be fetched) or have too many fields
 * (validating and planning them takes time that everybody waits for). Fragments count where they are spread.
 */
export function sizeLimits(limits: SizeLimits): ValidationRule {
  return (context): ASTVisitor => {
    // A fragment is measured once, however often it is spread.
    const fragments = new Map<string, Size>();
    const beingMeasured = new Set<string>();
    let isCyclic = false;

    function sizeOf(set: SelectionSetNode | undefined): Size {
      const size = { ...nothing };
      for (const selection of set?.selections ?? []) {
        const added = sizeOfSelection(selection);
        size.depth = Math.max(size.depth, added.depth);
        size.fields += added.fields;
        size.top += added.top;
        size.nesting = Math.max(size.nesting, added.nesting);
        size.aliases += added.aliases;
        size.directives += added.directives + (selection.directives?.length ?? 0);
      }
      return size;
    }

    function sizeOfSelection(selection: SelectionSetNode['selections'][number]): Size {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return sizeOfFragment(selection.name.value);
      const size = sizeOf(selection.selectionSet);
      if (selection.kind !== Kind.FIELD) return size;
      const aliases = size.aliases + (selection.alias && selection.selectionSet ? 1 : 0);
      return { ...size, depth: size.depth + 1, fields: size.fields + 1, top: 1, aliases };
    }

    function sizeOfFragment(name: string): Size {
      const known = fragments.get(name);
      if (known !== undefined) return known;
      // Another rule refuses it.
      if (beingMeasured.has(name)) isCyclic = true;
      if (isCyclic) return nothing;
      beingMeasured.add(name);
      const inside = sizeOf(context.getFragment(name)?.selectionSet);
      const size = { ...inside, nesting: inside.nesting + 1 };
      beingMeasured.delete(name);
      fragments.set(name, size);
      return size;
    }

    return {
      OperationDefinition(node) {
        const { depth, fields, top, nesting, aliases, directives } = sizeOf(node.selectionSet);
        const refuse = (problem: string) =>
          context.reportError(new GraphQLError(`${problem} Ask for less at once.`, { nodes: node }));
        if (depth > limits.depth)
          refuse(`The operation is ${depth} levels deep; ${limits.depth} are allowed.`);
        if (fields > limits.fields)
          refuse(`The operation has ${fields} fields; ${limits.fields} are allowed.`);
        else if (!isCyclic) {
          const repeated = findRepeated(context, { sets: [node.selectionSet], most: limits.repetitions });
          if (repeated)
            refuse(
              `The operation asks for "${repeated.path.join('.')}" ${repeated.times} times; ${limits.repetitions} are allowed.`,
            );
        }
        if (nesting > limits.nesting)
          refuse(
            `The operation spreads ${nesting} fragments within each other; ${limits.nesting} are allowed.`,
          );
        if (top > limits.roots)
          refuse(`The operation asks for ${top} fields of its own; ${limits.roots} are allowed.`);
        if (aliases > limits.aliases)
          refuse(`The operation has ${aliases} objects under other names; ${limits.aliases} are allowed.`);
        if (directives > limits.directives)
          refuse(`The operation has ${directives} directives; ${limits.directives} are allowed.`);
        if (node.operation === 'mutation' && top > limits.changes)
          refuse(`The mutation makes ${top} changes; ${limits.changes} are allowed.`);
        return false;
      },
    };
  };
}
