import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type mongo, Schema } from 'mongoose';
import { buildModels, platformWide, tenantOwned } from './models.ts';
import { acrossTenants, inTenant, TenancyError } from './tenancy.ts';
import { type DataFixture, startDataFixture } from './testing/data-fixture.ts';
import { eventually } from './testing/eventually.ts';

const noteSchema = new Schema(
  {
    _id: { type: String, required: true },
    text: { type: String, default: '' },
    parent: { type: String, ref: 'Note' },
    color: { type: String, ref: 'Color' },
  },
  { collection: 'notes' },
);
noteSchema.virtual('children', { ref: 'Note', localField: '_id', foreignField: 'parent' });
const sampleSchema = new Schema(
  { at: { type: Date, required: true }, meta: { tenantId: String, checkId: String }, value: Number },
  { timeseries: { timeField: 'at', metaField: 'meta', granularity: 'seconds' }, collection: 'samples' },
);
const schemas = {
  Note: tenantOwned(noteSchema),
  Sample: tenantOwned(sampleSchema, { path: 'meta.tenantId' }),
  Color: platformWide(
    new Schema({ _id: { type: String, required: true }, hex: String }, { collection: 'colors' }),
    'all tenants see the same colours',
  ),
};

interface NoteDocument extends mongo.Document {
  _id: string;
}

describe('models', () => {
  let fixture: DataFixture<typeof schemas>;
  const asA = <T>(work: () => PromiseLike<T> | T) => inTenant('ten_a', work);
  const asB = <T>(work: () => PromiseLike<T> | T) => inTenant('ten_b', work);
  const asSystem = <T>(work: () => PromiseLike<T> | T) => acrossTenants('a test looks at everything', work);
  const note = () => fixture.models.Note;
  /** In no order of MongoDB's: `distinct` promises none. */
  const textsOfA = async () => (await asA(() => note().distinct('text'))).sort();
  /** The driver's own face of the collection, with no mongoose in between. */
  const native = () => note().collection as unknown as mongo.Collection<NoteDocument>;

  beforeAll(async () => {
    fixture = await startDataFixture({ schemas });
    await fixture.models.Color.create({ _id: 'red', hex: '#f00' });
  });
  afterAll(() => fixture.dispose());
  beforeEach(async () => {
    await asSystem(() => note().deleteMany({}));
    await asA(() =>
      note().create([
        { _id: 'a1', text: 'first', color: 'red' },
        { _id: 'a2', text: 'second', parent: 'a1' },
      ]),
    );
    await asB(() => note().create({ _id: 'b1', text: 'hidden', parent: 'a1' }));
  });

  describe('of a tenant', () => {
    it('cannot be touched without a scope', async () => {
      await expect(note().find()).rejects.toThrow(TenancyError);
      await expect(note().find().cursor().next()).rejects.toThrow(TenancyError);
      await expect(note().aggregate([{ $match: {} }])).rejects.toThrow(TenancyError);
      await expect(note().estimatedDocumentCount()).rejects.toThrow(TenancyError);
      await expect(note().create({ _id: 'x', tenantId: 'ten_a' })).rejects.toThrow(TenancyError);
      await expect(note().bulkWrite([{ deleteMany: { filter: {} } }])).rejects.toThrow(TenancyError);
      expect(() => native().deleteMany({})).toThrow(TenancyError);
      expect(() => fixture.connection.collection('notes').find()).toThrow(TenancyError);
    });

    it('show the tenant of what was created', async () => {
      const created = await asA(() => note().create({ _id: 'a3' }));
      expect(created.tenantId).toBe('ten_a');
      const [inserted] = await asA(() => note().insertMany([{ _id: 'a4' }]));
      expect(inserted?.tenantId).toBe('ten_a');
      await asA(() => note().insertMany([{ _id: 'a5' }], { lean: true }));
      expect(await asA(() => note().findById('a5').lean())).toMatchObject({ tenantId: 'ten_a' });
    });

    it('are read within the tenant only, by any kind of read', async () => {
      await asB(async () => {
        expect(await note().find().distinct('_id')).toEqual(['b1']);
        expect(await note().findById('a1')).toBeNull();
        expect(await note().exists({ _id: 'a1' })).toBeNull();
        expect(await note().countDocuments()).toBe(1);
        expect(await note().estimatedDocumentCount()).toBe(1);
        expect(await note().distinct('text')).toEqual(['hidden']);
        const streamed = [];
        for await (const each of note().find().cursor()) streamed.push(each._id);
        for await (const each of note()
          .aggregate([{ $project: { _id: 1 } }])
          .cursor())
          streamed.push(each._id);
        expect(streamed).toEqual(['b1', 'b1']);
      });
    });

    it('cannot be widened by a filter', async () => {
      const filters = [
        { tenantId: 'ten_a' },
        { tenantId: { $in: ['ten_a', 'ten_b'] } },
        { $or: [{ tenantId: 'ten_a' }, { _id: 'b1' }] },
        { $nor: [{ tenantId: 'ten_b' }] },
        { $expr: { $ne: ['$tenantId', 'ten_b'] } },
        { tenantId: { $exists: true } },
      ];
      await asB(async () => {
        for (const filter of filters) {
          const found = await note().find(filter).lean();
          expect(found.filter(({ tenantId }) => tenantId !== 'ten_b')).toEqual([]);
          await note().updateMany(filter, { $set: { text: 'stolen' } });
        }
      });
      expect(await textsOfA()).toEqual(['first', 'second']);
    });

    it('populate within the tenant, and from platform-wide models', async () => {
      const first = await asA(() => note().findById('a1').populate(['children', 'color']).orFail());
      expect(first.get('children')).toHaveLength(1);
      expect(first.get('color')).toMatchObject({ hex: '#f00' });
      const hidden = await asB(() => note().findById('b1').populate('parent').orFail());
      expect(hidden.parent).toBeNull();
    });

    it('are changed within the tenant only', async () => {
      await asB(async () => {
        expect(await note().findByIdAndUpdate('a1', { text: 'stolen' })).toBeNull();
        expect(await note().findByIdAndDelete('a1')).toBeNull();
        expect(await note().findOneAndReplace({ _id: 'a1' }, { text: 'stolen' })).toBeNull();
        expect((await note().deleteOne({ _id: 'a1' })).deletedCount).toBe(0);
        expect((await note().deleteMany({ _id: /^a/ })).deletedCount).toBe(0);
        expect((await note().replaceOne({ _id: 'a1' }, { text: 'stolen' })).matchedCount).toBe(0);
        const bulk = await note().bulkWrite([
          { updateOne: { filter: { _id: 'a1' }, update: { $set: { text: 'stolen' } } } },
          { updateMany: { filter: { tenantId: 'ten_a' }, update: { $set: { text: 'stolen' } } } },
          { deleteOne: { filter: { _id: 'a2' } } },
          { deleteMany: { filter: { tenantId: 'ten_a' } } },
          { insertOne: { document: { _id: 'b2', text: 'mine' } } },
        ]);
        expect(bulk).toMatchObject({ matchedCount: 0, deletedCount: 0, insertedCount: 1 });
        const replaced = await native().bulkWrite([
          { replaceOne: { filter: { _id: 'a1' }, replacement: { text: 'stolen' } } },
        ]);
        expect(replaced.matchedCount).toBe(0);
      });
      expect(await textsOfA()).toEqual(['first', 'second']);
      expect(await asB(() => note().countDocuments())).toBe(2);
    });

    it('do not save a document that was loaded for another tenant', async () => {
      const loaded = await asA(() => note().findById('a1').orFail());
      loaded.text = 'stolen';
      await expect(asB(() => loaded.save())).rejects.toThrow();
      expect(await asA(() => note().findById('a1').orFail())).toMatchObject({ text: 'first' });
    });

    it('never change their tenant', async () => {
      await asA(async () => {
        await expect(note().create({ _id: 'x', tenantId: 'ten_b' })).rejects.toThrow(TenancyError);
        await expect(note().insertMany([{ _id: 'x', tenantId: 'ten_b' }])).rejects.toThrow(TenancyError);
        const moves: mongo.UpdateFilter<NoteDocument>[] = [
          { $set: { tenantId: 'ten_b' } },
          { $unset: { tenantId: '' } },
          { $rename: { text: 'tenantId' } },
          { $rename: { tenantId: 'text' } },
          { $set: { 'tenantId.inner': 1 } },
        ];
        for (const move of moves) {
          expect(() => native().updateOne({ _id: 'a1' }, move)).toThrow(TenancyError);
          expect(() => native().bulkWrite([{ updateOne: { filter: {}, update: move } }])).toThrow(
            TenancyError,
          );
        }
        expect(() => native().replaceOne({ _id: 'a1' }, { tenantId: 'ten_b' })).toThrow(TenancyError);
        await native().updateOne({ _id: 'a1' }, [{ $set: { tenantId: 'ten_b', text: 'moved' } }]);
        await native().updateOne({ _id: 'a2' }, { $set: { tenantId: 'ten_a' } });
        expect(await note().findById('a1').lean()).toMatchObject({ tenantId: 'ten_a', text: 'moved' });
        expect(await note().countDocuments()).toBe(2);
      });
    });

    it('upsert into the tenant in scope', async () => {
      await asA(async () => {
        await note().updateOne({ _id: 'a7' }, { $set: { text: 'new' } }, { upsert: true });
        await note().updateOne({ _id: 'a8', tenantId: 'ten_a' }, { text: 'new' }, { upsert: true });
        await note().findOneAndReplace({ _id: 'a9' }, { text: 'new' }, { upsert: true });
        await note().bulkWrite([
          { updateOne: { filter: { _id: 'a10' }, update: { $set: { text: 'new' } }, upsert: true } },
        ]);
        expect(await note().countDocuments({ text: 'new' })).toBe(4);
        // The id is taken by another tenant's document, which stays unseen and unchanged.
        await expect(note().updateOne({ _id: 'b1' }, { text: 'x' }, { upsert: true })).rejects.toThrow(
          'E11000',
        );
      });
      expect(await asB(() => note().findById('b1').orFail())).toMatchObject({ text: 'hidden' });
    });

    it('refuse what cannot be bound', async () => {
      await asA(async () => {
        expect(() => native().drop()).toThrow('notes.drop cannot be bound to a tenant');
        expect(() => native().initializeOrderedBulkOp()).toThrow(TenancyError);
        expect(() => native().insertMany([1 as never])).toThrow('Expected an object as document');
        expect(() => native().bulkWrite([{} as never])).toThrow('exactly one');
      });
    });

    it('cannot be reached by what their connection does to any collection', async () => {
      const steal = { model: 'Note', name: 'deleteMany', filter: {} } as never;
      await asB(() => {
        expect(() => fixture.connection.bulkWrite([steal])).toThrow('use the bulkWrite of a model');
        expect(() => note().db.watch()).toThrow(TenancyError);
      });
      expect(() => fixture.connection.watch()).toThrow(TenancyError);
      const stream = await asSystem(() => fixture.connection.watch());
      await stream.close();
      expect(await asA(() => note().countDocuments())).toBe(2);
    });
  });

  describe('aggregated for a tenant', () => {
    const asASee = (pipeline: object[]) => asA(() => note().aggregate(pipeline as never));

    it('join only the tenant’s documents', async () => {
      const lookup = { from: 'notes', localField: '_id', foreignField: 'parent', as: 'children' };
      const [joined] = await asASee([{ $match: { _id: 'a1' } }, { $lookup: lookup }]);
      expect(joined.children).toHaveLength(1);

      const all = [{ $match: {} }];
      const [crossed] = await asASee([
        { $limit: 1 },
        { $lookup: { from: 'notes', pipeline: all, as: 'others' } },
      ]);
      expect(crossed.others).toHaveLength(2);

      expect(await asASee([{ $unionWith: 'notes' }])).toHaveLength(4);
      expect(await asASee([{ $unionWith: { coll: 'notes', pipeline: all } }])).toHaveLength(4);
      expect(await asASee([{ $unionWith: 'colors' }])).toHaveLength(3);

      const [faceted] = await asASee([{ $facet: { all, joined: [{ $unionWith: 'notes' }] } }]);
      expect([faceted.all.length, faceted.joined.length]).toEqual([2, 4]);
    });

    it('walk graphs only through the tenant’s documents', async () => {
      const walk = {
        from: 'notes',
        startWith: '$_id',
        connectFromField: '_id',
        connectToField: 'parent',
        as: 'tree',
      };
      const [walked] = await asASee([{ $match: { _id: 'a1' } }, { $graphLookup: walk }]);
      expect(walked.tree.map(({ _id }: { _id: string }) => _id)).toEqual(['a2']);
    });

    it.each([
      [{ $out: 'stolen' }],
      [{ $merge: { into: 'colors' } }],
      [{ $collStats: { count: {} } }],
      [{ $lookup: { from: 'outbox', pipeline: [], as: 'all' } }],
      [{ $lookup: { pipeline: [{ $documents: [] }], as: 'all' } }],
      [{ $unionWith: { coll: 'colors', pipeline: [{ $out: 'stolen' }] } }],
      [{ $facet: { inner: [{ $lookup: { from: 'leases', pipeline: [], as: 'all' } }] } }],
    ])('refuse %j', async (stage) => {
      await expect(asASee([stage])).rejects.toThrow(TenancyError);
    });

    it('refuse what is no pipeline, from the driver’s side too', async () => {
      await asA(() => {
        expect(() => native().aggregate([{}])).toThrow('exactly one operator');
        expect(() => native().aggregate([{ $match: {}, $out: 'stolen' }])).toThrow('exactly one operator');
        expect(() => native().aggregate('all' as never)).toThrow('Expected an array');
      });
    });
  });

  describe('watched for a tenant', () => {
    it('show that tenant’s changes only', async () => {
      const stream = await asA(async () => {
        const opened = note().watch([], { maxAwaitTimeMS: 50 });
        const seen: string[] = [];
        opened.on('change', ({ documentKey }: { documentKey: { _id: string } }) =>
          seen.push(documentKey._id),
        );
        await new Promise((resolve) => opened.once('resumeTokenChanged', resolve));
        return { opened, seen };
      });
      await asB(() => note().create({ _id: 'b9' }));
      await asA(() => note().create({ _id: 'a9' }));
      // A stream may begin a little before it was opened, and show what this test's set-up wrote.
      await eventually(() => stream.seen.includes('a9'));
      expect(stream.seen.filter((id) => !id.startsWith('a'))).toEqual([]);
      await stream.opened.close();
    });
  });

  describe('of a time series', () => {
    it('are bound by the tenant in their meta field', async () => {
      const samples = fixture.models.Sample;
      await asA(() => samples.create({ at: new Date(), meta: { checkId: 'chk_1' }, value: 1 }));
      await asB(() => samples.insertMany([{ at: new Date(), meta: { checkId: 'chk_1' }, value: 2 }]));
      expect(await asA(() => samples.distinct('value'))).toEqual([1]);
      expect(
        await asB(() => samples.aggregate([{ $group: { _id: null, sum: { $sum: '$value' } } }])),
      ).toEqual([{ _id: null, sum: 2 }]);
      expect(await asSystem(() => samples.distinct('meta.tenantId'))).toEqual(['ten_a', 'ten_b']);
      const foreign = { at: new Date(), meta: { tenantId: 'ten_b' }, value: 3 };
      await expect(asA(() => samples.create(foreign))).rejects.toThrow(TenancyError);
      const move = { $set: { meta: { tenantId: 'ten_b' } } };
      await expect(asA(() => samples.collection.updateMany({}, move))).rejects.toThrow(TenancyError);
    });
  });

  describe('across tenants', () => {
    it('show everything', async () => {
      await asSystem(async () => {
        expect(await note().countDocuments()).toBe(3);
        expect(await note().estimatedDocumentCount()).toBe(3);
        expect(await note().aggregate([{ $count: 'notes' }])).toEqual([{ notes: 3 }]);
      });
    });

    it('insert only what names its tenant', async () => {
      await asSystem(async () => {
        await note().create({ _id: 'c1', tenantId: 'ten_c' });
        await note().insertMany([{ _id: 'c2', tenantId: 'ten_c' }]);
        await note().bulkWrite([
          { insertOne: { document: { _id: 'c3', tenantId: 'ten_c' } } },
          { updateOne: { filter: { _id: 'c4', tenantId: 'ten_c' }, update: { text: 'x' }, upsert: true } },
          { deleteOne: { filter: { _id: 'a2' } } },
        ]);
        await native().updateOne({ _id: 'c5' }, { $setOnInsert: { tenantId: 'ten_c' } }, { upsert: true });
        expect(await note().countDocuments({ tenantId: 'ten_c' })).toBe(5);

        await expect(note().create({ _id: 'x' })).rejects.toThrow();
        await expect(note().insertMany([{ _id: 'x' }], { lean: true })).rejects.toThrow(TenancyError);
        await expect(note().updateOne({ _id: 'x' }, { text: 'x' }, { upsert: true })).rejects.toThrow(
          TenancyError,
        );
        expect(() => native().bulkWrite([{ insertOne: { document: { _id: 'x' } } }])).toThrow(TenancyError);
      });
    });

    it('still never change a document’s tenant', async () => {
      await asSystem(async () => {
        expect(() => native().updateOne({}, { $set: { tenantId: 'ten_c' } })).toThrow(TenancyError);
        expect(() => native().updateOne({}, { $rename: { text: 'tenantId' } })).toThrow(TenancyError);
        expect(() => native().updateOne({}, [{ $set: { tenantId: 'ten_c' } }])).toThrow(TenancyError);
        expect(() => native().replaceOne({}, { tenantId: 'ten_c' })).toThrow(TenancyError);
        expect(() => native().bulkWrite([{ replaceOne: { filter: {}, replacement: {} } }])).toThrow(
          TenancyError,
        );
        await note().updateMany({}, { $set: { text: 'seen' } });
        expect(await note().distinct('text')).toEqual(['seen']);
      });
    });
  });

  describe('as they are declared', () => {
    it('index the tenant unless an index starts with it', () => {
      expect(schemas.Note.schema.indexes().map(([fields]) => fields)).toContainEqual({ tenantId: 1 });
      const indexed = new Schema({ name: String });
      indexed.index({ tenantId: 1, name: 1 });
      buildModels(fixture.connection, { Indexed: tenantOwned(indexed) });
      expect(indexed.indexes()).toHaveLength(1);
    });

    it('need a reason to be platform-wide', () => {
      expect(() => platformWide(new Schema({}), ' ')).toThrow('needs a reason');
    });

    it('agree on who owns a collection', () => {
      const clash = { Clash: platformWide(new Schema({}, { collection: 'notes2' }), 'a test') };
      const owned = { Owned: tenantOwned(new Schema({}, { collection: 'notes2' })) };
      expect(() => buildModels(fixture.connection, { ...clash, ...owned })).toThrow(
        'disagree about who owns it',
      );
    });
  });
});
