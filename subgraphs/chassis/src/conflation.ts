// Which subscriptions are gauges: of several events about the same thing only the latest counts.
import { type GraphQLSchema, getDirectiveValues, type OperationDefinitionNode } from 'graphql';

/** Says what an event is the latest of; undefined where it says nothing. */
export type ConflationKey = (event: unknown) => string | undefined;

/** The key of an operation's events; undefined where its field is no gauge. */
export function conflationKey(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
): ConflationKey | undefined {
  const [selection] = operation.selectionSet.selections;
  if (selection?.kind !== 'Field') return undefined;
  const name = selection.name.value;
  const field = schema.getSubscriptionType()?.getFields()[name];
  const by = byOf(schema, field?.astNode ?? undefined);
  if (by === undefined) return undefined;
  const path = [name, ...by.split('.')];
  return (event) => {
    const value = path.reduce<unknown>((parent, member) => memberOf(parent, member), event);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  };
}

function byOf(schema: GraphQLSchema, node: Parameters<typeof getDirectiveValues>[1] | undefined) {
  const directive = schema.getDirective('conflate');
  if (!directive || node === undefined) return undefined;
  const by: unknown = getDirectiveValues(directive, node)?.by;
  return typeof by === 'string' ? by : undefined;
}

function memberOf(parent: unknown, member: string): unknown {
  if (typeof parent !== 'object' || parent === null) return undefined;
  return Object.entries(parent).find(([name]) => name === member)?.[1];
}
