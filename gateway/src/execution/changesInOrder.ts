// Changes as the planner makes them in their order, and each once (@apollo/query-planner 2.14): it brings those together
// that stand in fragments of one condition, reorders what a fragment has beside a `__typename`, and makes a change that
// is asked for under two conditions again after one of another subgraph. GraphQL makes it once, where it is first
// included (§6.3.2).
import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsIn } from '../fragments.ts';
import { operationAlone } from '../operationAlone.ts';

/** A field of the root, with all the conditions under which it is asked for. */
interface Asked {
  key: string;
  field: FieldNode;
  conditions: readonly DirectiveNode[];
  /** It is made in its place whatever else is asked for, since it is answered by itself. */
  isDeferred: boolean;
}

/**
 * A mutation with its changes beside each other, each at every place where it may be first included, under the condition
 * that it is: so at most one of them is made. Which type the root has is known by itself. Any other document comes back
 * as it is.
 */
export function withChangesInOrder(document: DocumentNode, operationName: string | undefined): DocumentNode {
  const fragments = fragmentsIn(document);
  const definitions = document.definitions.map((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION && definition.operation === OperationTypeNode.MUTATION
      ? inOrder(definition, fragments)
      : definition,
  );
  const isSame = definitions.every((definition, index) => definition === document.definitions[index]);
  // The planner would find uses for fragments that are used no more.
  return isSame ? document : operationAlone({ ...document, definitions }, operationName);
}

function inOrder(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): OperationDefinitionNode {
  const { selectionSet } = operation;
  if (isPlain(selectionSet)) return operation;
  const all = rootFields(selectionSet, { fragments, conditions: [], isDeferred: false });
  const asked = all.filter(({ field }) => field.name.value !== '__typename');
  if (asked.length === 0 || asked.some(({ isDeferred }) => isDeferred)) return operation;
  const byKey = new Map<string, Asked[]>();
  for (const each of asked) byKey.set(each.key, [...(byKey.get(each.key) ?? []), each]);
  const selections = asked.flatMap((each) => {
    const same = byKey.get(each.key) ?? [];
    const place = same.indexOf(each);
    const field = together(same.slice(place));
    return noneOf(same.slice(0, place)).flatMap((branch) => under([...branch, ...each.conditions], field));
  });
  return { ...operation, selectionSet: { ...selectionSet, selections } };
}

/** Fields alone, each asked for once. */
function isPlain({ selections }: SelectionSetNode): boolean {
  const keys = selections.flatMap((selection) =>
    selection.kind === Kind.FIELD && selection.name.value !== '__typename'
      ? (selection.alias ?? selection.name).value
      : [],
  );
  return keys.length === selections.length && new Set(keys).size === keys.length;
}

interface Around {
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  conditions: readonly DirectiveNode[];
  isDeferred: boolean;
}

/** The fields of the root in their order, whatever fragments they stand in. */
function rootFields({ selections }: SelectionSetNode, around: Around): Asked[] {
  const { fragments, conditions } = around;
  return selections.flatMap((selection): Asked[] => {
    const own = [...conditions, ...(selection.directives ?? []).filter(isCondition)];
    if (selection.kind === Kind.FIELD) {
      const directives = selection.directives?.filter((directive) => !isCondition(directive)) ?? [];
      const key = (selection.alias ?? selection.name).value;
      return [{ key, field: { ...selection, directives }, conditions: own, isDeferred: around.isDeferred }];
    }
    const isDeferred =
      around.isDeferred || selection.directives?.some(({ name }) => name.value === 'defer') === true;
    const set =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : fragments.get(selection.name.value)?.selectionSet;
    return set ? rootFields(set, { fragments, conditions: own, isDeferred }) : [];
  });
}

function isCondition({ name }: DirectiveNode): boolean {
  return name.value === 'skip' || name.value === 'include';
}

/** Conditions, each for a case of its own, of which one holds where none of the earlier fields is included. */
function noneOf(earlier: readonly Asked[]): DirectiveNode[][] {
  return earlier.reduce<DirectiveNode[][]>(
    (branches, { conditions }) =>
      branches.flatMap((branch) =>
        // The first of them that does not hold.
        conditions.map((condition, index) => [...branch, ...conditions.slice(0, index), opposite(condition)]),
      ),
    [[]],
  );
}

function opposite(condition: DirectiveNode): DirectiveNode {
  const value = condition.name.value === 'skip' ? 'include' : 'skip';
  return { ...condition, name: { ...condition.name, value } };
}

/** The first of some, which selects what the others select, too. */
function together([first, ...others]: readonly Asked[]): FieldNode | undefined {
  if (first === undefined || first.field.selectionSet === undefined) return first?.field;
  const { field } = first;
  const added = others.flatMap(({ field: { selectionSet }, conditions }): SelectionNode[] =>
    selectionSet ? [fragmentUnder(conditions, selectionSet.selections)] : [],
  );
  const selections = [...(field.selectionSet?.selections ?? []), ...added];
  return { ...field, selectionSet: { kind: Kind.SELECTION_SET, selections } };
}

function fragmentUnder(
  [condition, ...rest]: readonly DirectiveNode[],
  selections: readonly SelectionNode[],
): SelectionNode {
  return {
    kind: Kind.INLINE_FRAGMENT,
    directives: condition ? [condition] : [],
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: rest.length > 0 ? [fragmentUnder(rest, selections)] : selections,
    },
  };
}

/** The field under its conditions, which stand with it as far as each directive can stand there once. */
function under(conditions: readonly DirectiveNode[], field: FieldNode | undefined): SelectionNode[] {
  const texts = new Map(conditions.map((condition) => [print(condition), condition]));
  const isNever = [...texts.values()].some((condition) => texts.has(print(opposite(condition))));
  if (field === undefined || isNever) return [];
  const own = new Map<string, DirectiveNode>();
  const outer: DirectiveNode[] = [];
  for (const condition of texts.values()) {
    const { value } = condition.name;
    if (own.has(value)) outer.push(condition);
    else own.set(value, condition);
  }
  const conditional = { ...field, directives: [...(field.directives ?? []), ...own.values()] };
  return [outer.length > 0 ? fragmentUnder(outer, [conditional]) : conditional];
}
