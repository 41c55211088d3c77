import type { CostedField, CostedSelection } from './selections.ts';
import { evaluate, type Variables } from './terms.ts';

/**
 * What was returned costs: each object and value that is there its weight, each field that was answered its arguments.
 * Objects of interfaces and unions are told apart by `__typename` where the answer has it, else they count as the
 * dearest of their types.
 */
export function returnedCost(
  selection: CostedSelection,
  { data, variables }: { data: unknown; variables: Variables },
): number {
  return isRecord(data) ? ofObject(fieldsThatCount(selection), data) : 0;

  function ofObject(fields: readonly CostedField[], object: Record<string, unknown>): number {
    let cost = 0;
    for (const field of fields) {
      const value = object[field.responseKey];
      if (value === undefined) continue;
      cost += evaluate(field.call, variables) + ofValue(field, value);
    }
    return cost;
  }

  function ofValue(field: CostedField, value: unknown): number {
    if (value === null || value === undefined) return 0;
    if (Array.isArray(value)) {
      let cost = 0;
      for (const item of value) cost += ofValue(field, item);
      return cost;
    }
    if (field.selections.size === 0 || !isRecord(value)) return field.weights.get('') ?? 0;
    const [only] = field.selections.keys();
    const named = field.selections.size === 1 ? only : value.__typename;
    const own = typeof named === 'string' ? field.selections.get(named) : undefined;
    if (own && typeof named === 'string')
      return (field.weights.get(named) ?? 0) + ofObject(fieldsThatCount(own), value);
    let dearest = 0;
    for (const [name, within] of field.selections) {
      const cost = (field.weights.get(name) ?? 0) + ofObject(fieldsThatCount(within), value);
      dearest = Math.max(dearest, cost);
    }
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
