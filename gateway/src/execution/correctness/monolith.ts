// The third opinion: the same operation over the same data by graphql-js alone, as if there were one service.
import { type DocumentNode, defaultFieldResolver, type ExecutionResult, execute } from 'graphql';
import type { LoadedCase } from './federatedCase.ts';
import { type Behind, failing } from './subgraphs.ts';
import { isThing } from './world.ts';

export interface MonolithOperation {
  document: DocumentNode;
  operationName: string | undefined;
  variables: Record<string, unknown>;
}

export async function runMonolith(
  { supergraph, model }: LoadedCase,
  { world, faults }: Behind,
  { document, operationName, variables }: MonolithOperation,
): Promise<ExecutionResult> {
  return execute({
    schema: supergraph.schema,
    document,
    variableValues: variables,
    operationName: operationName ?? null,
    typeResolver: (value) => (isThing(value) ? value.type : undefined),
    fieldResolver(source, args, context, info) {
      const { fieldName, parentType } = info;
      if (!(source === undefined || isThing(source)))
        return defaultFieldResolver(source, args, context, info);
      const thing = source ?? world.root(parentType.name);
      const fault = model.isKeyField(fieldName) ? undefined : faults.field(thing, fieldName);
      return fault ? failing(fault, thing, fieldName) : world.value(thing, fieldName, args);
    },
  });
}
