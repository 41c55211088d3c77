// The data behind every subgraph of a case, and behind the one schema that they are compared with. Nothing is
// stored: each value follows from the seed, its object, its field and the arguments.
import {
  type GraphQLOutputType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import type { Model } from './model.ts';
import { hash } from './random.ts';

/** An object of the world; `id` is unique over all types. */
export interface Thing {
  type: string;
  id: string;
  /** What a gateway sent of it, where a subgraph came to it by reference. */
  representation?: Readonly<Record<string, unknown>>;
}

export interface World {
  root(type: string): Thing;
  /** All things of a concrete type. */
  things(type: string): readonly Thing[];
  /** A scalar, a thing, null, or lists of them. */
  value(thing: Thing, fieldName: string, given: Arguments): unknown;
  /** The same, computed from what was sent instead of from the whole world. */
  computed(thing: Thing, fieldName: string, given: Arguments): unknown;
  /** Fields selected of a thing, as JSON. */
  select(thing: Thing, selection: SelectionSetNode): Record<string, unknown>;
}

export type Arguments = Readonly<Record<string, unknown>>;

/** So many things there are of each type; few, so that one often meets the same again. */
const population = 4;

export function createWorld(model: Model, seed: string): World {
  const roots = ['Query', 'Mutation', 'Subscription'];
  let changes = 0;

  function typeOf(thing: Thing, fieldName: string): GraphQLOutputType {
    const type = model.supergraphSchema.getType(thing.type);
    const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
    if (!field) throw new Error(`${thing.type} has no field ${fieldName}.`);
    return field.type;
  }

  function generate(thing: Thing, fieldName: string, salt: string): unknown {
    const strictness = model.strictness(thing.type, fieldName);
    const possible = model.possibleTypes(thing.type, fieldName);
    const at = (outer: GraphQLOutputType, level: number, place: string): unknown => {
      const type = isNonNullType(outer) ? outer.ofType : outer;
      const roll = hash(`${seed}|${place}`);
      if (type === outer && strictness[level] !== true && roll % 7 === 0) return null;
      if (isListType(type)) {
        const length = (roll >>> 4) % 4;
        return Array.from({ length }, (_, index) => at(type.ofType, level + 1, `${place}.${index}`));
      }
      const chosen = possible[(roll >>> 8) % Math.max(possible.length, 1)];
      if (chosen !== undefined && isObjectType(model.supergraphSchema.getType(chosen))) {
        // What keys lead through is one thing for each, so that no two share a key.
        const own = model.isKeyField(fieldName)
          ? things(thing.type).findIndex(({ id }) => id === thing.id)
          : -1;
        return roots.includes(chosen)
          ? root(chosen)
          : things(chosen)[own < 0 ? (roll >>> 16) % population : own];
      }
      return leaf(type, place);
    };
    const leaf = (type: GraphQLOutputType, place: string): unknown => {
      const roll = hash(`${seed}#${place}`);
      const name = String(type);
      if (isEnumType(type)) return type.getValues()[roll % type.getValues().length]?.name;
      if (name === 'ID')
        return fieldName === 'id' ? thing.id : `${thing.id}.${place.slice(thing.id.length + 1)}`;
      if (name === 'Int') return (roll % 5) - 1;
      if (name === 'Float') return (roll % 9) / 4;
      if (name === 'Boolean') return roll % 2 === 0;
      // Sometimes empty, as 0 and false are above: what is falsy is not missing.
      if (name === 'String') return roll % 9 === 0 ? '' : place;
      return { place, roll };
    };
    return at(typeOf(thing, fieldName), 0, salt);
  }

  function saltOf(thing: Thing, fieldName: string, given: Arguments): string {
    const names = Object.keys(given).sort();
    const args = names.length > 0 ? `(${names.map((name) => `${name}:${JSON.stringify(given[name])}`)})` : '';
    // Changes know their place in the order: one made too early, twice or not at all shows in all that follow.
    const turn = thing.type === 'Mutation' ? `#${++changes}` : '';
    return `${thing.id}.${fieldName}${args}${turn}`;
  }

  function things(type: string): readonly Thing[] {
    return Array.from({ length: population }, (_, index) => ({ type, id: `${type}${index + 1}` }));
  }

  function root(type: string): Thing {
    return { type, id: type };
  }

  function select(thing: Thing, { selections }: SelectionSetNode): Record<string, unknown> {
    const selected: Record<string, unknown> = {};
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value;
        if (condition === undefined || model.isOf(thing.type, condition))
          Object.assign(selected, select(thing, selection.selectionSet));
      } else if (selection.kind === Kind.FIELD && selection.name.value !== '__typename') {
        const given = Object.fromEntries(
          (selection.arguments ?? []).map(({ name, value: node }) => [name.value, valueFromASTUntyped(node)]),
        );
        const set = selection.selectionSet;
        const complete = (item: unknown): unknown =>
          Array.isArray(item) ? item.map(complete) : isThing(item) && set ? select(item, set) : item;
        selected[selection.name.value] = complete(value(thing, selection.name.value, given));
      }
    }
    return selected;
  }

  function value(thing: Thing, fieldName: string, given: Arguments): unknown {
    const requirement = model.requirement(thing.type, fieldName);
    const known = requirement ? canonical(select(thing, requirement), requirement) : '';
    return generate(thing, fieldName, saltOf(thing, fieldName, given) + known);
  }

  return {
    root,
    things,
    select,
    value,
    computed(thing, fieldName, given) {
      const requirement = model.requirement(thing.type, fieldName);
      if (!requirement) return value(thing, fieldName, given);
      if (!thing.representation)
        throw new Error(`${thing.id}.${fieldName} was asked for without what it requires.`);
      return generate(
        thing,
        fieldName,
        saltOf(thing, fieldName, given) + canonical(thing.representation, requirement),
      );
    },
  };
}

export function isThing(value: unknown): value is Thing {
  return typeof value === 'object' && value !== null && 'type' in value && 'id' in value;
}

/** The same text for the same selected values, whatever else was sent along with them. */
function canonical(value: unknown, selection: SelectionSetNode | undefined): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, selection))}]`;
  if (!selection || typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const entries = new Map<string, string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const each of selections) {
      if (each.kind === Kind.INLINE_FRAGMENT) collect(each.selectionSet);
      else if (each.kind === Kind.FIELD && each.name.value !== '__typename' && each.name.value in value) {
        const inner: unknown = Reflect.get(value, each.name.value);
        entries.set(each.name.value, canonical(inner, each.selectionSet));
      }
    }
  };
  collect(selection);
  return `{${[...entries].sort().map(([name, text]) => `${name}:${text}`)}}`;
}
