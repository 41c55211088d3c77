// `__schema` and `__type`: answered from the public schema, without asking anybody.
import {
  type DocumentNode,
  executeSync,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';

export interface Introspection {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** Answered as one. */
  fields: readonly FieldNode[];
  variables: Readonly<Record<string, unknown>>;
}

/** @returns JSON */
export function answerIntrospection({
  schema,
  document,
  operation,
  fields,
  variables,
}: Introspection): string {
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const alone: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections: fields } },
      ...fragments,
    ],
  };
  const { data, errors } = executeSync({ schema, document: alone, rootValue: {}, variableValues: variables });
  if (errors || !data) throw new Error('Introspection of a valid operation failed.', { cause: errors?.[0] });
  return JSON.stringify(Object.values(data)[0] ?? null);
}
