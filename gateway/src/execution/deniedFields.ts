// Fields that the viewer may not see: null in the answer, with an error that says why. Of some, each object decides.
import type { Denial, FieldCoordinate, Policy } from '@supergraph/chassis/policy';
import { isViewers } from '@supergraph/chassis/policy/rules';
import type { Viewer } from '@supergraph/chassis/viewer';
import {
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { AuthorizedOperation } from '../authorization/authorizeOperation.ts';
import { DenialError, knownDenial } from '../authorization/denialErrors.ts';
import type { Ownership } from '../authorization/denials.ts';
import type { JsonObject } from './mergeData.ts';
import { addDenial, pathOf, placeKey, type WriteValue } from './shapeProgress.ts';

export interface DeniedFieldsOptions {
  /** What clients see. */
  schema: GraphQLSchema;
  policy: Policy;
  authorized: Pick<AuthorizedOperation, 'denials' | 'argumentDenials' | 'ownerships'>;
}

export interface AskedField {
  type: GraphQLNamedType;
  /** Answered as one: they have equal names and arguments. */
  nodes: readonly FieldNode[];
}

/** A field that is shown only of objects that are the viewer's. */
export interface Guard {
  isOwned(object: JsonObject, viewer: Viewer): boolean;
  deny: WriteValue;
}

/** What stands in place of a field that is denied whatever its object is; undefined where it is not. */
export function compileDenied(options: DeniedFieldsOptions, field: AskedField): WriteValue | undefined {
  const denial = denialOf(options, field);
  return denial && deny(options, { denial, field });
}

export function compileGuard(options: DeniedFieldsOptions, field: AskedField): Guard | undefined {
  const { coordinate, definition } = definitionOf(field);
  const ownership = options.authorized.ownerships.get(`${coordinate.typeName}.${coordinate.fieldName}`);
  if (!ownership || !definition) return undefined;
  const write = deny(options, { denial: ownership.denial, field });
  return {
    isOwned: (object, viewer) => isOwned(ownership, object, viewer),
    deny(value, key, within, progress) {
      progress.disowned.add(placeKey(pathOf(key, within)));
      return write(value, key, within, progress);
    },
  };
}

/** @returns no definition for what the schema has of itself: `__typename`, `__schema` and `__type` */
export function definitionOf({ type, nodes }: AskedField) {
  const fieldName = nodes[0]?.name.value ?? '';
  const coordinate: FieldCoordinate = { typeName: type.name, fieldName };
  const definition = isObjectType(type) || isInterfaceType(type) ? type.getFields()[fieldName] : undefined;
  return { coordinate, definition };
}

function denialOf(
  { schema, authorized }: DeniedFieldsOptions,
  { type, nodes }: AskedField,
): Denial | undefined {
  const [node] = nodes;
  if (node === undefined) return undefined;
  const { denials, argumentDenials } = authorized;
  const of = (typeName: string) =>
    denials.get(`${typeName}.${node.name.value}`) ?? argumentDenials.get(node)?.get(typeName);
  if (!isInterfaceType(type)) return of(type.name);
  // Known only where no type behind the interface shows it: otherwise the concrete type was asked for.
  const all = schema.getPossibleTypes(type).map(({ name }) => of(name));
  return all.includes(undefined) ? undefined : all[0];
}

function deny(
  { policy }: DeniedFieldsOptions,
  { denial, field }: { denial: Denial; field: AskedField },
): WriteValue {
  const { coordinate, definition } = definitionOf(field);
  const { typeName, fieldName } = coordinate;
  const isNonNull = definition ? isNonNullType(definition.type) : fieldName === '__schema';
  const known = knownDenial(denial, policy, { coordinate, nodes: field.nodes });
  const name = `${typeName}.${fieldName}`;
  return (_value, key, within, progress) => {
    if (addDenial(progress, name)) progress.denials.push(new DenialError(known, pathOf(key, within)));
    return isNonNull ? undefined : 'null';
  };
}

function isOwned({ anyOf }: Ownership, object: JsonObject, viewer: Viewer): boolean {
  return anyOf.some((allOf) => allOf.every(({ key, equals }) => isViewers(object[key], viewer, equals)));
}
