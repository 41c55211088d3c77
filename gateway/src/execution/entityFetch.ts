// A fetch of entities: those that stand at a path are described to the subgraph, each once, and what it tells of one
// is put wherever that one stands.
import type { GraphQLFormattedError } from 'graphql';
import {
  type ContextGroup,
  compileContextArguments,
  groupsInContext,
  noContext,
} from './contextArguments.ts';
import { groupsAt } from './entityGroups.ts';
import { type AskedEntity, compileEntityRequests, type EntityRequest } from './entityRequests.ts';
import type { FetchTools } from './fetchBody.ts';
import { unavailableEntityErrors } from './fetchErrors.ts';
import { OnlyKnownEntities } from './keptFetches.ts';
import { copyOf, isFlat, isJsonObject, type JsonObject, mergeData } from './mergeData.ts';
import type { EntityFetchNode, Representations } from './representations.ts';
import { type PlanPath, placeName, placesAt, type ResponsePath } from './responsePaths.ts';
import { compileRewrites } from './rewrites.ts';
import type { LoadedEntity, Run, Step } from './run.ts';
import { entitiesIn, parseSubgraphAnswer, tellUnreadable } from './subgraphAnswer.ts';
import { interfaceNames } from './typeConditions.ts';

/** Entities that stand at the path, with the objects of the answer that are each of them. */
interface Wanted {
  entity: LoadedEntity;
  objects: JsonObject[];
}

export interface EntityFetchOptions {
  path: PlanPath;
  /**
   * Whether what stands at the path may be one object in several places. Not where another fetch asks for something
   * that hangs on what is around an entity: the same may then be told twice, and differently.
   */
  mayShare: boolean;
  /**
   * Equal for fetches of one plan that ask the same of their entities: what one was told is not asked again by
   * another. Undefined for the only one of its kind.
   */
  kind: string | undefined;
  /** The same function for all fetches of a plan that describe their entities alike. */
  representations: (node: EntityFetchNode) => Representations;
}

export function compileEntityFetch(
  node: EntityFetchNode,
  tools: FetchTools,
  { path, mayShare, kind, representations }: EntityFetchOptions,
): Step {
  const { supergraphSchema: schema, logger } = tools;
  const requestsFor = compileEntityRequests(node, tools);
  const described = representations(node);
  const compared = mayShare ? described : { ...described, distinctive: undefined };
  const contextOf = compileContextArguments(node, schema);
  const rewrite = compileRewrites(node.outputRewrites, schema);
  const unavailable = unavailableEntityErrors(node, schema);
  const interfaces = interfaceNames(schema);
  const key = placeName(path);

  function look(run: Run): { asked: readonly AskedEntity[]; wanted: readonly Wanted[] } {
    const asked: AskedEntity[] = [];
    const loaded = kind === undefined ? undefined : loadedOf(run, kind);
    const found: readonly ContextGroup[] = contextOf
      ? groupsInContext(run, path, { represent: described.represent, contextOf })
      : groupsAt(run, path, compared);
    const wanted = found.map(({ representation, objects, context = noContext }) => {
      const name =
        context === noContext ? representation : `${context.missing} ${context.args}${representation}`;
      let entity = loaded?.get(name);
      if (entity === undefined) {
        entity = { typeName: objects[0]?.__typename };
        loaded?.set(name, entity);
        asked.push({ entity, representation, context });
      }
      return { entity, objects };
    });
    return { asked, wanted };
  }

  async function ask(run: Run, asked: readonly AskedEntity[]): Promise<void> {
    const [first, ...others] = requestsFor(asked);
    if (first === undefined) return;
    if (others.length === 0) return askOnce(run, first);
    await Promise.all([first, ...others].map((request) => askOnce(run, request)));
  }

  async function askOnce(run: Run, { asked, fetch }: EntityRequest): Promise<void> {
    const entities = asked.map(({ entity }) => entity);
    try {
      const unplaced = receive(parseSubgraphAnswer(await fetch(run)), entities);
      run.errors.push(...unplaced);
    } catch (error) {
      const known = error instanceof OnlyKnownEntities ? error.texts : [];
      tellUnreadable(error instanceof OnlyKnownEntities ? error.cause : error, node.serviceName, logger);
      for (const [index, entity] of entities.entries()) {
        const text = known[index];
        if (text === undefined) entity.isUnavailable = true;
        else keep(entity, JSON.parse(text));
      }
    }
  }

  function keep(entity: LoadedEntity, value: unknown): void {
    if (!isJsonObject(value)) return;
    if (rewrite) {
      // Rewrites look at the type, which is not asked for where it is known.
      value.__typename ??= entity.typeName;
      rewrite(value);
    }
    entity.value = value;
  }

  /** @returns errors of which nobody knows whose they are */
  function receive(
    { data, errors = [] }: ReturnType<typeof parseSubgraphAnswer>,
    entities: readonly LoadedEntity[],
  ): GraphQLFormattedError[] {
    if (data) {
      const told = entitiesIn(data, entities.length);
      for (const [index, entity] of entities.entries()) keep(entity, told[index]);
    }
    return errors
      .filter((error) => {
        const [field, index] = error.path ?? [];
        const entity = field === '_entities' && typeof index === 'number' ? entities[index] : undefined;
        if (entity) {
          entity.errors ??= [];
          entity.errors.push(error);
        }
        return entity === undefined;
      })
      .map(withoutPath);
  }

  function put(run: Run, wanted: readonly Wanted[]): void {
    const failed: Wanted[] = [];
    let isDeeper = false;
    for (const each of wanted) {
      const { entity, objects } = each;
      const { value, errors, isUnavailable } = entity;
      if (errors || isUnavailable) failed.push(each);
      if (value === undefined) continue;
      if (isFlat(value)) {
        for (const object of objects) mergeData(object, value, interfaces);
        continue;
      }
      isDeeper = true;
      if (!mayShare) {
        for (const object of objects) mergeData(object, copyOf(value), interfaces);
        continue;
      }
      if (objects.length > 1) run.shared.add(key);
      // What stands at another path, too, gets other fields there.
      const own = kind === undefined ? value : copyOf(value);
      for (const object of objects) mergeData(object, own, interfaces);
    }
    if (isDeeper) run.groups.clear();
    if (failed.length > 0) tellErrors(run, failed);
  }

  /** Errors are rare, so it is only looked for places when there are some. */
  function tellErrors(run: Run, failed: readonly Wanted[]): void {
    const places = placesOf(run, path, new Set(failed.flatMap(({ objects }) => objects)));
    for (const { entity, objects } of failed) {
      if (entity.errors) run.errors.push(...placedErrors({ errors: entity.errors, objects, places }));
    }
    if (run.context.cancellation?.isCancelled) return;
    const entities = new Set(failed.flatMap(({ entity, objects }) => (entity.isUnavailable ? objects : [])));
    run.errors.push(...unavailable({ places, entities, variables: run.variables }));
  }

  async function load(run: Run, { asked, wanted }: ReturnType<typeof look>): Promise<void> {
    if (asked.length > 0) {
      const underWay = ask(run, asked);
      if (kind === undefined) await underWay;
      else for (const { entity } of asked) entity.underWay = underWay;
    }
    if (kind !== undefined) await Promise.all(new Set(wanted.map(({ entity }) => entity.underWay)));
    put(run, wanted);
  }

  return (run) => {
    const found = look(run);
    return found.wanted.length === 0 ? undefined : load(run, found);
  };
}

function loadedOf({ loaded }: Run, kind: string): Map<string, LoadedEntity> {
  let entities = loaded.get(kind);
  if (entities === undefined) {
    entities = new Map();
    loaded.set(kind, entities);
  }
  return entities;
}

interface ErrorsToPlace {
  errors: readonly GraphQLFormattedError[];
  objects: readonly JsonObject[];
  places: ReadonlyMap<JsonObject, ResponsePath[]>;
}

/** An entity's errors at each place at which it stands. */
function placedErrors({ errors, objects, places }: ErrorsToPlace): GraphQLFormattedError[] {
  return [...new Set(objects)]
    .flatMap((object) => places.get(object) ?? [])
    .flatMap((at) => errors.map((error) => ({ ...error, path: [...at, ...(error.path ?? []).slice(2)] })));
}

function placesOf(
  { data }: Run,
  path: PlanPath,
  of: ReadonlySet<JsonObject>,
): ReadonlyMap<JsonObject, ResponsePath[]> {
  const places = new Map<JsonObject, ResponsePath[]>();
  for (const { object, at } of placesAt({ data, path, of, most: mostPlaces })) {
    const known = places.get(object);
    if (known) known.push(at);
    else places.set(object, [at]);
  }
  return places;
}

const mostPlaces = 1_000;

function withoutPath({ path: _, ...error }: GraphQLFormattedError): GraphQLFormattedError {
  return error;
}
