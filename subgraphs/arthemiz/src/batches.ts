// One command to the database in the place of many: who asks while one is under way shares the next, with whoever else's
// request has come by then. Each is served by a command that began after it had asked, so nobody is told what was true
// before; alone, a request waits for nobody.
import { AsyncResource } from 'node:async_hooks';
import { within } from '@supergraph/chassis/deadline';
import DataLoader from 'dataloader';

const mostItems = 200;
/** A command that hangs holds up nobody for longer. */
const patienceMs = 50;

/** Not for a transaction: `doAll` runs outside of any. It gives each item's result or error, in their order. */
export function inBatches<Item, Result>(
  doAll: (items: readonly Item[]) => PromiseLike<readonly (Result | Error)[]>,
): (item: Item) => Promise<Result> {
  // In the scope of whoever made it: a command for many belongs to nobody's tenant and nobody's transaction.
  const doOutside = AsyncResource.bind(async (items: readonly Item[]) => await doAll(items));
  let underWay: Promise<unknown> = Promise.resolve();
  const loader = new DataLoader<Item, Result>(
    (items) => {
      const doing = doOutside(items);
      underWay = within(patienceMs, doing);
      return doing;
    },
    {
      cache: false,
      maxBatchSize: mostItems,
      batchScheduleFn: (dispatch) => void underWay.then(() => setImmediate(dispatch)),
    },
  );
  return (item) => loader.load(item);
}

/** Null for an id that nobody has. */
export type ReadById<Row> = (id: string) => Promise<Row | null>;

/** Reads what has been committed. */
export function readById<Row extends { _id: string }>(
  readAll: (ids: readonly string[]) => PromiseLike<readonly Row[]>,
): ReadById<Row> {
  return inBatches(async (ids: readonly string[]) => {
    const rows = new Map((await readAll([...new Set(ids)])).map((row) => [row._id, row]));
    return ids.map((id) => rows.get(id) ?? null);
  });
}
