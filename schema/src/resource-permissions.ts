// Every resource has permissions of its own: one that reads it and, where mutations change it, one that does that. And
// what can be granted is asked for somewhere. A resource is an object type with an id; what only stands in others, such
// as a page, an error or a reading, goes with them.
import type { Requirement, Requirements } from '@supergraph/chassis/policy';
import { readRequirements } from '@supergraph/chassis/policy/requirements';
import { permissionOf, rulesIn } from '@supergraph/chassis/policy/rules';
import { type FieldDefinitionNode, Kind, type ObjectTypeDefinitionNode, type TypeNode } from 'graphql';
import type { Finding } from './finding.ts';
import type { Subgraph } from './subgraphs.ts';

export interface ResourceLintOptions {
  /** All of them: an entity's permissions may stand in another subgraph. */
  subgraphs: readonly Subgraph[];
  /** All that can be granted. */
  permissions: readonly string[];
  /** Those of them that something else than a subgraph's SDL asks for. */
  askedElsewhere: readonly string[];
}

const permissionsFile = 'subgraphs/arthemiz/src/roles/rules.ts';
/** Who asks is no resource, and what only they reach is their own. */
const viewerType = 'Viewer';

/** Lints all subgraphs together. Takes SDL whose marks can be read. */
export function lintResources({ subgraphs, permissions, askedElsewhere }: ResourceLintOptions): Finding[] {
  const types = subgraphs.flatMap(objectsOf);
  const asked = new Set(types.flatMap(({ fields }) => fields.flatMap(({ asks }) => asks)));
  const unasked = permissions.filter((each) => !asked.has(each) && !askedElsewhere.includes(each));
  const resources = new Set(types.filter(isResource).map(({ name }) => name));
  return [
    ...[...resources].flatMap((name) => [
      ...lintReading(name, { types, permissions }),
      ...lintChanging(name, types),
    ]),
    ...unasked.map((permission) => ({
      where: permissionsFile,
      problem: `"${permission}" can be granted, and nothing asks for it.`,
      remedy: 'Name it in the SDL of a subgraph, or take it out.',
    })),
  ];
}

interface ObjectType {
  name: string;
  where: string;
  fields: ObjectField[];
  node: ObjectTypeDefinitionNode;
}

interface ObjectField {
  name: string;
  /** Without lists and exclamation marks. */
  type: string;
  /** Permissions that its policies name, its type's included. */
  asks: string[];
}

function objectsOf({ document, file }: Subgraph): ObjectType[] {
  const requirements: Requirements = readRequirements(document);
  return document.definitions.flatMap((node) => {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) return [];
    const name = node.name.value;
    const fields = (node.fields ?? []).map((field) => ({
      ...{ name: field.name.value, type: namedType(field) },
      asks: permissionsIn(requirements.get(name)?.get(field.name.value) ?? []),
    }));
    return [{ name, fields, node, where: `${file}:${node.name.loc?.startToken.line ?? 1}` }];
  });
}

function isResource({ name, node }: ObjectType): boolean {
  const id = node.fields?.find((field) => field.name.value === 'id');
  return id !== undefined && namedType(id) === 'ID' && name !== viewerType && !isReference(node);
}

/** `@key(resolvable: false)`: it is another subgraph's. */
function isReference({ directives = [] }: ObjectTypeDefinitionNode): boolean {
  return directives.some((directive) =>
    directive.arguments?.some(
      ({ name, value }) => name.value === 'resolvable' && value.kind === Kind.BOOLEAN && !value.value,
    ),
  );
}

function lintReading(
  name: string,
  { types, permissions }: { types: readonly ObjectType[]; permissions: readonly string[] },
): Finding[] {
  const permission = `${wordsOf(name)}:read`;
  const itself = types.filter((type) => type.name === name);
  const ways = waysTo(name, types);
  if (isOwn(ways)) return [];
  const asks = [...itself, ...ways].flatMap(({ fields }) => fields).flatMap((field) => field.asks);
  if (permissions.includes(permission) && asks.includes(permission)) return [];
  return [
    {
      where: itself[0]?.where ?? name,
      problem: `${name} has no permission to read it: nothing on the way to it takes "${permission}".`,
      remedy: `Add "${permission}" to ${permissionsFile}, and let ${name} or the fields that return it take it.`,
    },
  ];
}

function lintChanging(name: string, types: readonly ObjectType[]): Finding[] {
  const tells = (payload: string) =>
    types.some((type) => type.name === payload && type.fields.some((field) => isChanged(name, field)));
  const changes = types
    .filter((type) => type.name === 'Mutation')
    .flatMap(({ fields }) => fields)
    .filter((field) => tells(field.type));
  const isGuarded = changes.some(({ asks }) => asks.some((permission) => !permission.endsWith(':read')));
  if (changes.length === 0 || isGuarded || isOwn(waysTo(name, types))) return [];
  return [
    {
      where: types.find((type) => type.name === name)?.where ?? name,
      problem: `Whoever is signed in may change ${name}: by ${changes.map((field) => field.name).join(', ')}.`,
      remedy: `Let one of them take a permission, such as "${wordsOf(name)}:write".`,
    },
  ];
}

/** The types by which operations come to it, with the fields that lead there, pages left out. */
function waysTo(name: string, types: readonly ObjectType[]): Pick<ObjectType, 'name' | 'fields'>[] {
  const holds = (type: ObjectType) => type.fields.some((field) => field.type === name);
  const pages = types.filter((type) => holds(type) && type.name.startsWith(name)).map((type) => type.name);
  const payloads = types
    .filter((type) => type.name === 'Mutation')
    .flatMap(({ fields }) => fields.map(({ type }) => type));
  return types
    .filter((type) => !pages.includes(type.name) && !payloads.includes(type.name))
    .map((type) => ({
      name: type.name,
      fields: type.fields.filter((field) => field.type === name || pages.includes(field.type)),
    }))
    .filter(({ fields }) => fields.length > 0);
}

/** What people reach as theirs alone takes no permission. */
function isOwn(ways: readonly { name: string }[]): boolean {
  return ways.length > 0 && ways.every(({ name }) => name === viewerType);
}

/** Whether a field of a mutation's payload tells of a change of the resource. */
function isChanged(resource: string, { name, type }: ObjectField): boolean {
  return type === resource || name === `deleted${resource}Id`;
}

function namedType({ type }: FieldDefinitionNode): string {
  let node: TypeNode = type;
  while (node.kind !== Kind.NAMED_TYPE) node = node.type;
  return node.name.value;
}

function permissionsIn(requirement: Requirement): string[] {
  return rulesIn(requirement).flatMap((rule) => permissionOf(rule) ?? []);
}

/** As permissions write it: SecurityEvent is `security-event`. */
function wordsOf(typeName: string): string {
  return typeName.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}
