// `__schema` and `__type`: answered from the public schema, without asking anybody.
import {
  type DocumentNode,
  executeSync,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';

export interface Introspection {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  field: FieldNode;
  variables: Readonly<Record<string, unknown>>;
}

/** @returns JSON */
export function answerIntrospection({
  schema,
  document,
  operation,
  field,
  variables,
}: Introspection): string {
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const key = (field.alias ?? field.name).value;
  const alone: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections: [field] } },
      ...fragments,
    ],
  };
  const { data, errors } = executeSync({ schema, document: alone, rootValue: {}, variableValues: variables });
  if (errors || !data) throw new Error('Introspection of a valid operation failed.', { cause: errors?.[0] });
  return JSON.stringify(data[key] ?? null);
}

/** Whether the operation asks for introspection with variables, so that its answer can differ from time to time. */
export function usesVariables(field: FieldNode): boolean {
  let uses = false;
  visit(field, {
    Variable() {
      uses = true;
    },
  });
  return uses;
}
