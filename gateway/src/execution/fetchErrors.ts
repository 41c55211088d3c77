// What a client is told, and where, when a subgraph could not answer.
import type { FetchNode } from '@apollo/query-planner';
import { subgraphUnavailable } from '@supergraph/chassis/errors';
import { type FieldNode, type GraphQLFormattedError, Kind, parse, type SelectionSetNode } from 'graphql';
import { type JsonObject, own } from './mergeData.ts';
import type { ResponsePath } from './responsePaths.ts';

/** One answer names at most so many places that one fetch left empty. */
const maximumErrors = 20;

/** An error for each root field of a fetch. */
export function unavailableRootErrors(node: FetchNode): () => GraphQLFormattedError[] {
  return () =>
    rootFields(node)
      .slice(0, maximumErrors)
      .map((field) => unavailableError(node, [responseKey(field)]));
}

/** An error for each field of each entity, wherever that one stands. */
export function unavailableEntityErrors(node: FetchNode) {
  return (places: ReadonlyMap<JsonObject, ResponsePath[]>, entities: readonly JsonObject[]) => {
    const set = rootFields(node).find(({ name }) => name.value === '_entities')?.selectionSet;
    const errors: GraphQLFormattedError[] = [];
    for (const entity of entities) {
      const fields = set ? entityFields(set, own(entity, '__typename')) : [];
      for (const at of places.get(entity) ?? []) {
        for (const field of fields) {
          if (errors.length === maximumErrors) return errors;
          errors.push(unavailableError(node, [...at, responseKey(field)]));
        }
      }
    }
    return errors;
  };
}

function unavailableError({ serviceName }: FetchNode, path: ResponsePath): GraphQLFormattedError {
  const { message, extensions } = subgraphUnavailable(
    `${serviceName} is not available right now, so this part of the answer is missing. Try again in a moment.`,
  );
  return { message, path, extensions };
}

function rootFields({ operation }: FetchNode): FieldNode[] {
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
