// Whatever a tenant does, it sees and changes exactly what it would if no other tenant existed. Each random
// operation runs on a collection that two tenants share and on a twin that holds one tenant's documents alone.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type mongo, Schema } from 'mongoose';
import { platformWide, tenantOwned } from './models.ts';
import { acrossTenants, inTenant } from './tenancy.ts';
import { type DataFixture, startDataFixture } from './testing/data-fixture.ts';

const shape = { _id: { type: String, required: true }, n: Number, word: String };
const schemas = {
  Shared: tenantOwned(new Schema(shape, { collection: 'shared', versionKey: false })),
  Twin: platformWide(
    new Schema({ ...shape, tenantId: String }, { collection: 'twin', versionKey: false }),
    'what the tenant would have if it were alone',
  ),
};

interface Item extends mongo.Document {
  _id: string;
}
type Items = mongo.Collection<Item>;

const tenants = ['ten_a', 'ten_b'] as const;
const words = ['ant', 'bee', 'cat'];
const ids = ['1', '2', '3', '4', '5', '6'];

const tenantCondition = fc.oneof(
  fc.constantFrom(...tenants),
  fc.constant({ $ne: 'ten_a' }),
  fc.constant({ $in: [...tenants] }),
  fc.constant({ $exists: true }),
  fc.constant({ $regex: '^ten' }),
);
const { filter } = fc.letrec<{ filter: mongo.Filter<Item>; filters: mongo.Filter<Item>[] }>((tie) => ({
  filters: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }),
  filter: fc.oneof(
    { depthSize: 'small' },
    fc.constant({}),
    fc.record({ n: fc.record({ $gte: fc.integer({ min: 0, max: 9 }) }) }),
    fc.record({ word: fc.constantFrom(...words) }),
    fc.record({ tenantId: tenantCondition }),
    fc.record({ tenantId: tenantCondition, word: fc.constantFrom(...words) }),
    fc.constant({ $expr: { $ne: ['$tenantId', 'ten_a'] } }),
    fc.record({ $or: tie('filters') }),
    fc.record({ $and: tie('filters') }),
    fc.record({ $nor: tie('filters') }),
  ),
}));
const update: fc.Arbitrary<mongo.UpdateFilter<Item>> = fc.oneof(
  fc.record({ $set: fc.record({ word: fc.constantFrom(...words, 'stolen') }) }),
  fc.record({ $inc: fc.record({ n: fc.integer({ min: -3, max: 3 }) }) }),
  fc.constant({ $unset: { word: '' } as const }),
);
/** One document at a time, so that both collections pick the same one. */
const one = fc
  .tuple(fc.constantFrom(...ids), filter)
  .map(([id, also]) => ({ $and: [{ _id: `a${id}` }, also] }));

/** An operation, told in words, that answers with what a caller would learn. */
interface Operation {
  toString(): string;
  run(items: Items): Promise<unknown>;
}
const operation = (
  name: string,
  run: (items: Items) => Promise<unknown>,
  ...given: unknown[]
): Operation => ({
  toString: () => `${name}(${given.map((each) => JSON.stringify(each)).join(', ')})`,
  run,
});

const operations: fc.Arbitrary<Operation> = fc.oneof(
  filter.map((f) => operation('find', (items) => items.find(f).sort({ _id: 1 }).toArray(), f)),
  filter.map((f) => operation('findOne', (items) => items.findOne(f, { sort: { _id: 1 } }), f)),
  filter.map((f) => operation('countDocuments', (items) => items.countDocuments(f), f)),
  fc.constant(operation('estimatedDocumentCount', (items) => items.estimatedDocumentCount())),
  filter.map((f) => operation('distinct', async (items) => (await items.distinct('word', f)).sort(), f)),
  filter.map((f) =>
    operation('aggregate', (items) => items.aggregate([{ $match: f }, { $sort: { _id: 1 } }]).toArray(), f),
  ),
  filter.map((f) =>
    operation(
      'group',
      (items) => items.aggregate([{ $match: f }, { $group: { _id: null, n: { $sum: '$n' } } }]).toArray(),
      f,
    ),
  ),
  fc.tuple(filter, update).map(([f, u]) => operation('updateMany', (items) => items.updateMany(f, u), f, u)),
  fc.tuple(one, update).map(([f, u]) => operation('updateOne', (items) => items.updateOne(f, u), f, u)),
  fc
    .tuple(one, update)
    .map(([f, u]) => operation('findOneAndUpdate', (items) => items.findOneAndUpdate(f, u), f, u)),
  one.map((f) => operation('findOneAndDelete', (items) => items.findOneAndDelete(f), f)),
  one.map((f) => operation('deleteOne', (items) => items.deleteOne(f), f)),
  filter.map((f) => operation('deleteMany', (items) => items.deleteMany(f), f)),
  one.map((f) =>
    operation('replaceOne', (items) => items.replaceOne(f, { tenantId: 'ten_a', word: 'replaced' }), f),
  ),
  fc.tuple(filter, update, one).map(([f, u, o]) =>
    operation(
      'bulkWrite',
      async (items) => {
        const { matchedCount, deletedCount } = await items.bulkWrite([
          { updateMany: { filter: f, update: u } },
          { deleteOne: { filter: o } },
        ]);
        return { matchedCount, deletedCount };
      },
      f,
      u,
      o,
    ),
  ),
);

describe('a tenant-owned model', () => {
  let fixture: DataFixture<typeof schemas>;

  beforeAll(async () => {
    fixture = await startDataFixture({ schemas });
  });
  afterAll(() => fixture.dispose());

  const itemsOf = (tenantId: string) =>
    ids.map((id, n) => ({ _id: `${tenantId.slice(-1)}${id}`, n, word: words[n % 3], tenantId }));
  const everything = (items: Items) => items.find().sort({ _id: 1 }).toArray();

  it('looks to its tenant as if there were no other', async () => {
    const shared = fixture.models.Shared.collection as unknown as Items; // the driver's face of the collection
    const twin = fixture.models.Twin.collection as unknown as Items;
    const asSystem = <T>(work: () => Promise<T>) => acrossTenants('a test compares', work);

    await fc.assert(
      fc.asyncProperty(fc.array(operations, { minLength: 1, maxLength: 8 }), async (steps) => {
        await asSystem(async () => {
          await shared.deleteMany({});
          await shared.insertMany(tenants.flatMap(itemsOf));
        });
        await twin.deleteMany({});
        await twin.insertMany(itemsOf('ten_a'));

        for (const step of steps) {
          const [seen, expected] = [await inTenant('ten_a', () => step.run(shared)), await step.run(twin)];
          expect(seen).toEqual(expected);
        }
        expect(await inTenant('ten_a', () => everything(shared))).toEqual(await everything(twin));
        expect(await inTenant('ten_b', () => everything(shared))).toEqual(itemsOf('ten_b'));
      }),
      { numRuns: 150 },
    );
  });
});
