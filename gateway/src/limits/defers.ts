import {
  type ASTVisitor,
  type DirectiveNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';

export interface DeferLimits {
  /** Most places of an operation at which something is deferred; fragments count where they are spread. */
  defers: number;
  /** Most variables of an operation that say whether something is deferred: each doubles the ways to plan it. */
  deferConditions: number;
}

/**
 * Refuses what `@defer` cannot do, as the GraphQL proposal says (Defer Directive Is Used On Valid Root Field and On Valid
 * Operations, labels that are unique), and more of it than a plan should be divided into.
 */
export function deferRules(limits: DeferLimits): ValidationRule {
  return (context): ASTVisitor => {
    const labels = new Map<string, DirectiveNode>();
    const refuse = (nodes: DirectiveNode, message: string) =>
      context.reportError(new GraphQLError(message, { nodes }));

    /** How often each fragment defers; measured once, however often it is spread. */
    const ofFragments = new Map<string, number>();
    const countIn = (set: SelectionSetNode): number =>
      set.selections.reduce((sum, selection) => {
        const own = selection.kind !== Kind.FIELD && deferIn(selection.directives) ? 1 : 0;
        if (selection.kind === Kind.FRAGMENT_SPREAD) return sum + own + countOf(selection.name.value);
        return sum + own + (selection.selectionSet ? countIn(selection.selectionSet) : 0);
      }, 0);
    function countOf(name: string): number {
      const known = ofFragments.get(name);
      if (known !== undefined) return known;
      // Another rule refuses cycles.
      ofFragments.set(name, 0);
      const fragment = context.getFragment(name);
      const count = fragment ? countIn(fragment.selectionSet) : 0;
      ofFragments.set(name, count);
      return count;
    }

    /** The `@defer`s of a selection: on its fragments, and with `deep` on those below its fields. */
    function* defersOf(
      set: SelectionSetNode,
      deep: boolean,
      visited = new Set<string>(),
    ): Generator<DirectiveNode> {
      for (const selection of set.selections) {
        if (selection.kind === Kind.FIELD) {
          if (deep && selection.selectionSet) yield* defersOf(selection.selectionSet, deep, visited);
          continue;
        }
        const defer = deferIn(selection.directives);
        if (defer) yield defer;
        if (selection.kind === Kind.INLINE_FRAGMENT) yield* defersOf(selection.selectionSet, deep, visited);
        else if (!visited.has(selection.name.value)) {
          visited.add(selection.name.value);
          const fragment = context.getFragment(selection.name.value);
          if (fragment) yield* defersOf(fragment.selectionSet, deep, visited);
        }
      }
    }

    return {
      OperationDefinition({ operation, selectionSet }) {
        if (operation === 'mutation')
          for (const defer of defersOf(selectionSet, false))
            refuse(defer, "A mutation's own fields can't be deferred. Defer what you ask of their payloads.");
        if (operation === 'subscription')
          for (const defer of defersOf(selectionSet, true))
            if (mustHold(defer))
              refuse(
                defer,
                "Events of a subscription can't be deferred. Take @defer away, or give it `if: false`.",
              );
        const count = countIn(selectionSet);
        const [first] = count > limits.defers ? defersOf(selectionSet, true) : [];
        if (first)
          refuse(
            first,
            `The operation defers at ${count} places; ${limits.defers} are allowed. Defer larger parts.`,
          );
        const conditions = new Map<string, DirectiveNode>();
        for (const defer of defersOf(selectionSet, true)) {
          const condition = argumentOf(defer, 'if');
          if (condition?.kind === Kind.VARIABLE) conditions.set(condition.name.value, defer);
        }
        const [beyond] = [...conditions.values()].slice(limits.deferConditions);
        if (beyond)
          refuse(
            beyond,
            `What the operation defers depends on ${conditions.size} variables; ${limits.deferConditions} are allowed, since it is planned for each way in which they fall out. Let several @defers have one variable.`,
          );
      },
      Directive(node) {
        if (node.name.value !== 'defer') return;
        const label = argumentOf(node, 'label');
        if (label === undefined || label.kind === Kind.NULL) return;
        if (label.kind !== Kind.STRING)
          return refuse(node, "The label of a @defer can't be a variable: clients tell parts by it.");
        if (labels.has(label.value))
          return refuse(
            node,
            `Two @defers have the label ${JSON.stringify(label.value)}: give each its own.`,
          );
        labels.set(label.value, node);
      },
    };
  };
}

function deferIn(directives: readonly DirectiveNode[] = []): DirectiveNode | undefined {
  return directives.find(({ name }) => name.value === 'defer');
}

function argumentOf({ arguments: given = [] }: DirectiveNode, wanted: string) {
  return given.find(({ name }) => name.value === wanted)?.value;
}

/** Whether nothing may make it hold not. */
function mustHold(defer: DirectiveNode): boolean {
  const condition = argumentOf(defer, 'if');
  return condition?.kind !== Kind.VARIABLE && !(condition?.kind === Kind.BOOLEAN && !condition.value);
}
