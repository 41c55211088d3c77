// A fetch of entities: those that stand at a path are described to the subgraph, each once, and what it tells of one
// is put wherever that one stands.
import type { FetchNode } from '@apollo/query-planner';
import type { GraphQLFormattedError } from 'graphql';
import { compileFetchBody, type FetchTools, subgraphOf } from './fetchBody.ts';
import { unavailableEntityErrors } from './fetchErrors.ts';
import { isJsonObject, type JsonObject, mergeData } from './mergeData.ts';
import { compileRepresentations } from './representations.ts';
import { objectsAt, type PlanPath, placesAt, type ResponsePath } from './responsePaths.ts';
import { compileRewrites } from './rewrites.ts';
import type { Run, Step } from './run.ts';
import { parseSubgraphAnswer, tellUnreadable } from './subgraphAnswer.ts';

type EntityFetchNode = FetchNode & { requires: NonNullable<FetchNode['requires']> };

/** Entities to ask for, and the objects of the answer that each stands for. */
interface Wanted {
  representations: string[];
  objects: JsonObject[][];
}

export function compileEntityFetch(node: EntityFetchNode, tools: FetchTools, path: PlanPath): Step {
  const { supergraphSchema: schema, logger } = tools;
  const client = subgraphOf(node, tools);
  const body = compileFetchBody(node);
  const represent = compileRepresentations({
    requires: node.requires,
    schema,
    rewrite: compileRewrites(node.inputRewrites, schema),
  });
  const rewrite = compileRewrites(node.outputRewrites, schema);
  const unavailable = unavailableEntityErrors(node);
  const key = path.join('.');

  function want(run: Run): Wanted {
    const known = new Map<string, JsonObject[]>();
    const wanted: Wanted = { representations: [], objects: [] };
    for (const object of objectsAt(run.data, path)) {
      const representation = represent(object);
      if (representation === undefined) continue;
      const same = known.get(representation);
      if (same) {
        same.push(object);
        run.shared.add(key);
        continue;
      }
      const objects = [object];
      known.set(representation, objects);
      wanted.representations.push(representation);
      wanted.objects.push(objects);
    }
    return wanted;
  }

  function receive(run: Run, { objects }: Wanted, text: string): void {
    const { data, errors } = parseSubgraphAnswer(text);
    const entities = data?._entities;
    if (data && !(Array.isArray(entities) && entities.length === objects.length))
      throw new Error(`_entities is not a list of ${objects.length}.`);
    if (errors) run.errors.push(...placedErrors(run, { errors, objects }));
    if (!Array.isArray(entities)) return;
    for (const [index, targets] of objects.entries()) {
      const entity: unknown = entities[index];
      if (!isJsonObject(entity)) continue;
      if (rewrite) {
        // Rewrites look at the type, which is not asked for where it is known.
        entity.__typename ??= targets[0]?.__typename;
        rewrite(entity);
      }
      for (const target of targets) mergeData(target, entity);
    }
  }

  function placedErrors(
    run: Run,
    { errors, objects }: { errors: readonly GraphQLFormattedError[]; objects: JsonObject[][] },
  ): GraphQLFormattedError[] {
    const places = placesOf(run, path);
    return errors.flatMap((error) => {
      const [field, index, ...rest] = error.path ?? [];
      const targets = field === '_entities' && typeof index === 'number' ? objects[index] : undefined;
      if (targets === undefined) return [withoutPath(error)];
      return targets
        .flatMap((target) => places.get(target) ?? [])
        .map((at) => ({ ...error, path: [...at, ...rest] }));
    });
  }

  async function ask(run: Run, wanted: Wanted): Promise<void> {
    try {
      receive(run, wanted, await client.fetch(body(run, wanted.representations), run.context));
    } catch (error) {
      if (run.context.signal?.aborted) return;
      tellUnreadable(error, node.serviceName, logger);
      run.errors.push(...unavailable(placesOf(run, path), wanted.objects.flat()));
    }
  }

  return (run) => {
    const wanted = want(run);
    return wanted.representations.length === 0 ? undefined : ask(run, wanted);
  };
}

/** Errors are rare, so places are looked for when there is one. */
function placesOf(run: Run, path: PlanPath): ReadonlyMap<JsonObject, ResponsePath[]> {
  const places = new Map<JsonObject, ResponsePath[]>();
  for (const { object, at } of placesAt(run.data, path, mostPlaces)) {
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
