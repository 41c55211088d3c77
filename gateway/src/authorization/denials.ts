import type { Denial } from '@supergraph/chassis/policy';
import {
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
} from 'graphql';

/** `Type.field` of an object type → why the viewer may not see it. */
export type Denials = ReadonlyMap<string, Denial>;

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
