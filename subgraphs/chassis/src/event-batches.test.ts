// Events that are taken together, on the real broker and database.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Schema } from 'mongoose';
import type { BatchHandler } from './event-batches.ts';
import { messageOf } from './events.ts';
import { tenantOwned } from './models.ts';
import { inTenant } from './tenancy.ts';
import { type DataFixture, startDataFixture } from './testing/data-fixture.ts';
import { eventually } from './testing/eventually.ts';

const schemas = {
  Greeting: tenantOwned(new Schema({ _id: { type: String, required: true }, batch: { type: Number } })),
};
type Fixture = DataFixture<typeof schemas>;
const type = 'arthemiz.tenant.created.v1';

describe('events that are taken together', () => {
  let fixture: Fixture;
  let sizes: number[];
  beforeEach(async () => {
    fixture = await startDataFixture({ schemas, retryDelaysMs: [20, 40] });
    sizes = [];
  });
  afterEach(() => fixture.dispose());

  /** Says hello to each, once; to nobody called poison. */
  const greeting: BatchHandler<Fixture> = {
    async handleAll({ events, service: { models } }) {
      const slugs = events.map(({ data }) => ('slug' in data ? String(data.slug) : ''));
      if (slugs.includes('poison')) throw new Error('cannot be greeted');
      sizes.push(events.length);
      await models.Greeting.insertMany(slugs.map((_id) => ({ _id, batch: sizes.length })));
    },
    async givenUp({ event, service: { models } }) {
      await models.Greeting.create([{ _id: `sorry, ${event.id}` }]);
    },
    most: 50,
  };
  const told = (tenantId: string, slugs: readonly string[]) =>
    inTenant(tenantId, async () =>
      slugs.map((slug) =>
        messageOf(fixture.contracts.create(type, { data: { tenantId, slug, name: 'Acme' } })),
      ),
    );
  const greeted = (tenantId: string) =>
    inTenant(tenantId, async () =>
      (await fixture.models.Greeting.find().lean()).map(({ _id }) => _id).sort(),
    );
  const names = (count: number) => Array.from({ length: count }, (_, index) => `${1_000 + index}`);

  it('take effect once each, tenant by tenant, in fewer transactions than there are events', async () => {
    const [first, second] = [names(200), ['a', 'b']];
    const messages = [...(await told('ten_a', first)), ...(await told('ten_b', second))];
    await fixture.consume({ [type]: greeting });
    await Promise.all([...messages, ...messages].map((message) => fixture.broker.publish(type, message)));
    await eventually(async () => {
      expect(await greeted('ten_a')).toEqual(first);
      expect(await greeted('ten_b')).toEqual(second);
    });
    expect(sizes.length).toBeLessThan(100);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(50);
    expect(await fixture.deadLetters.list()).toEqual([]);
  });

  it('don’t fail for one that fails, which goes to the dead queue alone', async () => {
    const slugs = names(20);
    const messages = await told('ten_a', [...slugs.slice(0, 7), 'poison', ...slugs.slice(7)]);
    await fixture.consume({ [type]: greeting });
    await Promise.all(messages.map((message) => fixture.broker.publish(type, message)));
    const [letter] = await eventually(async () => {
      const letters = await fixture.deadLetters.list();
      return letters.length === 1 && letters;
    });
    expect(letter).toMatchObject({ id: messages[7]?.messageId, reason: 'Error: cannot be greeted' });
    const sorry = `sorry, ${letter?.id}`;
    await eventually(async () => expect(await greeted('ten_a')).toEqual([...slugs, sorry]));
  });
});
