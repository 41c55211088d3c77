// Representations: what a subgraph is told of an entity so that it knows which one is meant (Apollo Federation,
// `_entities`). Built as JSON text, by a function made once per fetch and type.
import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { quoted } from './jsonText.ts';
import { isJsonObject, isPlainName, type JsonObject, mergeData, own, setOwn } from './mergeData.ts';
import type { Rewrite } from './rewrites.ts';
import { isOfType } from './typeConditions.ts';

/** A fetch that says what it requires of entities. */
export type EntityFetchNode = FetchNode & { requires: NonNullable<FetchNode['requires']> };

/** @returns the representation as JSON; undefined where the object lacks what identifies it. */
export type Represent = (entity: JsonObject) => string | undefined;

export interface Representations {
  represent: Represent;
  /** A scalar that they have, by which most entities can be told apart; undefined where there is none. */
  distinctive: string | undefined;
}

export interface RepresentationOptions {
  /** What the subgraph requires of the entity, by type. */
  requires: readonly QueryPlanSelectionNode[];
  /** The supergraph: it knows types that clients don't see. */
  schema: GraphQLSchema;
  rewrite: Rewrite | undefined;
}

export function compileRepresentations(options: RepresentationOptions): Representations {
  const byType = new Map<string, Represent>();
  const distinctive = firstLeaf(options.requires);
  const represent: Represent = (entity) => {
    const typeName = own(entity, '__typename');
    if (typeof typeName !== 'string') return undefined;
    let represent = byType.get(typeName);
    if (represent === undefined) {
      represent = compileType(typeName, options);
      byType.set(typeName, represent);
    }
    return represent(entity);
  };
  return { represent, distinctive };
}

function firstLeaf(selections: readonly QueryPlanSelectionNode[]): string | undefined {
  for (const node of selections) {
    if (node.kind === 'InlineFragment') return firstLeaf(node.selections);
    if (!node.selections && node.name !== '__typename') return node.alias ?? node.name;
  }
  return undefined;
}

function compileType(typeName: string, { requires, schema, rewrite }: RepresentationOptions): Represent {
  const groups = applicable(requires, { typeName, schema });
  const [only] = groups;
  const isPlain =
    groups.length === 1 &&
    rewrite === undefined &&
    only?.every((node) => node.kind === 'Field' && !node.selections);
  if (only && isPlain) return compileLeaves(only);
  return (entity) => {
    const representation: JsonObject = {};
    for (const group of groups) {
      const selected = select(entity, group, schema);
      if (selected) mergeData(representation, selected);
    }
    if (own(representation, '__typename') === undefined) return undefined;
    rewrite?.(representation);
    return JSON.stringify(representation);
  };
}

/** The selections that hold for a type. Each is told whole or not at all. */
function applicable(
  requires: readonly QueryPlanSelectionNode[],
  about: { typeName: string; schema: GraphQLSchema },
): (readonly QueryPlanSelectionNode[])[] {
  return requires.flatMap((node) => {
    if (node.kind === 'Field') return [[node]];
    const { typeCondition } = node;
    const applies = typeCondition !== undefined && isOfType(about.schema, about.typeName, typeCondition);
    return applies ? [node.selections] : [];
  });
}

/** Nearly all keys: a few scalars. */
function compileLeaves(selections: readonly QueryPlanSelectionNode[]): Represent {
  const keys = selections.flatMap((node) => responseKey(node) ?? []);
  if (!keys.includes('__typename')) return () => undefined;
  const read = keys.every(isPlainName) ? (entity: JsonObject, key: string) => entity[key] : own;
  const fields = keys.map((key, index) => ({ key, prefix: `${index === 0 ? '{' : ','}${quoted(key)}:` }));
  return (entity) => {
    let text = '';
    for (const { key, prefix } of fields) {
      const value = read(entity, key);
      if (value === undefined) return undefined;
      text += prefix + (typeof value === 'string' ? quoted(value) : JSON.stringify(value));
    }
    return `${text}}`;
  };
}

/** @returns null where a field is missing. */
function select(
  source: JsonObject,
  selections: readonly QueryPlanSelectionNode[],
  schema: GraphQLSchema,
): JsonObject | null {
  const selected: JsonObject = {};
  for (const node of selections) {
    if (node.kind === 'InlineFragment') {
      const typeName = own(source, '__typename');
      const condition = node.typeCondition;
      if (condition === undefined || typeof typeName !== 'string' || !isOfType(schema, typeName, condition))
        continue;
      const part = select(source, node.selections, schema);
      if (part) mergeData(selected, part);
      continue;
    }
    const key = responseKey(node) ?? '';
    const value = own(source, key);
    if (value === undefined) return null;
    setOwn(selected, key, node.selections ? selectWithin(value, node.selections, schema) : value);
  }
  return selected;
}

function selectWithin(
  value: unknown,
  selections: readonly QueryPlanSelectionNode[],
  schema: GraphQLSchema,
): unknown {
  if (Array.isArray(value)) return value.map((item) => selectWithin(item, selections, schema));
  return isJsonObject(value) ? select(value, selections, schema) : value;
}

function responseKey(node: QueryPlanSelectionNode): string | undefined {
  return node.kind === 'Field' ? (node.alias ?? node.name) : undefined;
}
