// The same operation, with parts of it deferred at random.
import { type DocumentNode, Kind, print, type SelectionNode, type SelectionSetNode, visit } from 'graphql';
import { createRandom } from './random.ts';

/** Which parts follows from the operation's text alone. */
export function withDefers(document: DocumentNode): DocumentNode {
  const random = createRandom(print(document));
  return visit(document, {
    SelectionSet: {
      leave(set, _key, parent) {
        // The fields of an operation itself may not be deferred where it is a mutation.
        const isMutation = parent && 'operation' in parent && parent.operation === 'mutation';
        return isMutation || !random.chance(30)
          ? undefined
          : deferringSome(set, random.below(set.selections.length));
      },
    },
  });
}

/** @param count of selections that are not deferred */
function deferringSome(set: SelectionSetNode, count: number): SelectionSetNode {
  const deferred: SelectionNode = {
    kind: Kind.INLINE_FRAGMENT,
    directives: [{ kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: 'defer' } }],
    selectionSet: { ...set, selections: set.selections.slice(count) },
  };
  return { ...set, selections: [...set.selections.slice(0, count), deferred] };
}
