import type { Counterpart, Denial } from '@supergraph/chassis/policy';
import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
} from 'graphql';

/** `Type.field` of an object type → why the viewer may not see it. */
export type Denials = ReadonlyMap<string, Denial>;

/**
 * Of fields that were denied for their arguments: the node that asks → name of the concrete type → why. By node,
 * because one operation may ask a field twice; by type, because types behind an interface may take different things.
 */
export type ArgumentDenials = ReadonlyMap<FieldNode, ReadonlyMap<string, Denial>>;

/** Whose the object must be: what stands there under `key` equals this of the viewer's. */
export interface Belonging {
  /** Response key under which the pruned operation asks for it; not part of the answer. */
  readonly key: string;
  readonly fieldName: string;
  readonly equals: Counterpart;
}

/** A field that is shown only of objects that are the viewer's: one of these must hold in full. */
export interface Ownership {
  readonly anyOf: readonly (readonly Belonging[])[];
  /** What is said where none does. */
  readonly denial: Denial;
}

/** `Type.field` of an object type → which objects show it. */
export type Ownerships = ReadonlyMap<string, Ownership>;

/** `Type.field` of all that was asked and is denied before anything is fetched. */
export function deniedCoordinates(decided: {
  denials: Denials;
  argumentDenials: ArgumentDenials;
}): Set<string> {
  const byArguments = [...decided.argumentDenials].flatMap(([{ name }, types]) =>
    [...types.keys()].map((typeName) => `${typeName}.${name.value}`),
  );
  return new Set([...decided.denials.keys(), ...byArguments]);
}

/** Object types whose values can stand where `type` is asked. */
export function concreteTypes(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
): readonly GraphQLObjectType[] {
  return isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
}

/** Whether a field belongs to the language and not to the schema's author. */
export function isMetaField(fieldName: string): boolean {
  return fieldName.startsWith('__');
}
