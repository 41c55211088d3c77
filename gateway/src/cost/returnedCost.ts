import type { GraphQLFormattedError } from 'graphql';
import { type Failures, failuresOf, isLost } from './failures.ts';
import type { CostedField, CostedSelection } from './selections.ts';
import { evaluate, type Variables } from './terms.ts';

export interface Returned {
  data: unknown;
  variables: Variables;
  errors: readonly GraphQLFormattedError[];
}

/**
 * What was returned costs: each object and value that is there its weight, each field that was answered its arguments.
 * Objects of interfaces and unions are told apart by `__typename` where the answer has it, else they count as the
 * dearest of their types. What failed costs what was estimated for it: the work may have been done.
 */
export function returnedCost(selection: CostedSelection, { data, variables, errors }: Returned): number {
  const allFailures = failuresOf(errors);
  /** Types that an object is tried as: what it lacks may be another type's. */
  let triedAs = 0;
  return isRecord(data) ? ofObject(fieldsThatCount(selection), data, allFailures) : 0;

  /** @param failures below the object */
  function ofObject(
    fields: readonly CostedField[],
    object: Record<string, unknown>,
    failures: Failures | undefined,
  ): number {
    let cost = 0;
    for (const field of fields) {
      const value = object[field.responseKey];
      if (value === undefined) {
        // Its error need not stand here: one answer names some of many.
        if (allFailures !== undefined && triedAs === 0) cost += evaluate(field.cost, variables);
        continue;
      }
      const below = failures?.get(field.responseKey);
      cost += isLost(value, below)
        ? evaluate(field.cost, variables)
        : evaluate(field.call, variables) + ofValue(field, value, below);
    }
    return cost;
  }

  function ofValue(field: CostedField, value: unknown, failures: Failures | undefined): number {
    if (value === null || value === undefined) return 0;
    if (Array.isArray(value)) {
      let cost = 0;
      for (let index = 0; index < value.length; index += 1)
        cost += ofValue(field, value[index], failures?.get(index));
      return cost;
    }
    if (field.selections.size === 0 || !isRecord(value)) return field.weights.get('') ?? 0;
    const [only] = field.selections.keys();
    const named = field.selections.size === 1 ? only : value.__typename;
    const own = typeof named === 'string' ? field.selections.get(named) : undefined;
    if (own && typeof named === 'string')
      return (field.weights.get(named) ?? 0) + ofObject(fieldsThatCount(own), value, failures);
    let dearest = 0;
    triedAs += 1;
    for (const [name, within] of field.selections) {
      const cost = (field.weights.get(name) ?? 0) + ofObject(fieldsThatCount(within), value, failures);
      dearest = Math.max(dearest, cost);
    }
    triedAs -= 1;
    return dearest;
  }
}

const counted = new WeakMap<CostedSelection, readonly CostedField[]>();

/** Most fields are values that cost nothing, and answers are long. */
function fieldsThatCount(selection: CostedSelection): readonly CostedField[] {
  let fields = counted.get(selection);
  if (fields === undefined) {
    fields = selection.fields.filter(
      ({ call, selections, weights }) => call !== 0 || selections.size > 0 || (weights.get('') ?? 0) !== 0,
    );
    counted.set(selection, fields);
  }
  return fields;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
