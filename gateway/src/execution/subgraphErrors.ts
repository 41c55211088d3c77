// What a client is told, and where, when a subgraph could not answer.
import { subgraphUnavailable } from '@supergraph/chassis/errors';
import {
  type FieldNode,
  type GraphQLFormattedError,
  Kind,
  parse,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** An operation for one subgraph, as it goes over the wire. */
export interface SubgraphRequest {
  query: string;
  operationName: string | undefined;
  variables: Record<string, unknown>;
}

/** One answer names at most so many places that stayed empty. */
const maximumErrors = 20;

/** One error for each field that a failed fetch leaves empty, at the field's path within the fetch. */
export function unavailableErrors(subgraph: string, request: SubgraphRequest): GraphQLFormattedError[] {
  const { message, extensions } = subgraphUnavailable(
    `${subgraph} is not available right now, so this part of the answer is missing. Try again in a moment.`,
  );
  const paths = missingPaths(request).slice(0, maximumErrors);
  return paths.map((path) => ({ message, path, extensions }));
}

function missingPaths({ query, variables }: SubgraphRequest): (string | number)[][] {
  const operation = parse(query, { noLocation: true }).definitions.find(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const fields = operation ? operation.selectionSet.selections.filter(isField) : [];
  const entities = fields.find((field) => field.name.value === '_entities');
  const { representations } = variables;
  if (!entities?.selectionSet || !Array.isArray(representations))
    return fields.map((field) => [responseKey(field)]);
  const { selectionSet } = entities;
  return representations.flatMap((representation: { __typename?: unknown }, index) =>
    entityFields(selectionSet, representation.__typename).map((field) => [
      '_entities',
      index,
      responseKey(field),
    ]),
  );
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

function isField(selection: SelectionNode): selection is FieldNode {
  return selection.kind === Kind.FIELD;
}

function responseKey(field: FieldNode): string {
  return (field.alias ?? field.name).value;
}
