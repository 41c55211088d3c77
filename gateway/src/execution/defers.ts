// The `@defer`s of an operation: which of them hold, and the document in which the planner sees those that do.
import {
  type ConstDirectiveNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { fragmentsIn } from '../fragments.ts';
import { operationAlone } from '../operationAlone.ts';

/** The `@defer`s that hold in one way to answer an operation, each with its number. */
export type ActiveDefers = ReadonlyMap<DirectiveNode, number>;

/** All `@defer`s of an operation and of the fragments that it uses, in the order of their text. */
export function defersOf(document: DocumentNode, operationName: string | undefined): DirectiveNode[] {
  const found: DirectiveNode[] = [];
  visit(operationAlone(document, operationName), {
    Directive(node) {
      if (node.name.value === 'defer') found.push(node);
    },
  });
  return found;
}

export function activeDefers(
  defers: readonly DirectiveNode[],
  variables: Readonly<Record<string, unknown>>,
): ActiveDefers {
  const active = new Map<DirectiveNode, number>();
  for (const [index, defer] of defers.entries()) if (isActive(defer, variables)) active.set(defer, index);
  return active;
}

function isActive({ arguments: given = [] }: DirectiveNode, variables: Readonly<Record<string, unknown>>) {
  const condition = given.find(({ name }) => name.value === 'if')?.value;
  if (condition?.kind === Kind.BOOLEAN) return condition.value;
  return condition?.kind !== Kind.VARIABLE || variables[condition.name.value] !== false;
}

/** The `@defer` of a selection that holds. */
export function deferOf(
  directives: readonly DirectiveNode[] | undefined,
  active: ActiveDefers,
): DirectiveNode | undefined {
  return active.size === 0 ? undefined : directives?.find((directive) => active.has(directive));
}

/** What the client calls it. */
export function labelOf({ arguments: given = [] }: DirectiveNode): string | undefined {
  const label = given.find(({ name }) => name.value === 'label')?.value;
  return label?.kind === Kind.STRING ? label.value : undefined;
}

/** The number of the `@defer` that the planner knows by a label of ours. */
export function numberIn(plannedLabel: string): number {
  return Number(plannedLabel.split('_', 1)[0]);
}

/**
 * The document as the planner gets it: those that don't hold are gone, and the others have labels of ours (`numberIn`),
 * one for each place, since the planner takes equal labels for one part. So fragments that hold one stand where they
 * are spread. What the gateway knows by itself (`__schema`, `__type`) is gone, too: the planner fails on it within what
 * is deferred.
 * @returns null when nothing is left to plan
 */
export function documentToPlan(document: DocumentNode, active: ActiveDefers): DocumentNode | null {
  const fragments = fragmentsIn(document);
  const rewritten = fragmentsToRewrite(fragments);
  let places = 0;
  const directivesOf = (directives: readonly DirectiveNode[] = []): DirectiveNode[] =>
    directives.flatMap((directive) => {
      if (directive.name.value !== 'defer') return directive;
      const number = active.get(directive);
      if (number === undefined) return [];
      places += 1;
      return labelled(`${number}_${places}`);
    });
  const within = (set: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: set.selections.flatMap((selection): SelectionNode[] => {
      if (selection.kind === Kind.FIELD) {
        if (isIntrospection(selection)) return [];
        const { selectionSet } = selection;
        return [selectionSet ? { ...selection, selectionSet: within(selectionSet) } : selection];
      }
      const directives = directivesOf(selection.directives);
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : rewritten.get(selection.name.value);
      if (fragment === undefined)
        return selection.kind === Kind.FRAGMENT_SPREAD ? [{ ...selection, directives }] : [];
      const selectionSet = within(fragment.selectionSet);
      const { typeCondition } = fragment;
      if (selectionSet.selections.length === 0) return [];
      const condition = typeCondition ? { typeCondition } : {};
      return [{ kind: Kind.INLINE_FRAGMENT, ...condition, directives, selectionSet }];
    }),
  });
  const definitions = document.definitions.flatMap((definition) => {
    if (definition.kind === Kind.OPERATION_DEFINITION)
      return { ...definition, selectionSet: within(definition.selectionSet) };
    const isRewritten = definition.kind === Kind.FRAGMENT_DEFINITION && rewritten.has(definition.name.value);
    return isRewritten ? [] : definition;
  });
  const isEmpty = definitions.some(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION && definition.selectionSet.selections.length === 0,
  );
  return isEmpty ? null : { ...document, definitions };
}

/** Those that hold a `@defer` or introspection, also in others that they spread. */
function fragmentsToRewrite(
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): Map<string, FragmentDefinitionNode> {
  const known = new Map<string, boolean>();
  const isOne = (name: string): boolean => {
    let found = known.get(name);
    if (found !== undefined) return found;
    found = false;
    const fragment = fragments.get(name);
    if (fragment)
      visit(fragment.selectionSet, {
        Directive({ name: { value } }) {
          found ||= value === 'defer';
        },
        Field(field) {
          found ||= isIntrospection(field);
        },
        FragmentSpread(spread) {
          found ||= isOne(spread.name.value);
        },
      });
    known.set(name, found);
    return found;
  };
  return new Map([...fragments].filter(([name]) => isOne(name)));
}

function isIntrospection({ name }: FieldNode): boolean {
  return name.value === '__schema' || name.value === '__type';
}

function labelled(label: string): ConstDirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: 'defer' },
    arguments: [
      {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: 'label' },
        value: { kind: Kind.STRING, value: label },
      },
    ],
  };
}
