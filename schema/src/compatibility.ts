// Whether programs that were written against the released schema go on working.
import { type Change, CriticalityLevel, diff } from '@graphql-inspector/core';
import { createPolicy } from '@supergraph/chassis/policy';
import { inWords } from '@supergraph/chassis/policy/requirements';
import {
  buildSchema,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { narrowings } from './access.ts';
import type { Finding } from './finding.ts';

export interface Compatibility {
  breaking: Finding[];
  /** Changes that a careful client survives: a new enum value, the end of something deprecated. */
  notes: string[];
}

export interface SchemasToCompare {
  /** Both are public schemas, with their permissions. */
  released: string;
  current: string;
}

export async function compareSchemas({ released, current }: SchemasToCompare): Promise<Compatibility> {
  const before = buildSchema(released);
  const changes = (await diff(before, buildSchema(current))).filter(isClientsConcern);
  const isBreaking = (change: Change) =>
    change.criticality.level === CriticalityLevel.Breaking && !isEndOfDeprecated(change, before);
  const isNotable = (change: Change) =>
    change.criticality.level !== CriticalityLevel.NonBreaking && !isBreaking(change);
  return {
    breaking: [...changes.filter(isBreaking).map(findingOf), ...narrowedAccess({ released, current })],
    notes: changes.filter(isNotable).map(({ message }) => `${message}.`),
  };
}

// What directives mean is compared elsewhere: permissions below, deprecation by its own kind of change.
const concernsElsewhere = /^DIRECTIVE_/;

function isClientsConcern({ type, path = '' }: Change): boolean {
  return !concernsElsewhere.test(String(type)) || path.endsWith('oneOf');
}

// Deprecated in a release, gone in a later one: clients were told. A type goes with the last field that returned it.
function isEndOfDeprecated({ type, path = '' }: Change, released: GraphQLSchema): boolean {
  const [typeName = '', memberName = '', argumentName] = path.split('.');
  const owner = released.getType(typeName);
  if (type === 'TYPE_REMOVED') return !isSelectableByName(typeName, released);
  if (isEnumType(owner)) return type === 'ENUM_VALUE_REMOVED' && isDeprecated(owner.getValue(memberName));
  if (!isObjectType(owner) && !isInterfaceType(owner) && !isInputObjectType(owner)) return false;
  const field = owner.getFields()[memberName];
  if (type === 'FIELD_REMOVED' || type === 'INPUT_FIELD_REMOVED') return isDeprecated(field);
  if (type !== 'FIELD_ARGUMENT_REMOVED' || field === undefined || !('args' in field)) return false;
  return isDeprecated(field.args.find(({ name }) => name === argumentName));
}

function isDeprecated(
  element: { deprecationReason?: string | null | undefined } | null | undefined,
): boolean {
  return typeof element?.deprecationReason === 'string';
}

// A removal that fields don't show: `... on InvalidTenantInput` under a field that returns the interface or union.
function isSelectableByName(typeName: string, schema: GraphQLSchema): boolean {
  const type = schema.getType(typeName);
  return isObjectType(type) && type.getInterfaces().length > 0;
}

function findingOf({ type, path, message, criticality }: Change): Finding {
  return {
    where: path ?? 'schema',
    problem: [`${message}.`, criticality.reason].filter(Boolean).join(' '),
    remedy: remedyFor(String(type)),
  };
}

function remedyFor(type: string): string {
  if (type.endsWith('_REMOVED'))
    return 'Keep it, marked @deprecated(reason: "…"), and release that; remove it when nobody asks for it any more.';
  if (type.endsWith('_ADDED')) return 'Make it optional, or give it a default.';
  if (type.endsWith('TYPE_CHANGED'))
    return 'Keep it as it was, put the new one beside it under another name, and deprecate the old one.';
  return 'Undo it, or put the new beside the old and deprecate the old.';
}

function narrowedAccess({ released, current }: SchemasToCompare): Finding[] {
  return narrowings(createPolicy(released), createPolicy(current)).map(
    ({ typeName, fieldName, before, after }) => ({
      where: `${typeName}.${fieldName}`,
      problem: `It took ${inWords(before)} and takes ${inWords(after)} now, which denies it to some who read it today.`,
      remedy: `Let the old permission still suffice: policies are alternatives, @policy(policies: [["old:one"], ["new:one"]]).`,
    }),
  );
}
