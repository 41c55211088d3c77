import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { isOfType } from '../execution/typeConditions.ts';
import { type Conditions, conditionsOf } from './conditions.ts';

/** A selection set and what lets it run. */
export interface ConditionalSet {
  set: SelectionSetNode;
  conditions: Conditions;
}

/** One of the places at which a document asks for the same field of the answer. */
export interface Occurrence {
  node: FieldNode;
  conditions: Conditions;
}

export interface DocumentParts {
  schema: GraphQLSchema;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** The fields of an object of `type` by response key, merged as they are when executed (GraphQL §6.3.2). */
export function collectFields(
  { schema, fragments }: DocumentParts,
  type: GraphQLObjectType,
  sets: readonly ConditionalSet[],
): Map<string, Occurrence[]> {
  const fields = new Map<string, Occurrence[]>();
  /** Fragments that are in without a condition: once more adds nothing. */
  const visited = new Set<string>();
  const applies = (condition: string | undefined) =>
    condition === undefined || isOfType(schema, type.name, condition);
  const collect = ({ set, conditions: outer }: ConditionalSet): void => {
    for (const selection of set.selections) {
      const conditions = conditionsOf(selection, outer);
      if (conditions === null) continue;
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        const known = fields.get(key);
        if (known) known.push({ node: selection, conditions });
        else fields.set(key, [{ node: selection, conditions }]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (applies(selection.typeCondition?.name.value))
          collect({ set: selection.selectionSet, conditions });
      } else {
        const name = selection.name.value;
        const fragment = fragments.get(name);
        if (visited.has(name) || !fragment || !applies(fragment.typeCondition.name.value)) continue;
        if (conditions.length === 0) visited.add(name);
        collect({ set: fragment.selectionSet, conditions });
      }
    }
  };
  for (const set of sets) collect(set);
  return fields;
}
