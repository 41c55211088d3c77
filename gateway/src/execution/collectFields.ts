import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLNamedType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { type ActiveDefers, deferOf } from './defers.ts';
import { isOfType } from './typeConditions.ts';

export interface SelectionContext {
  schema: GraphQLSchema;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Values of the variables in `@skip` and `@include`. */
  conditions: Readonly<Record<string, unknown>>;
  /** What is left for later. */
  defers: ActiveDefers;
}

export interface DeferredSelection {
  defer: DirectiveNode;
  set: SelectionSetNode;
  /** Set where only the interface is known of the values, and which type they have may be known by then. */
  condition: string | undefined;
}

export interface CollectedFields {
  /** By response key, in the order asked. */
  fields: Map<string, FieldNode[]>;
  /** Selections on the same values that are answered later. */
  deferred: DeferredSelection[];
}

/** The fields that are asked of values of `type` (GraphQL §6.3.2). */
export function collectFields(
  { schema, fragments, conditions, defers }: SelectionContext,
  type: GraphQLNamedType,
  sets: readonly SelectionSetNode[],
): CollectedFields {
  const fields = new Map<string, FieldNode[]>();
  const deferred: CollectedFields['deferred'] = [];
  const visited = new Set<string>();
  const applies = (condition: string | undefined) =>
    condition === undefined || isOfType(schema, type.name, condition);
  const collect = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (!isIncluded(selection, conditions)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        const known = fields.get(key);
        if (known) known.push(selection);
        else fields.set(key, [selection]);
        continue;
      }
      const defer = deferOf(selection.directives, defers);
      const name = selection.kind === Kind.FRAGMENT_SPREAD ? selection.name.value : undefined;
      if (name !== undefined && defer === undefined) {
        if (visited.has(name)) continue;
        visited.add(name);
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      if (!fragment) continue;
      const { selectionSet: inside } = fragment;
      const condition = fragment.typeCondition?.name.value;
      const isApplied = applies(condition);
      if (defer) {
        if (isApplied) deferred.push({ defer, set: inside, condition: undefined });
        else if (condition !== undefined && isOfType(schema, condition, type.name))
          deferred.push({ defer, set: inside, condition });
      } else if (isApplied) collect(inside);
    }
  };
  for (const set of sets) collect(set);
  return { fields, deferred };
}

/** Whether `@skip` and `@include` leave a selection in. */
export function isIncluded(selection: SelectionNode, conditions: Readonly<Record<string, unknown>>): boolean {
  if (!selection.directives?.length) return true;
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, conditions);
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, conditions);
  return skip?.if !== true && include?.if !== false;
}
