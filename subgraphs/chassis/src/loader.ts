// DataLoaders: everything one operation asks of a model by key goes out as one query.
import DataLoader from 'dataloader';
import type { Model, QueryFilter } from 'mongoose';

export interface LoaderOptions {
  /** Most keys in one query. Default 100. */
  maxBatchSize?: number;
}

/**
 * A loader over any source that answers many keys at once. `load` gives null for a key that is not in the map.
 * Make a new one for each operation: it remembers what it loaded, and for whom.
 */
export function batchLoader<Value>(
  loadMany: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
  { maxBatchSize = 100 }: LoaderOptions = {},
): DataLoader<string, Value | null> {
  return new DataLoader(
    async (keys: readonly string[]) => {
      const found = await loadMany(keys);
      return keys.map((key) => found.get(key) ?? null);
    },
    { maxBatchSize },
  );
}

export interface EntityLoaderOptions extends LoaderOptions {
  /** Unique field that holds the key. Default `_id`. */
  key?: string;
}

/**
 * Loads entities by id as plain objects, in the order asked for, null where there is none. Bound to the tenant
 * in scope like every query of the model: another tenant's entity is null too.
 */
export function entityLoader<Raw, Helpers, Methods, Virtuals, Document, Schema, Lean>(
  model: Model<Raw, Helpers, Methods, Virtuals, Document, Schema, Lean>,
  { key = '_id', ...options }: EntityLoaderOptions = {},
): DataLoader<string, Lean | null> {
  return batchLoader<Lean>(async (ids) => {
    const filter = { [key]: { $in: ids } } as QueryFilter<Raw>; // `key` is a field of Raw by this function's contract
    const rows = (await model.find(filter).lean()) as Lean[]; // lean() yields the model's own lean type
    return new Map(rows.map((row) => [String(Reflect.get(row as object, key)), row]));
  }, options);
}

/**
 * Loads all entities that belong to a key, such as the checks of a service: for each key a list, empty where
 * there are none. Limit what can pile up under one key by the domain's own rules.
 */
export function groupLoader<Value>(
  loadMany: (keys: readonly string[]) => Promise<readonly Value[]>,
  { keyOf, maxBatchSize = 100 }: LoaderOptions & { keyOf: (value: Value) => string },
): DataLoader<string, Value[]> {
  return new DataLoader(
    async (keys: readonly string[]) => {
      const groups = new Map<string, Value[]>(keys.map((key) => [key, []]));
      for (const value of await loadMany(keys)) groups.get(keyOf(value))?.push(value);
      return keys.map((key) => groups.get(key) ?? []);
    },
    { maxBatchSize },
  );
}
