// Arguments that a subgraph's field takes from the objects around its entity (Apollo Federation, `@fromContext`), not
// from clients: what the plan's `contextRewrites` find there becomes variables of the fetch.
import type { FetchDataKeyRenamer, FetchNode } from '@apollo/query-planner';
import { type GraphQLSchema, Kind, parse } from 'graphql';
import type { EntityGroup } from './entityGroups.ts';
import { quoted } from './jsonText.ts';
import { isJsonObject, type JsonObject, own } from './mergeData.ts';
import type { Represent } from './representations.ts';
import type { PlanPath } from './responsePaths.ts';
import type { Run } from './run.ts';
import { isOfType } from './typeConditions.ts';

/** What the objects around an entity give it. */
export interface EntityContext {
  /** Variables, as members of a JSON object. */
  args: string;
  /** Names of those that are not known, with blanks between them: what needs them is not asked for. */
  missing: string;
}

export const noContext: EntityContext = { args: '', missing: '' };

/**
 * What an entity's surroundings give it.
 * @param around the objects from the root down to the entity
 */
export type ContextOf = (around: readonly JsonObject[]) => EntityContext;

/** One entity under one context: the same under another is asked for by itself. */
export interface ContextGroup extends EntityGroup {
  context?: EntityContext;
}

const upwards = '..';
const fragmentPrefix = '... on ';

/** Variables of a fetch whose values come from around its entities. */
export function contextVariables({ contextRewrites = [] }: FetchNode): ReadonlySet<string> {
  return new Set(contextRewrites.map(({ renameKeyTo }) => renameKeyTo));
}

/** @returns undefined for a fetch that takes nothing from around its entities */
export function compileContextArguments(node: FetchNode, schema: GraphQLSchema): ContextOf | undefined {
  const { contextRewrites = [] } = node;
  const required = requiredVariables(node);
  const args = [...contextVariables(node)].map((name) => ({
    ...{ name, prefix: `${quoted(name)}:` },
    isRequired: required.has(name),
    // One for each type that the object around may have.
    ways: contextRewrites
      .filter(({ renameKeyTo }) => renameKeyTo === name)
      .map((rewrite) => wayTo(rewrite, schema)),
  }));
  if (args.length === 0) return undefined;
  return (around) => {
    const members: string[] = [];
    const missing: string[] = [];
    for (const { name, prefix, isRequired, ways } of args) {
      let value: unknown;
      for (const way of ways) {
        value = way(around);
        if (value !== undefined) break;
      }
      // Nobody could be asked for it, or the object around is of another type, or it was left out (`@skip`).
      if (value === undefined || (value === null && isRequired)) missing.push(name);
      else members.push(prefix + JSON.stringify(value));
    }
    return { args: members.join(','), missing: missing.join(' ') };
  };
}

function requiredVariables({ operation, contextRewrites = [] }: FetchNode): ReadonlySet<string> {
  if (contextRewrites.length === 0) return new Set();
  const names = parse(operation, { noLocation: true }).definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? (definition.variableDefinitions ?? []) : [],
  );
  const required = names.filter(({ type }) => type.kind === Kind.NON_NULL_TYPE);
  return new Set(required.map(({ variable }) => variable.name.value));
}

function wayTo({ path }: FetchDataKeyRenamer, schema: GraphQLSchema) {
  const levels = path.filter((element) => element === upwards).length;
  const down = path.slice(levels);
  return (around: readonly JsonObject[]) => valueIn(around.at(-1 - levels), down, schema);
}

function valueIn(value: unknown, path: readonly string[], schema: GraphQLSchema): unknown {
  let found = value;
  for (const [index, element] of path.entries()) {
    if (Array.isArray(found)) return found.map((item) => valueIn(item, path.slice(index), schema));
    if (!isJsonObject(found)) return found;
    if (!element.startsWith(fragmentPrefix)) {
      found = own(found, element);
      continue;
    }
    const typeName = own(found, '__typename');
    const condition = element.slice(fragmentPrefix.length);
    if (typeof typeName === 'string' && !isOfType(schema, typeName, condition)) return undefined;
  }
  return found;
}

export interface EntitiesToFind {
  represent: Represent;
  contextOf: ContextOf;
}

/** @returns the entities at a path, each once for every context that differs */
export function groupsInContext(
  { data }: Run,
  path: PlanPath,
  { represent, contextOf }: EntitiesToFind,
): readonly ContextGroup[] {
  const groups = new Map<string, ContextGroup>();
  const add = (object: JsonObject, around: readonly JsonObject[]) => {
    const representation = represent(object);
    if (representation === undefined) return;
    const context = contextOf(around);
    const key = `${context.missing} ${context.args}${representation}`;
    const group = groups.get(key);
    if (group) group.objects.push(object);
    else groups.set(key, { representation, context, objects: [object] });
  };
  eachWithin({ value: data, path: path.filter((element) => element !== '@'), around: [] }, add);
  return [...groups.values()];
}

interface Walk {
  value: unknown;
  /** Response keys that are left to go. */
  path: PlanPath;
  around: readonly JsonObject[];
}

function eachWithin(
  { value, path, around }: Walk,
  visit: (object: JsonObject, around: readonly JsonObject[]) => void,
): void {
  if (Array.isArray(value)) {
    for (const item of value) eachWithin({ value: item, path, around }, visit);
  } else if (isJsonObject(value)) {
    const [key, ...rest] = path;
    const within = [...around, value];
    if (key === undefined) visit(value, within);
    else eachWithin({ value: own(value, key), path: rest, around: within }, visit);
  }
}
