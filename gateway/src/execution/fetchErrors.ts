// What a client is told, and where, when a subgraph could not answer.
import { subgraphUnavailable } from '@supergraph/chassis/errors';
import { type FieldNode, type GraphQLFormattedError, Kind, parse, type SelectionSetNode } from 'graphql';
import { type JsonObject, own } from './mergeData.ts';
import type { ResponsePath } from './responsePaths.ts';

/** Of which subgraph what was asked. */
interface FailedFetch {
  serviceName: string;
  operation: string;
}

/** One answer names at most so many places that one fetch left empty. */
const maximumErrors = 20;

/** An error for each root field of a fetch. */
export function unavailableRootErrors(fetch: FailedFetch): () => GraphQLFormattedError[] {
  return () =>
    rootFields(fetch)
      .slice(0, maximumErrors)
      .map((field) => unavailableError(fetch, [responseKey(field)]));
}

/** An error for each field of each entity, wherever that one stands. */
export function unavailableEntityErrors(fetch: FailedFetch) {
  return (places: ReadonlyMap<JsonObject, ResponsePath[]>, entities: readonly JsonObject[]) => {
    const set = rootFields(fetch).find(({ name }) => name.value === '_entities')?.selectionSet;
    const errors: GraphQLFormattedError[] = [];
    for (const entity of entities) {
      const fields = set ? entityFields(set, own(entity, '__typename')) : [];
      for (const at of places.get(entity) ?? []) {
        for (const field of fields) {
          if (errors.length === maximumErrors) return errors;
          errors.push(unavailableError(fetch, [...at, responseKey(field)]));
        }
      }
    }
    return errors;
  };
}

function unavailableError({ serviceName }: FailedFetch, path: ResponsePath): GraphQLFormattedError {
  const { message, extensions } = subgraphUnavailable(
    `${serviceName} is not available right now, so this part of the answer is missing. Try again in a moment.`,
  );
  return { message, path, extensions };
}

function rootFields({ operation }: FailedFetch): FieldNode[] {
  const [definition] = parse(operation, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return [];
  return definition.selectionSet.selections.filter((selection) => selection.kind === Kind.FIELD);
}

function entityFields(set: SelectionSetNode, typeName: unknown): FieldNode[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return selection.name.value === '__typename' ? [] : [selection];
    if (selection.kind !== Kind.INLINE_FRAGMENT) return [];
    const condition = selection.typeCondition?.name.value;
    return condition === undefined || condition === typeName
      ? entityFields(selection.selectionSet, typeName)
      : [];
  });
}

function responseKey(field: FieldNode): string {
  return (field.alias ?? field.name).value;
}
