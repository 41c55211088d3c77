import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Schema } from 'mongoose';
import { tenantOwned } from './models.ts';
import { inTenant } from './tenancy.ts';
import { type DataFixture, startDataFixture } from './testing/data-fixture.ts';
import { eventually } from './testing/eventually.ts';
import { TransactionDeadlineError } from './transaction.ts';

const schemas = {
  Counter: tenantOwned(
    new Schema({ _id: { type: String, required: true }, value: { type: Number, default: 0 } }),
  ),
};
const created = { tenantId: 'ten_a', slug: 'acme', name: 'Acme' };

describe('transaction', () => {
  let fixture: DataFixture<typeof schemas>;
  const asAcme = <T>(work: () => Promise<T>) => inTenant('ten_a', work);

  beforeAll(async () => {
    fixture = await startDataFixture({ schemas });
  });
  afterAll(() => fixture.dispose());

  it('commits the change, its event and its push together', async () => {
    await asAcme(async () => {
      const pushes = fixture.live.subscribe<{ value: number }>('counter');
      await pushes.ready;
      await fixture.transaction(async ({ emit, push }) => {
        await fixture.models.Counter.create([{ _id: 'together', value: 1 }]);
        await emit('arthemiz.tenant.created.v1', { subject: 'ten_a', data: created });
        push('counter', { value: 1 });
      });
      expect(await pushes.next()).toEqual({ done: false, value: { value: 1 } });
      await pushes.return?.();
      expect(await fixture.models.Counter.countDocuments({ _id: 'together' })).toBe(1);
    });
    const [entry] = await fixture.outbox.entries.find({ 'event.subject': 'ten_a' }).lean();
    expect(entry?.event).toMatchObject({ tenantid: 'ten_a', source: '/arthemiz', data: created });
  });

  it('leaves no change, event or push behind when the work fails', async () => {
    await asAcme(async () => {
      const pushes = fixture.live.subscribe<{ value: number }>('rollback');
      await pushes.ready;
      const failing = fixture.transaction(async ({ emit, push }) => {
        await fixture.models.Counter.create([{ _id: 'rolled-back' }]);
        await emit('arthemiz.tenant.created.v1', { subject: 'ten_rollback', data: created });
        push('rollback', { value: -1 });
        throw new Error('changed my mind');
      });
      await expect(failing).rejects.toThrow('changed my mind');
      // A push that follows shows that none came before it.
      await fixture.live.publish('rollback', { value: 2 });
      expect((await pushes.next()).value).toEqual({ value: 2 });
      await pushes.return?.();
      expect(await fixture.models.Counter.countDocuments({ _id: 'rolled-back' })).toBe(0);
    });
    expect(await fixture.outbox.entries.countDocuments({ 'event.subject': 'ten_rollback' })).toBe(0);
  });

  it('repeats the work after a conflict and pushes only what the last attempt said', async () => {
    await asAcme(async () => {
      await fixture.models.Counter.create({ _id: 'contended', value: 0 });
      const pushes = fixture.live.subscribe<{ value: number }>('contended');
      await pushes.ready;
      const increments = Array.from({ length: 8 }, () =>
        fixture.transaction(async ({ push }) => {
          const counter = await fixture.models.Counter.findById('contended').orFail();
          counter.value += 1;
          await counter.save();
          push('contended', { value: counter.value });
        }),
      );
      await Promise.all(increments);
      expect((await fixture.models.Counter.findById('contended').orFail()).value).toBe(8);
      const seen = [];
      for (let read = 0; read < 8; read += 1) seen.push((await pushes.next()).value?.value);
      expect(new Set(seen)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8]));
      await pushes.return?.();
    });
  });

  it('joins the transaction that it is called in', async () => {
    await asAcme(async () => {
      const failing = fixture.transaction(async () => {
        await fixture.transaction(async ({ emit }) => {
          await fixture.models.Counter.create([{ _id: 'inner' }]);
          await emit('arthemiz.tenant.created.v1', { subject: 'ten_inner', data: created });
        });
        throw new Error('outer fails');
      });
      await expect(failing).rejects.toThrow('outer fails');
      expect(await fixture.models.Counter.countDocuments({ _id: 'inner' })).toBe(0);
    });
    expect(await fixture.outbox.entries.countDocuments({ 'event.subject': 'ten_inner' })).toBe(0);
  });

  it('refuses an event that breaks its schema, and with it the change', async () => {
    await asAcme(async () => {
      const failing = fixture.transaction(async ({ emit }) => {
        await fixture.models.Counter.create([{ _id: 'bad-event' }]);
        await emit('arthemiz.tenant.created.v1', { data: { ...created, name: '' } });
      });
      await expect(failing).rejects.toThrow('The data of arthemiz.tenant.created.v1 is invalid at /name');
      expect(await fixture.models.Counter.countDocuments({ _id: 'bad-event' })).toBe(0);
    });
  });

  it('gives up conflicts at its deadline', async () => {
    const hasty = await startDataFixture({
      namespace: fixture.namespace,
      schemas,
      transactionDeadlineMs: 50,
    });
    await asAcme(async () => {
      await hasty.models.Counter.create({ _id: 'held', value: 0 });
      await fixture.transaction(async () => {
        await fixture.models.Counter.updateOne({ _id: 'held' }, { $inc: { value: 1 } });
        const blocked = hasty.transaction(async () => {
          await hasty.models.Counter.updateOne({ _id: 'held' }, { $inc: { value: 1 } });
        });
        await expect(blocked).rejects.toThrow(TransactionDeadlineError);
      });
      await eventually(async () => {
        expect((await hasty.models.Counter.findById('held').orFail()).value).toBe(1);
      });
    });
    await hasty.close();
  });
});
