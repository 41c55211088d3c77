// What an operation's selections cost, worked out once per document.
import type { CostDirectives, ListSize } from '@supergraph/chassis/cost-directives';
import {
  type GraphQLNamedOutputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import { argumentsCost, defaultListSize, type FieldCall, sizeOf } from './arguments.ts';
import { type ConditionalSet, collectFields, type DocumentParts, type Occurrence } from './collectFields.ts';
import { anyRuns, conditionsKey, unconditional } from './conditions.ts';
import { largest, product, sum, type Term, type Variables } from './terms.ts';

/** What is asked of an object of one type. */
export interface CostedSelection {
  fields: readonly CostedField[];
  /** Of one such object, without the object itself. */
  cost: Term;
  /** How many values without fields one such object may bring, with all that hangs on it. */
  values: Term;
}

export interface CostedField {
  responseKey: string;
  /** Of asking for it once, whatever comes back. */
  call: Term;
  /** Of one value of it, by the object's type; `''` for values without fields. */
  weights: ReadonlyMap<string, number>;
  /** What is asked of its objects, by their type. */
  selections: ReadonlyMap<string, CostedSelection>;
  /** All of it, for one object that it is asked of. */
  cost: Term;
  /** How many values without fields it may bring, for one object that it is asked of. */
  values: Term;
}

export interface SelectionsOptions extends DocumentParts {
  directives: CostDirectives;
  /** Told of each field that is paged, for each place at which it is asked. */
  onPaged(call: FieldCall, listSize: ListSize): void;
}

/** A document that asks for more than this on all its concrete types is not worth working out. */
const mostFields = 50_000;

export class TooManyFields extends Error {}

/** The sizes that the field above gave to lists of this object. */
interface Sized {
  fields: readonly string[];
  size: Term;
}

export function createCostedSelections(options: SelectionsOptions) {
  const { schema, directives, onPaged } = options;
  const { weights, listSizes } = directives;
  const known = new Map<string, CostedSelection>();
  const ids = new Map<SelectionSetNode, number>();
  let fieldsSeen = 0;

  function selection(
    type: GraphQLObjectType,
    sets: readonly ConditionalSet[],
    sized?: Sized,
  ): CostedSelection {
    // Concrete types multiply from level to level of interfaces, though most of what is asked of them is the same.
    const key = sized ? undefined : keyOf(type, sets);
    const remembered = key === undefined ? undefined : known.get(key);
    if (remembered) return remembered;
    const asked = collectFields(options, type, sets);
    const fields = [...asked].flatMap(
      ([responseKey, occurrences]) => field({ type, responseKey, occurrences, sized }) ?? [],
    );
    const typeNames = [...asked.values()].filter(([first]) => first?.node.name.value === '__typename');
    const made = {
      fields,
      cost: sum(fields.map(({ cost }) => cost)),
      values: sum([typeNames.length, ...fields.map(({ values }) => values)]),
    };
    if (key !== undefined) known.set(key, made);
    return made;
  }

  function field(asked: {
    type: GraphQLObjectType;
    responseKey: string;
    occurrences: readonly Occurrence[];
    sized: Sized | undefined;
  }): CostedField | null {
    const { type, responseKey, occurrences, sized } = asked;
    fieldsSeen += 1;
    if (fieldsSeen > mostFields) throw new TooManyFields();
    const [first] = occurrences;
    const definition = first && type.getFields()[first.node.name.value];
    // Introspection is bounded by the schema, and __typename is no work but a value.
    if (!definition) return null;
    const coordinate = `${type.name}.${definition.name}`;
    const call: FieldCall = { coordinate, field: definition, node: first.node };
    const listSize = listSizes.get(coordinate);
    if (listSize) onPaged(call, listSize);
    const size = listSize ? sizeOf(call, listSize) : undefined;
    const levels = listLevels(definition.type);
    const count =
      levels === 0 ? 1 : sized?.fields.includes(definition.name) ? sized.size : (size ?? defaultListSize);
    const below =
      listSize && levels === 0 && size !== undefined ? { fields: listSize.sizedFields, size } : undefined;
    const returned = getNamedType(definition.type);
    const selections = new Map(
      concreteTypes(returned).map((concrete) => [
        concrete.name,
        selection(concrete, setsOf(occurrences), below),
      ]),
    );
    const own = weights.get(coordinate);
    const weightOf = (typeName: string, otherwise: number) => own ?? weights.get(typeName) ?? otherwise;
    const valueWeights =
      selections.size === 0
        ? new Map([['', weightOf(returned.name, 0)]])
        : new Map([...selections.keys()].map((name) => [name, weightOf(name, 1)]));
    const each = largest(
      [...valueWeights].map(([name, weight]) => sum([weight, selections.get(name)?.cost ?? 0])),
    );
    const valuesOfEach =
      selections.size === 0 ? 1 : largest([...selections.values()].map(({ values }) => values));
    const inLists = (one: Term) => {
      let all = one;
      for (let level = 0; level < levels; level += 1) all = product(count, all);
      return all;
    };
    const called = argumentsCost(call, directives);
    const runs = anyRuns(occurrences.map(({ conditions }) => conditions));
    return {
      ...{ responseKey, call: called, weights: valueWeights, selections },
      cost: onlyIf(runs, sum([called, inLists(each)])),
      values: onlyIf(runs, inLists(valuesOfEach)),
    };
  }

  function concreteTypes(type: GraphQLNamedOutputType): readonly GraphQLObjectType[] {
    if (isObjectType(type)) return [type];
    return isAbstractType(type) ? schema.getPossibleTypes(type) : [];
  }

  function keyOf(type: GraphQLObjectType, sets: readonly ConditionalSet[]): string {
    const parts = sets.map(({ set, conditions }) => {
      const id = ids.get(set) ?? ids.size;
      ids.set(set, id);
      return `${id}${conditionsKey(conditions)}`;
    });
    return `${type.name} ${parts.join(' ')}`;
  }

  return { selection };
}

function setsOf(occurrences: readonly Occurrence[]): ConditionalSet[] {
  return occurrences.flatMap(({ node, conditions }) =>
    node.selectionSet
      ? // What stands in a field that is asked for at one place runs whenever the field does.
        [{ set: node.selectionSet, conditions: occurrences.length === 1 ? unconditional : conditions }]
      : [],
  );
}

function onlyIf(runs: ((variables: Variables) => boolean) | null, cost: Term): Term {
  if (runs === null || cost === 0) return cost;
  return (variables) => (runs(variables) ? (typeof cost === 'number' ? cost : cost(variables)) : 0);
}

function listLevels(type: GraphQLOutputType): number {
  if (isNonNullType(type)) return listLevels(type.ofType);
  return isListType(type) ? 1 + listLevels(type.ofType) : 0;
}
