// From a committed change in one service to its effect in another, on the real broker and database.
import { afterEach, describe, expect, it } from '@jest/globals';
import { Schema } from 'mongoose';
import type { CloudEvent } from './events.ts';
import { tenantOwned } from './models.ts';
import { currentTenant, inTenant } from './tenancy.ts';
import { backingUrl, type DataFixture, newNamespace, startDataFixture } from './testing/data-fixture.ts';
import { eventually } from './testing/eventually.ts';
import { type InterruptibleProxy, startInterruptibleProxy } from './testing/interruptible-proxy.ts';

const schemas = {
  Greeting: tenantOwned(
    new Schema({ _id: { type: String, required: true }, count: { type: Number, default: 0 } }),
  ),
};
type Fixture = DataFixture<typeof schemas>;
const type = 'arthemiz.tenant.created.v1';
const data = (slug: string) => ({ tenantId: 'ten_a', slug, name: 'Acme' });

describe('events between services', () => {
  const fixtures: Fixture[] = [];
  const proxies: InterruptibleProxy[] = [];
  const start = async (options: Partial<Parameters<typeof startDataFixture<typeof schemas>>[0]> = {}) => {
    const fixture = await startDataFixture({ schemas, retryDelaysMs: [20, 40], ...options });
    fixtures.push(fixture);
    return fixture;
  };
  afterEach(async () => {
    for (const proxy of proxies) await proxy.restore();
    const disposed = new Set<string>();
    for (const fixture of fixtures.splice(0)) {
      const name = fixture.broker.topology.workQueue;
      await (disposed.has(name) ? fixture.close() : fixture.dispose());
      disposed.add(name);
    }
    for (const proxy of proxies.splice(0)) await proxy.stop();
  });

  const emit = (fixture: Fixture, slug: string) =>
    inTenant('ten_a', () =>
      fixture.transaction(({ emit }) => emit(type, { subject: 'ten_a', data: data(slug) })),
    );
  /** A handler whose effect would show if it happened twice. */
  const count = async ({ event, service }: { event: CloudEvent<typeof type>; service: Fixture }) => {
    await service.models.Greeting.updateOne(
      { _id: event.data.slug },
      { $inc: { count: 1 } },
      { upsert: true },
    );
  };
  const counts = (fixture: Fixture) =>
    inTenant('ten_a', async () =>
      Object.fromEntries((await fixture.models.Greeting.find().lean()).map(({ _id, count }) => [_id, count])),
    );
  const outcomes = async (fixture: Fixture) => fixture.lines.map(({ msg }) => msg);

  it('have their effect in the event’s tenant', async () => {
    const fixture = await start();
    const tenants: string[] = [];
    await fixture.consume({
      [type]: async (input) => {
        tenants.push(currentTenant());
        await count(input);
      },
    });
    await fixture.relay().start();
    await emit(fixture, 'acme');
    await eventually(async () => expect(await counts(fixture)).toEqual({ acme: 1 }));
    expect(tenants).toEqual(['ten_a']);
  });

  it('leave in the order of their emission', async () => {
    const fixture = await start();
    const seen: string[] = [];
    await fixture.consume({ [type]: async ({ event }) => void seen.push(event.data.slug) });
    const slugs = Array.from({ length: 30 }, (_, index) => `t${index}`);
    for (const slug of slugs) await emit(fixture, slug);
    await fixture.relay({ batchSize: 7 }).start();
    await eventually(() => seen.length === slugs.length);
    // Several are handled at once, so neighbours may swap in handling; the broker got them in order.
    const published = await fixture.outbox.entries.find().sort({ _id: 1 }).lean();
    expect(published.map(({ event }) => (event.data as { slug: string }).slug)).toEqual(slugs);
    expect(published.every(({ publishedAt }) => publishedAt !== null)).toBe(true);
  });

  it('wait in the outbox while RabbitMQ is away and arrive later, each once', async () => {
    const proxy = await startInterruptibleProxy(backingUrl('AMQP_URL'));
    proxies.push(proxy);
    const fixture = await start({ amqpUrl: proxy.url });
    await fixture.consume({ [type]: count });
    await fixture.relay().start();
    await emit(fixture, 'before');
    await eventually(async () => expect(await counts(fixture)).toEqual({ before: 1 }));

    await proxy.cut();
    await eventually(() => !fixture.broker.isConnected);
    await emit(fixture, 'during-1');
    await emit(fixture, 'during-2');
    expect(await fixture.metrics.getSingleMetricAsString('outbox_pending_events')).toContain(
      'outbox_pending_events 2',
    );

    await proxy.restore();
    await emit(fixture, 'after');
    await eventually(async () =>
      expect(await counts(fixture)).toEqual({ before: 1, 'during-1': 1, 'during-2': 1, after: 1 }),
    );
    expect(await fixture.metrics.getSingleMetricAsString('outbox_lag_seconds')).toContain(
      'outbox_lag_seconds 0',
    );
  });

  it('reach a service that starts again while RabbitMQ is away', async () => {
    const proxy = await startInterruptibleProxy(backingUrl('AMQP_URL'));
    proxies.push(proxy);
    const earlier = await start();
    await (await earlier.consume({ [type]: count })).stop();

    await proxy.cut();
    const fixture = await start({ namespace: earlier.namespace, amqpUrl: proxy.url });
    const consumer = fixture.consume({ [type]: count });
    await fixture.relay().start();
    await emit(fixture, 'early');
    expect(fixture.broker.isConnected).toBe(false);
    await proxy.restore();
    await consumer;
    await eventually(async () => expect(await counts(fixture)).toEqual({ early: 1 }));
  });

  it('take effect once with two relays and two consumers at work', async () => {
    const first = await start();
    const second = await start({ namespace: first.namespace });
    for (const copy of [first, second]) {
      await copy.consume({ [type]: count });
      await copy.relay().start();
    }
    const slugs = Array.from({ length: 40 }, (_, index) => `t${index}`);
    await Promise.all(slugs.map((slug, index) => emit(index % 2 === 0 ? first : second, slug)));
    const expected = Object.fromEntries(slugs.map((slug) => [slug, 1]));
    await eventually(async () => expect(await counts(first)).toEqual(expected));
    const { messageCount } = await first.broker.connection.queueDeclare({
      queue: first.broker.topology.workQueue,
      passive: true,
    });
    expect(messageCount).toBe(0);
  });

  it('take effect once when a relay dies between publishing and noting it', async () => {
    const fixture = await start();
    let handled = 0;
    await fixture.consume({
      [type]: async (input) => {
        handled += 1;
        await count(input);
      },
    });
    const relay = fixture.relay();
    await relay.start();
    await emit(fixture, 'twice');
    await eventually(async () => expect(await counts(fixture)).toEqual({ twice: 1 }));
    await relay.stop();

    // What a relay leaves that published and died.
    await fixture.outbox.entries.updateMany({}, { $set: { publishedAt: null } });
    await fixture.relay().start();
    await eventually(async () => (await fixture.outbox.entries.countDocuments({ publishedAt: null })) === 0);
    await emit(fixture, 'next');
    await eventually(async () => expect(await counts(fixture)).toEqual({ twice: 1, next: 1 }));
    expect(handled).toBe(2);
  });

  it('are relayed by another copy once the lease of a dead one has run out', async () => {
    const fixture = await start();
    await fixture.connection.collection<{ _id: string; owner: string; until: Date }>('leases').insertOne({
      _id: 'outbox-relay',
      owner: 'a copy that died',
      until: new Date(Date.now() + 300),
    });
    await fixture.consume({ [type]: count });
    await fixture.relay().start();
    await emit(fixture, 'inherited');
    await eventually(async () => expect(await counts(fixture)).toEqual({ inherited: 1 }));
    const lease = await fixture.connection.collection('leases').findOne({});
    expect(lease?.owner).not.toBe('a copy that died');
  });

  it('retry a failing handler until it succeeds, with nothing of the failures left', async () => {
    const fixture = await start();
    let failures = 0;
    await fixture.consume({
      [type]: async ({ emit, ...input }) => {
        await count(input);
        await emit('arthemiz.tenant.renamed.v1', { data: { tenantId: 'ten_a', name: 'Acme' } });
        if (failures < 2) {
          failures += 1;
          throw new Error('not yet');
        }
      },
    });
    await fixture.relay().start();
    await emit(fixture, 'stubborn');
    await eventually(async () => expect(await counts(fixture)).toEqual({ stubborn: 1 }));
    expect(failures).toBe(2);
    expect(await fixture.outbox.entries.countDocuments({ 'event.type': 'arthemiz.tenant.renamed.v1' })).toBe(
      1,
    );
    expect(await fixture.deadLetters.list()).toEqual([]);
  });

  it('go to the dead queue after the last retry, from where an operator replays them', async () => {
    const fixture = await start();
    let isBroken = true;
    await fixture.consume({
      [type]: async (input) => {
        if (isBroken) throw new Error('cannot reach amqp://guest:secret@broker/');
        await count(input);
      },
    });
    await fixture.relay().start();
    await emit(fixture, 'poison');
    const [letter] = await eventually(async () => {
      const letters = await fixture.deadLetters.list();
      return letters.length === 1 && letters;
    });
    expect(letter).toMatchObject({ attempts: 3, reason: 'Error: cannot reach amqp://broker/' });
    expect(letter?.firstFailedAt).toBeInstanceOf(Date);
    const inspected = await fixture.deadLetters.inspect(letter?.id ?? '');
    expect(JSON.parse(inspected?.body ?? '')).toMatchObject({ type, data: { slug: 'poison' } });

    isBroken = false;
    expect(await fixture.deadLetters.replay(letter?.id ?? '')).toBe(true);
    await eventually(async () => expect(await counts(fixture)).toEqual({ poison: 1 }));
    expect(await fixture.deadLetters.list()).toEqual([]);
  });

  it('go to the dead queue at once when they are invalid, after the last retry when nobody knows them', async () => {
    const fixture = await start();
    await fixture.consume({ [type]: count });
    const { workQueue } = fixture.broker.topology;
    const valid = await inTenant('ten_a', async () => fixture.contracts.create(type, { data: data('fine') }));
    const send = (messageId: string, body: unknown, contentType?: string) =>
      fixture.broker.send(workQueue, {
        messageId,
        body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
        contentType,
      });
    await send('m1', 'no json {');
    await send('m2', { ...valid, data: {} });
    await send('m3', { ...valid, type: 'arthemiz.tenant.exploded.v1' });
    await send('m4', {
      ...valid,
      type: 'arthemiz.tenant.renamed.v1',
      data: { tenantId: 'ten_a', name: 'A' },
    });
    await send('m5', { ...valid, tenantid: undefined }, 'application/json');
    const letters = await eventually(async () => {
      const found = await fixture.deadLetters.list();
      return found.length === 5 && found;
    });
    expect(Object.fromEntries(letters.map(({ id, reason }) => [id, reason]))).toEqual({
      m1: 'InvalidEventError: The body is not JSON.',
      m2: expect.stringContaining('The data of arthemiz.tenant.created.v1 is invalid at /'),
      m3: expect.stringContaining('Events of type arthemiz.tenant.exploded.v1 are not described here'),
      m4: expect.stringContaining('There is no handler for arthemiz.tenant.renamed.v1'),
      m5: expect.stringContaining('The envelope is invalid'),
    });
    expect(Object.fromEntries(letters.map(({ id, attempts }) => [id, attempts]))).toMatchObject({
      ...{ m1: 0, m2: 0, m5: 0 },
      ...{ m3: 3, m4: 3 },
    });
    expect(await outcomes(fixture)).toContain('event goes to the dead queue');
  });

  it('come back to a newer copy when they first reach one that does not know them', async () => {
    const newer = await start({ retryDelaysMs: [20, 20_000] });
    const renamed = 'arthemiz.tenant.renamed.v1';
    const handlers = {
      [renamed]: async ({ event, service }: { event: CloudEvent<typeof renamed>; service: Fixture }) => {
        await service.models.Greeting.create([{ _id: event.data.name, count: 1 }]);
      },
    };
    await (await newer.consume(handlers)).stop(); // its binding stays
    const older = await start({ namespace: newer.namespace, retryDelaysMs: [20, 20_000] });
    const consumer = await older.consume({ [type]: count });
    await older.relay().start();
    await inTenant('ten_a', () =>
      newer.transaction(({ emit }) => emit(renamed, { data: { tenantId: 'ten_a', name: 'Acme' } })),
    );
    await eventually(() => older.lines.some(({ msg }) => msg === 'event will be retried'));
    await consumer.stop();
    await newer.consume(handlers);
    await eventually(async () => expect(await counts(newer)).toEqual({ Acme: 1 }), { timeoutMs: 60_000 });
  });

  it('leave with the last batch of a relay that stops', async () => {
    const fixture = await start();
    await fixture.consume({ [type]: count });
    const relay = fixture.relay({ pollMs: 60_000 });
    await relay.start();
    await emit(fixture, 'first');
    await eventually(async () => expect(await counts(fixture)).toEqual({ first: 1 }));
    // Stored without the nudge that a commit gives.
    await fixture.outbox.store([
      await inTenant('ten_a', async () => fixture.contracts.create(type, { data: data('last') })),
    ]);
    await relay.stop();
    expect(await fixture.outbox.entries.countDocuments({ publishedAt: null })).toBe(0);
    await eventually(async () => expect(await counts(fixture)).toEqual({ first: 1, last: 1 }));
  });

  it('wait out a database that is away, however often they fail meanwhile', async () => {
    const proxy = await startInterruptibleProxy(backingUrl('MONGODB_URI'));
    proxies.push(proxy);
    const fixture = await start({ mongodbUri: proxy.url, serverSelectionTimeoutMs: 50 });
    await fixture.consume({ [type]: count });
    await proxy.cut();
    const event = await inTenant('ten_a', async () =>
      fixture.contracts.create(type, { data: data('patient') }),
    );
    await fixture.broker.publish(type, { messageId: event.id, body: Buffer.from(JSON.stringify(event)) });
    await eventually(() => fixture.lines.filter(({ msg }) => msg === 'event will be retried').length > 5);
    await proxy.restore();
    await eventually(async () => expect(await counts(fixture)).toEqual({ patient: 1 }));
    expect(await fixture.deadLetters.list()).toEqual([]);
  });

  it('are published directly, with confirmation, by a service without a database', async () => {
    const namespace = newNamespace();
    const fixture = await start({ namespace });
    await fixture.consume({ [type]: count });
    const { createEvents } = await import('./events.ts');
    const events = createEvents({ contracts: fixture.contracts, broker: fixture.broker });
    await events.publish(type, { tenantId: 'ten_a', data: data('direct') });
    await eventually(async () => expect(await counts(fixture)).toEqual({ direct: 1 }));
  });
});
