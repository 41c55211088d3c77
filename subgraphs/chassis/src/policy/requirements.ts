// What every field of a schema takes, read from the directives beside it.
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  valueFromASTUntyped,
} from 'graphql';
import { z } from 'zod';
import { type AuthorizationDirective, authorizationDirectives } from './directives.ts';
import { parseRule, type Rule } from './rules.ts';
import { refuseUnreadable } from './unreadable.ts';

/** One condition; `anyOf` is an OR of ANDs, as federation writes it. */
export type Condition =
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'scopes'; readonly anyOf: readonly (readonly string[])[] }
  | { readonly kind: 'policies'; readonly anyOf: readonly (readonly Rule[])[] };

/** All conditions must hold. None at all means that nobody marked the field: it is denied. */
export type Requirement = readonly Condition[];

/** Type name → field name → what it takes; object types only, since only those have values. */
export type Requirements = ReadonlyMap<string, ReadonlyMap<string, Requirement>>;

// A subgraph's own entrances, used by gateways alone: fields of entity types carry the protection.
const protocolFields = new Set(['_entities', '_service']);
const protocolTypes = new Set(['_Service', '_Entity']);

const alternatives = z.array(z.array(z.string()).min(1)).min(1);

/** A requirement as people read it. */
export function inWords(requirement: Requirement): string {
  const words = requirement.map((condition) => {
    if (condition.kind === 'authenticated') return 'a signed-in viewer';
    if (condition.kind === 'scopes') return `scope ${orOfAnds(condition.anyOf)}`;
    return orOfAnds(condition.anyOf.map((allOf) => allOf.map(({ text }) => text)));
  });
  return words.join(' and ') || 'what nobody has (it carries no mark)';
}

function orOfAnds(anyOf: readonly (readonly string[])[]): string {
  return anyOf.map((allOf) => allOf.join(' + ')).join(' or ');
}

/**
 * Reads the requirements of all object types out of a subgraph's SDL or a supergraph.
 * @throws Error for a mark that cannot be read, or that reads an argument or a field which is not there.
 */
export function readRequirements(document: DocumentNode): Requirements {
  const directives = authorizationDirectives(document);
  const requirements = new Map<string, ReadonlyMap<string, Requirement>>();
  for (const [typeName, nodes] of objectTypes(document)) {
    if (protocolTypes.has(typeName)) continue;
    const ofType = nodes.flatMap((node) => conditions(node.directives, { directives, at: typeName }));
    const fields = nodes.flatMap((node) => node.fields ?? []).filter(isPublicField);
    const entries = fields.map((field): [string, Requirement] => [
      field.name.value,
      [...ofType, ...conditions(field.directives, { directives, at: `${typeName}.${field.name.value}` })],
    ]);
    requirements.set(typeName, new Map(entries));
  }
  refuseUnreadable(document, requirements);
  return requirements;
}

// A type's definition and its extensions count as one.
function objectTypes(document: DocumentNode): Map<string, ObjectTypeNode[]> {
  const types = new Map<string, ObjectTypeNode[]>();
  for (const node of document.definitions) {
    if (!isObjectType(node)) continue;
    types.set(node.name.value, [...(types.get(node.name.value) ?? []), node]);
  }
  return types;
}

interface Place {
  directives: ReadonlyMap<string, AuthorizationDirective>;
  /** A type, or a field of it. */
  at: string;
}

function conditions(nodes: readonly ConstDirectiveNode[] | undefined, { directives, at }: Place) {
  return (nodes ?? []).flatMap((node): Condition[] => {
    switch (directives.get(node.name.value)) {
      case 'authenticated':
        return [{ kind: 'authenticated' }];
      case 'requiresScopes':
        return [{ kind: 'scopes', anyOf: argument(node, 'scopes') }];
      case 'policy':
        return [{ kind: 'policies', anyOf: rules(argument(node, 'policies'), at) }];
      default:
        return [];
    }
  });
}

function rules(policies: string[][], at: string): Rule[][] {
  try {
    return policies.map((allOf) => allOf.map(parseRule));
  } catch (cause) {
    throw new Error(`${at}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function argument(node: ConstDirectiveNode, name: string): string[][] {
  const value = node.arguments?.find((given) => given.name.value === name)?.value;
  const parsed = alternatives.safeParse(value && valueFromASTUntyped(value));
  if (parsed.success) return parsed.data;
  throw new Error(`@${node.name.value}(${name}:) must be a non-empty list of non-empty lists of strings`);
}

type ObjectTypeNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;

function isObjectType(node: { kind: Kind }): node is ObjectTypeNode {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION;
}

function isPublicField(field: FieldDefinitionNode): boolean {
  return !protocolFields.has(field.name.value);
}
