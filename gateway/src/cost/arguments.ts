// What a field's arguments say of its cost: their own weights, and how long the lists get that they slice.
import type { CostDirectives, ListSize } from '@supergraph/chassis/cost-directives';
import {
  type FieldNode,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  Kind,
  type ValueNode,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import { sum, type Term, type Variables } from './terms.ts';

export interface FieldCall {
  /** `Type.field` */
  coordinate: string;
  field: GraphQLField<unknown, unknown>;
  node: FieldNode;
}

/** The length of a list, or of the lists in what a field returns. */
export function sizeOf(call: FieldCall, { slicingArguments, assumedSize }: ListSize): Term {
  const assumed = assumedSize ?? defaultListSize;
  const slices = slicingArguments.map((name) => sliceOf(call, name));
  if (slices.every((slice) => typeof slice !== 'function')) return largestSlice(slices, assumed);
  return (variables) =>
    largestSlice(
      slices.map((slice) => (typeof slice === 'function' ? slice(variables) : slice)),
      assumed,
    );
}

/** Of a list of which the schema says nothing. */
export const defaultListSize = 20;

/** What an argument gives as a size: undefined where it gives none, a function where variables say it. */
export type Slice = number | undefined | ((variables: Variables) => number | undefined);

export function sliceOf({ field, node }: FieldCall, name: string): Slice {
  const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
  const byDefault = lengthOf(field.args.find((argument) => argument.name === name)?.defaultValue);
  if (value === undefined) return byDefault;
  return open(value, (given) => (given === undefined ? byDefault : lengthOf(given)));
}

function lengthOf(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'number' ? value : undefined;
}

// What is below nothing counts as not given: no client gets anything taken off by it.
function largestSlice(slices: readonly (number | undefined)[], assumed: number): number {
  let size: number | undefined;
  for (const slice of slices) if (slice !== undefined && slice >= 0 && slice > (size ?? -1)) size = slice;
  return size ?? assumed;
}

/** The weights of what is given, each once for each call of the field. */
export function argumentsCost({ coordinate, field, node }: FieldCall, { weights }: CostDirectives): Term {
  if (weights.size === 0) return 0;
  return sum(
    (node.arguments ?? []).map(({ name, value }) => {
      const own = weights.get(`${coordinate}(${name.value}:)`) ?? 0;
      const type = field.args.find((argument) => argument.name === name.value)?.type;
      const hasInner = type !== undefined && mentionsWeights(type, weights);
      if (own === 0 && !hasInner) return 0;
      return open(value, (given) =>
        given === null || given === undefined
          ? 0
          : own + (hasInner && type ? inputCost(type, given, weights) : 0),
      );
    }),
  );
}

function inputCost(type: GraphQLInputType, value: unknown, weights: ReadonlyMap<string, number>): number {
  if (Array.isArray(value)) {
    let total = 0;
    for (const item of value) total += inputCost(type, item, weights);
    return total;
  }
  const named = getNamedType(type);
  if (!isInputObjectType(named) || typeof value !== 'object' || value === null) return 0;
  let total = 0;
  for (const [name, inner] of Object.entries(value)) {
    const field = named.getFields()[name];
    if (field === undefined || inner === null || inner === undefined) continue;
    total += (weights.get(`${named.name}.${name}`) ?? 0) + inputCost(field.type, inner, weights);
  }
  return total;
}

function mentionsWeights(
  type: GraphQLInputType,
  weights: ReadonlyMap<string, number>,
  seen = new Set<string>(),
): boolean {
  const named = getNamedType(type);
  if (!isInputObjectType(named) || seen.has(named.name)) return false;
  seen.add(named.name);
  return Object.values(named.getFields()).some(
    (field) => weights.has(`${named.name}.${field.name}`) || mentionsWeights(field.type, weights, seen),
  );
}

/** What `read` makes of a value, now or when the variables are known. */
function open<T>(value: ValueNode, read: (given: unknown) => T): T | ((variables: Variables) => T) {
  let hasVariables = false;
  visit(value, {
    Variable() {
      hasVariables = true;
    },
  });
  if (!hasVariables) return read(valueFromASTUntyped(value));
  if (value.kind === Kind.VARIABLE) return (variables) => read(variables[value.name.value]);
  return (variables) => read(valueFromASTUntyped(value, { ...variables }));
}
