// For tests only: where operations take an id, and how to ask each with any id there. All of it is read from the public
// schema, so that a new operation is asked as soon as it is in there.
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

type Field = GraphQLField<unknown, unknown>;
type Taken = GraphQLArgument | GraphQLInputField;

/** A place of an operation that takes an id. */
export interface Slot {
  field: Field;
  /** Such as `updateGroup.input.roleIds`. */
  name: string;
}

export function slotsOf(root: GraphQLObjectType): Slot[] {
  return Object.values(root.getFields()).flatMap((field) =>
    field.args.flatMap((taken) => idsBelow(taken, field.name).map((name) => ({ field, name }))),
  );
}

function idsBelow(taken: Taken, above: string): string[] {
  const name = `${above}.${taken.name}`;
  const type = getNamedType(taken.type);
  if (isInputObjectType(type)) return Object.values(type.getFields()).flatMap((one) => idsBelow(one, name));
  return type.name === 'ID' ? [name] : [];
}

export interface Filling {
  slot: Slot;
  id: string;
  /** An object of the asker's own, by the name of its type. */
  ownId(typeName: string): string;
  /** A value of a required argument that takes no id, by its name. */
  madeUp(name: string): unknown;
}

/** Arguments with the id in its slot, and beside it no more than is required, all of it the asker's own. */
export function fill({ slot, ...filling }: Filling): Record<string, unknown> {
  return objectOf(slot.field.args, slot.field.name, { slot, ...filling });
}

function objectOf(taken: readonly Taken[], above: string, filling: Filling): Record<string, unknown> {
  const { slot } = filling;
  const given = taken
    .filter(({ name, type }) => isNonNullType(type) || `${slot.name}.`.startsWith(`${above}.${name}.`))
    .map((one) => [one.name, valueIn(one.type, `${above}.${one.name}`, filling)] as const);
  return Object.fromEntries(given);
}

function valueIn(wanted: GraphQLInputType, at: string, filling: Filling): unknown {
  const { slot, id, ownId, madeUp } = filling;
  const type = getNullableType(wanted);
  const isAsked = `${slot.name}.`.startsWith(`${at}.`);
  if (isListType(type)) return isAsked ? [valueIn(type.ofType, at, filling)] : (madeUp(lastOf(at)) ?? []);
  if (at === slot.name) return id;
  if (isInputObjectType(type)) return objectOf(Object.values(type.getFields()), at, filling);
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (type.name === 'ID') return ownId(typeNamed(at, slot.field));
  if (type.name === 'Boolean') return true;
  const value = madeUp(lastOf(at));
  if (value === undefined) throw new Error(`Say in values.ts what ${at} shall be.`);
  return value;
}

const lastOf = (at: string) => at.slice(at.lastIndexOf('.') + 1);

/** `roleIds`, `inheritedRoleIds` and `roleId` are of roles; a bare `id` is of what the operation answers with. */
function typeNamed(at: string, field: Field): string {
  const name = lastOf(at);
  if (name !== 'id')
    return (name.match(/[A-Za-z][a-z]*(?=Ids?$)/)?.[0] ?? name).replace(/^./, (c) => c.toUpperCase());
  const answer = getNamedType(field.type);
  if (!isObjectType(answer)) return answer.name;
  const changed = Object.values(answer.getFields()).map(({ type }) => getNamedType(type));
  return changed.find((type) => isObjectType(type) && 'id' in type.getFields())?.name ?? answer.name;
}

/** Everything that needs no arguments, as deep as it is told, and no more than two of a list. */
export function selectionOf(field: Pick<Field, 'type'>, depth = 3): string {
  const type = getNamedType(field.type);
  if (!isCompositeType(type)) return '';
  if (depth === 0 || !('getFields' in type)) return '{ __typename }';
  const inner = Object.values(type.getFields())
    .filter(({ args }) => args.every((arg) => !isNonNullType(arg.type)))
    .filter((one) => depth > 1 || !isCompositeType(getNamedType(one.type)))
    .map((one) => `${one.name}${few(one)} ${selectionOf(one, depth - 1)}`);
  return `{ __typename ${inner.join(' ')} }`;
}

/** The argument that bounds a list. */
export const few = ({ args }: Pick<Field, 'args'>) =>
  args.some(({ name }) => name === 'first') ? '(first: 2)' : '';
