// Policies that read what is not there, or what cannot be compared, are mistakes: found when the schema is read, not
// when somebody is let in or kept out by them.
import {
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  OperationTypeNode,
  type TypeNode,
} from 'graphql';
import type { Requirement, Requirements } from './requirements.ts';
import { type ArgumentRule, type FieldRule, rulesIn } from './rules.ts';

/** @throws Error that names the field, its policy and what is wrong with it. */
export function refuseUnreadable(document: DocumentNode, requirements: Requirements): void {
  const fieldsOf = readFields(document);
  const roots = rootTypes(document);
  for (const [typeName, fields] of requirements) {
    for (const [fieldName, requirement] of fields) {
      const kinds = new Set(rulesIn(requirement).map(({ kind }) => kind));
      const at = `${typeName}.${fieldName}`;
      if (kinds.has('argument') && kinds.has('field'))
        throw new Error(`${at} reads arguments and the object: a field's policies may read one of the two`);
      for (const rule of rulesIn(requirement)) {
        const problem =
          rule.kind === 'argument'
            ? problemOfArgument(rule, fieldsOf.get(typeName)?.get(fieldName), fieldsOf)
            : rule.kind === 'field'
              ? problemOfField(rule, {
                  requirement,
                  isRoot: roots.has(typeName),
                  definitions: fieldsOf.get(typeName),
                  fields,
                })
              : undefined;
        if (problem !== undefined) throw new Error(`${at}: "${rule.text}" ${problem}`);
      }
    }
  }
}

type Fields = ReadonlyMap<string, FieldDefinitionNode | InputValueDefinitionNode>;

function problemOfArgument(
  { path: [name, ...members], of }: ArgumentRule,
  field: FieldDefinitionNode | InputValueDefinitionNode | undefined,
  fieldsOf: ReadonlyMap<string, Fields>,
): string | undefined {
  const given = field && 'arguments' in field ? field.arguments : undefined;
  let value: FieldDefinitionNode | InputValueDefinitionNode | undefined = given?.find(
    (each) => each.name.value === name,
  );
  for (const member of members) value = value && fieldsOf.get(namedType(value.type) ?? '')?.get(member);
  if (value === undefined) return 'reads an argument that is not there';
  if (!isText(value.type)) return 'reads an argument that is neither an ID nor a String';
  if (of === undefined) return undefined;
  const read = fieldsOf.get(of.typeName)?.get(of.fieldName);
  if (read === undefined) return 'reads a field that is not there';
  return isText(read.type) ? undefined : 'reads a field that is neither an ID nor a String';
}

function problemOfField(
  { fieldName, text }: FieldRule,
  given: {
    requirement: Requirement;
    isRoot: boolean;
    definitions: Fields | undefined;
    fields: ReadonlyMap<string, Requirement>;
  },
): string | undefined {
  if (given.isRoot) return 'reads the object, and at the root there is none';
  const field = given.definitions?.get(fieldName);
  if (field === undefined) return 'reads a field that is not there';
  if (!isText(field.type)) return 'reads a field that is neither an ID nor a String';
  const takesArguments =
    'arguments' in field &&
    field.arguments?.some(({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && !defaultValue);
  if (takesArguments) return 'reads a field that takes arguments';
  // Otherwise somebody would be kept from what is theirs because they may not see that it is. What the type takes is met
  // for both; and the rule itself may open the field that it reads: where it holds, that can be seen.
  const isOpen = given.fields.get(fieldName)?.every((condition) => {
    if (given.requirement.includes(condition)) return true;
    if (condition.kind !== 'policies') return condition.kind === 'authenticated';
    return condition.anyOf.some((allOf) =>
      allOf.every((rule) => rule.kind === 'public' || rule.text === text),
    );
  });
  return isOpen === true ? undefined : 'reads a field that takes more than a signed-in viewer';
}

function readFields(
  document: DocumentNode,
): Map<string, Map<string, FieldDefinitionNode | InputValueDefinitionNode>> {
  const types = new Map<string, Map<string, FieldDefinitionNode | InputValueDefinitionNode>>();
  for (const node of document.definitions) {
    if (!('fields' in node) || node.fields === undefined || !('name' in node)) continue;
    const known = types.get(node.name.value) ?? new Map();
    for (const field of node.fields) known.set(field.name.value, field);
    types.set(node.name.value, known);
  }
  return types;
}

function rootTypes(document: DocumentNode): Set<string> {
  const names = new Set(['Query', 'Mutation', 'Subscription']);
  for (const node of document.definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const { operation, type } of node.operationTypes ?? [])
      if (Object.values(OperationTypeNode).includes(operation)) names.add(type.name.value);
  }
  return names;
}

function namedType(type: TypeNode): string | undefined {
  if (type.kind === Kind.NON_NULL_TYPE) return namedType(type.type);
  return type.kind === Kind.NAMED_TYPE ? type.name.value : undefined; // a list is none
}

function isText(type: TypeNode): boolean {
  return ['ID', 'String'].includes(namedType(type) ?? '');
}
