import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import mongoose from 'mongoose';
import { Abort } from './context.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { connectDatabase } from './database.ts';
import { PlatformError } from './errors.ts';
import { withListBudget } from './list-budget.ts';
import { batchLoader, entityLoader, groupLoader } from './loader.ts';
import { createLogger } from './logging.ts';
import { buildModels, tenantOwned } from './models.ts';
import {
  findPage,
  type PageArguments,
  parsePage,
  type SortOrder,
  connection as toConnection,
} from './pagination.ts';
import { inTenant } from './tenancy.ts';
import { backingUrl, newNamespace } from './testing/data-fixture.ts';

const itemSchema = new mongoose.Schema({
  _id: { type: String, required: true },
  rank: { type: Number, default: null },
  at: { type: Date, default: null },
  group: { type: String, default: 'a' },
});
const schemas = { Item: tenantOwned(itemSchema) };
type Row = { _id: string; rank?: number | null; at?: Date | null };

let connection: mongoose.Connection;
let models: ReturnType<typeof buildModels<typeof schemas>>;

beforeAll(async () => {
  const logger = createLogger({ service: 'pages', level: 'silent' });
  connection = await connectDatabase({
    uri: backingUrl('MONGODB_URI'),
    namespace: newNamespace(),
    service: 'pages',
    logger,
  });
  models = buildModels(connection, schemas);
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

const refusal = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof PlatformError) return error.code;
    throw error;
  }
  return 'accepted';
};

let tenants = 0;
/** Runs in a fresh tenant that owns these rows. */
const having = <T>(rows: Row[], work: () => Promise<T>): Promise<T> =>
  inTenant(`ten_${tenants++}`, async () => {
    const names = rows.map((row) => ({ ...row, _id: `${tenants}-${row._id}` }));
    if (names.length > 0) await models.Item.insertMany(names);
    return work();
  });

const itemPage = (given: PageArguments, sort: SortOrder) =>
  findPage(models.Item, { page: parsePage(given), sort });

async function readAll(sort: SortOrder, size: number): Promise<string[]> {
  const read: string[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < 50; pages++) {
    const { nodes, pageInfo, edges }: Awaited<ReturnType<typeof itemPage>> = await itemPage(
      { first: size, after },
      sort,
    );
    read.push(...nodes.map(({ _id }) => _id));
    expect(pageInfo.hasPreviousPage).toBe(after !== null);
    expect(edges.map(({ node }) => node)).toEqual(nodes);
    if (!pageInfo.hasNextPage) return read;
    after = pageInfo.endCursor;
  }
  throw new Error('The pages do not end.');
}

describe('page arguments', () => {
  it('have a default size and a maximum', async () => {
    expect(parsePage({})).toEqual({ limit: 20, after: null });
    expect(parsePage({ first: null, after: null }, { defaultSize: 5 })).toEqual({ limit: 5, after: null });
    expect(parsePage({ first: 100 })).toEqual({ limit: 100, after: null });
    for (const first of [0, -1, 101, 1.5]) {
      expect(await refusal(() => parsePage({ first }))).toBe('BAD_USER_INPUT');
    }
  });

  it('refuse whatever is not a cursor', async () => {
    const json = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const operator = json(['+rank', { $gt: '' }, 'a']);
    for (const after of [
      '',
      'x',
      json([1]),
      json(null),
      operator,
      json(['+rank', { date: 'never' }, 'a']),
      'a'.repeat(5_000),
    ]) {
      expect(await refusal(() => parsePage({ after }))).toBe('BAD_USER_INPUT');
    }
  });

  it('never fail in another way, whatever text is given', () => {
    fc.assert(
      fc.property(fc.string(), (after) => {
        try {
          parsePage({ after });
        } catch (error) {
          expect(error).toBeInstanceOf(PlatformError);
        }
      }),
    );
  });
});

describe('a cursor', () => {
  it('gives back the place it was made of', () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }),
    );
    fc.assert(
      fc.property(fc.string(), value, fc.string(), (order, value, id) => {
        expect(decodeCursor(encodeCursor({ order, value, id }))).toEqual({ order, value, id });
      }),
    );
    const id = new mongoose.Types.ObjectId();
    expect(decodeCursor(encodeCursor({ order: '+a', value: undefined, id }))).toEqual({
      order: '+a',
      value: null,
      id,
    });
    expect(() => encodeCursor({ order: '+a', value: {}, id })).toThrow(TypeError);
  });
});

describe('pages of a collection', () => {
  it('show each row once and in order, for any data, page size and direction', async () => {
    const rank = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constant(null));
    const direction = fc.constantFrom('ascending' as const, 'descending' as const);
    await fc.assert(
      fc.asyncProperty(
        fc.array(rank, { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        direction,
        async (ranks, size, direction) => {
          const rows = ranks.map((rank, index) => ({ _id: `${index}`.padStart(2, '0'), rank }));
          await having(rows, async () => {
            const sign = direction === 'ascending' ? 1 : -1;
            const expected = await models.Item.find().sort({ rank: sign, _id: sign }).lean();
            expect(await readAll({ field: 'rank', direction }, size)).toEqual(expected.map(({ _id }) => _id));
          });
        },
      ),
      { numRuns: 25 },
    );
  });

  it('can be ordered by id and by date', async () => {
    const rows = ['c', 'a', 'b'].map((_id, index) => ({ _id, at: new Date(1_000 * index) }));
    await having(rows, async () => {
      const names = async (sort: SortOrder) => (await readAll(sort, 1)).map((id) => id.at(-1)).join('');
      expect(await names({ field: '_id', direction: 'descending' })).toBe('cba');
      expect(await names({ field: 'at', direction: 'ascending' })).toBe('cab');
      expect(await names({ field: 'at', direction: 'descending' })).toBe('bac');
    });
  });

  it('neither repeat nor skip a row when others come and go between them', async () => {
    await having([{ _id: 'a' }, { _id: 'c' }, { _id: 'd' }], async () => {
      const sort: SortOrder = { field: '_id', direction: 'ascending' };
      const first = await findPage(models.Item, { page: parsePage({ first: 2 }), sort });
      await models.Item.deleteOne({ _id: first.nodes[1]?._id });
      await models.Item.create([{ _id: `${first.nodes[0]?._id}a` }]);
      const next = await findPage(models.Item, {
        page: parsePage({ first: 2, after: first.pageInfo.endCursor }),
        sort,
      });
      expect(next.nodes.map(({ _id }) => _id.at(-1))).toEqual(['d']);
    });
  });

  it('keep to the filter and to the tenant', async () => {
    await having([{ _id: 'a', rank: 1 }], async () => undefined);
    await having(
      [
        { _id: 'x', rank: 1 },
        { _id: 'y', rank: 2 },
        { _id: 'z', rank: 2 },
      ],
      async () => {
        const sort: SortOrder = { field: 'rank', direction: 'ascending' };
        const options = { sort, filter: { rank: 2 } };
        const first = await findPage(models.Item, { ...options, page: parsePage({ first: 1 }) });
        const second = await findPage(models.Item, {
          ...options,
          page: parsePage({ after: first.pageInfo.endCursor }),
        });
        expect([...first.nodes, ...second.nodes].map(({ _id }) => _id.at(-1))).toEqual(['y', 'z']);
      },
    );
  });

  it('refuse a cursor of a list in another order', async () => {
    await having([{ _id: 'a' }, { _id: 'b' }], async () => {
      const { pageInfo } = await findPage(models.Item, {
        page: parsePage({ first: 1 }),
        sort: { field: '_id', direction: 'ascending' },
      });
      const page = parsePage({ after: pageInfo.endCursor });
      const other = () => findPage(models.Item, { page, sort: { field: '_id', direction: 'descending' } });
      expect(await refusal(other)).toBe('BAD_USER_INPUT');
    });
  });

  it('refuse a cursor that no list of theirs can have made, whatever it holds', async () => {
    const json = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const accepted = (sort: SortOrder, after: string) => refusal(() => itemPage({ after }, sort));
    const byDate: SortOrder = { field: 'at', direction: 'descending' };
    const byRank: SortOrder = { field: 'rank', direction: 'ascending' };
    const date = { date: '2026-01-01T00:00:00.000Z' };
    await having([{ _id: 'a', at: new Date(0), rank: 1 }], async () => {
      for (const place of [
        ['-at', 'abc', 'x'],
        ['-at', 1e308, true],
        ['-at', date, true],
        ['-at', date, null],
        ['-at', { objectId: 'a'.repeat(24) }, 'x'],
      ]) {
        expect(await accepted(byDate, json(place))).toBe('BAD_USER_INPUT');
      }
      for (const value of ['abc', true, date]) {
        expect(await accepted(byRank, json(['+rank', value, 'x']))).toBe('BAD_USER_INPUT');
      }
      expect(await accepted(byDate, json(['-at', date, 'x']))).toBe('accepted');
      const value = fc.oneof(fc.jsonValue({ maxDepth: 0 }), fc.constant(date));
      await fc.assert(
        fc.asyncProperty(value, value, async (sorted, id) => {
          const outcome = await accepted(byDate, json(['-at', sorted, id]));
          expect(['accepted', 'BAD_USER_INPUT']).toContain(outcome);
        }),
      );
    });
  });

  it('are not read for an operation that nobody waits for any more', async () => {
    await having([], async () => {
      const sort: SortOrder = { field: 'rank', direction: 'ascending' };
      const abort = new Abort();
      const read = () => refusal(() => withListBudget(abort, () => itemPage({}, sort)));
      expect(await read()).toBe('accepted');
      abort.abort();
      expect(await read()).toBe('DEADLINE_EXCEEDED');
    });
  });

  it('are empty without cursors where there is nothing', async () => {
    await having([], async () => {
      const page = await findPage(models.Item, {
        page: parsePage({}),
        sort: { field: 'rank', direction: 'ascending' },
      });
      const pageInfo = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
      expect(page).toEqual({ edges: [], nodes: [], pageInfo });
    });
    expect(
      toConnection([1, 2], { page: { limit: 1, after: null }, cursorOf: String }).pageInfo.hasNextPage,
    ).toBe(true);
  });
});

describe('loaders', () => {
  it('load entities in the order asked for, null for the missing and for those of other tenants', async () => {
    const foreign = await having([{ _id: 'theirs' }], async () => (await models.Item.findOne().lean())?._id);
    await having(
      [
        { _id: 'a', rank: 1 },
        { _id: 'b', rank: 2 },
      ],
      async () => {
        const [a, b] = (await models.Item.find().sort({ _id: 1 }).lean()).map(({ _id }) => _id);
        const loader = entityLoader(models.Item);
        const found = await loader.loadMany([b ?? '', 'missing', foreign ?? '', a ?? '', b ?? '']);
        expect(found.map((item) => (item instanceof Error ? item : item?.rank))).toEqual([
          2,
          undefined,
          undefined,
          1,
          2,
        ]);
      },
    );
  });

  it('can go by another key and never put more keys in a query than allowed', async () => {
    await having([{ _id: 'a', rank: 1 }], async () => {
      expect(await entityLoader(models.Item, { key: 'group' }).load('a')).toMatchObject({ rank: 1 });
    });
    const batches: number[] = [];
    const loader = batchLoader(
      async (keys) => {
        batches.push(keys.length);
        return new Map(keys.map((key) => [key, key.toUpperCase()]));
      },
      { maxBatchSize: 2 },
    );
    expect(await loader.loadMany(['a', 'b', 'c'])).toEqual(['A', 'B', 'C']);
    expect(batches).toEqual([2, 1]);
  });

  it('group what belongs to a key', async () => {
    const loader = groupLoader(async () => ['a1', 'b1', 'a2', 'zz'], { keyOf: (value) => value.slice(0, 1) });
    expect(await loader.loadMany(['a', 'c', 'b'])).toEqual([['a1', 'a2'], [], ['b1']]);
  });
});
