// The third opinion: the same operation over the same data by graphql-js alone, as if there were one service.
import { type DocumentNode, defaultFieldResolver, type ExecutionResult, execute } from 'graphql';
import { type ContextualArgument, leafOf } from './contextModel.ts';
import type { LoadedCase } from './federatedCase.ts';
import { type Behind, failing } from './subgraphs.ts';
import { isThing, type Thing } from './world.ts';

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
    fieldResolver(source: unknown, args, context, info) {
      const { fieldName, parentType } = info;
      if (!(source === undefined || isThing(source)))
        return defaultFieldResolver(source, args, context, info);
      const thing: Surrounded = source ?? world.root(parentType.name);
      const fault = model.isKeyField(fieldName) ? undefined : faults.field(thing, fieldName);
      if (fault) return failing(fault, thing, fieldName);
      const given = { ...args, ...contextualArguments(thing, model.contextual(thing.type, fieldName)) };
      return within(world.value(thing, fieldName, given), thing);
    },
  });

  function contextualArguments(
    { around }: Surrounded,
    contextual: readonly ContextualArgument[],
  ): Record<string, unknown> {
    return Object.fromEntries(
      contextual.map(({ name, types, selection }) => {
        let nearest = around;
        while (nearest && ![...types].some((type) => model.isOf(nearest?.type ?? '', type)))
          nearest = nearest.around;
        return [name, nearest ? leafOf(world.select(nearest, selection)) : null];
      }),
    );
  }
}

/** A thing, and that on which it was asked for. */
interface Surrounded extends Thing {
  around?: Surrounded;
}

function within(value: unknown, around: Surrounded): unknown {
  if (Array.isArray(value)) return value.map((item) => within(item, around));
  return isThing(value) ? { ...value, around } : value;
}
