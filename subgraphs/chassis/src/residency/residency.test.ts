// Two regions on the real MongoDB: databases of their own, as on two servers.
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import type { ProvisioningStep } from '../provisioning.ts';
import { startSubgraph } from '../subgraph.ts';
import { acrossTenants, inTenant, platformTenantId, TenancyError } from '../tenancy.ts';
import { backingUrl } from '../testing/data-fixture.ts';
import { createGate, sampleSubgraph } from '../testing/sample-subgraph.ts';
import { eventually, execute, type TestEnvironment, testEnvironment, testViewer } from '../testing.ts';
import { type Move, movePhases, type Residence } from './rules.ts';

const sample = () => {
  const definition = sampleSubgraph();
  const firstNote: ProvisioningStep<Pick<Sample['service'], 'models'>> = {
    name: 'first-note',
    description: 'Writes a note.',
    provision: async ({ service }) => void (await service.models.Note.create([{ text: 'first' }])),
    compensate: async () => undefined,
  };
  return { ...definition, provisioning: [firstNote] };
};
const start = (env: Readonly<Record<string, string>>) => startSubgraph(sample(), env);
interface Note {
  _id: string;
  tenantId: string;
  text: string;
}
type Definition = ReturnType<typeof sampleSubgraph>;
type Sample = Awaited<ReturnType<typeof startSubgraph<Definition['config'], Definition['models'], unknown>>>;

let environment: TestEnvironment;
let copies: Sample[];
let home: Connection;
let eu: Connection;
let requests = 0;

beforeAll(async () => {
  environment = await testEnvironment({
    service: 'sample',
    extra: { MONGODB_URIS: JSON.stringify({ eu: backingUrl('MONGODB_URI') }) },
  });
  const connect = (dbName: string) =>
    mongoose.createConnection(backingUrl('MONGODB_URI'), { dbName }).asPromise();
  home = await connect(`${environment.namespace}_sample`);
  eu = await connect(`${environment.namespace}_sample_eu`);
  await startCopies();
});
afterAll(async () => {
  await stopCopies();
  await Promise.all([home.close(), eu.close()]);
  await environment.dispose();
});

async function startCopies(): Promise<void> {
  copies = await Promise.all([start(environment.env), start(environment.env)]);
  await Promise.all(copies.map(({ consuming }) => consuming));
}
async function stopCopies(): Promise<void> {
  await Promise.all(copies.map((copy) => copy.stop()));
}
const copyAt = (index: number): Sample => {
  const copy = copies[index];
  if (copy === undefined) throw new Error('The copy runs.');
  return copy;
};
const publish: Sample['service']['events']['publish'] = (...given) =>
  copyAt(0).service.events.publish(...given);

/** A tenant whose first note was written in its region. */
async function settle(tenantId: string, region: string): Promise<void> {
  const step = { subgraph: 'sample', step: 'first-note', action: 'provision', sequence: 1 } as const;
  const tenant = { tenantId, slug: tenantId.replaceAll('_', '-'), name: tenantId };
  await publish('tenancy.step.requested.v1', { tenantId, data: { ...step, ...tenant, region } });
  await eventually(async () => expect(await write(tenantId, 'second', { copy: 0 })).toBeUndefined());
  await eventually(async () => expect(await write(tenantId, 'third', { copy: 1 })).toBeUndefined());
}

/** Writes a note, by one of the copies. Gives the code of its refusal. */
async function write(tenantId: string, text: string, { copy }: { copy: number }): Promise<unknown> {
  const { errors } = await execute({
    url: copyAt(copy).url,
    environment,
    query: 'mutation ($text: String!) { writeNote(text: $text) { id } }',
    variables: { text },
    viewer: testViewer({ tenantId, permissions: ['note:write', 'note:read'] }),
  });
  return errors?.[0]?.extensions?.code;
}

async function read(tenantId: string): Promise<string[]> {
  const notes = await inTenant(tenantId, () => copyAt(0).service.models.Note.find().lean());
  return notes.map(({ text }) => text).sort();
}

const stored = async (database: Connection, tenantId: string): Promise<string[]> =>
  (await database.collection('notes').find({ tenantId }).toArray()).map(({ text }) => String(text)).sort();

/** All of a database that names the tenant, by collection. */
async function traces(database: Connection, tenantId: string): Promise<string[]> {
  const found = [];
  for (const { name } of await database.listCollections()) {
    const documents = await database.collection(name).find().toArray();
    const own = documents.filter((document) => JSON.stringify(document).includes(tenantId));
    if (own.length > 0) found.push(name);
  }
  return found.sort();
}

const residences = () => home.collection<Residence>('residences');
const residenceOf = (tenantId: string) => residences().findOne({ _id: tenantId });

async function move(tenantId: string, region: string): Promise<void> {
  requests += 1;
  const data = { tenantId, region, sequence: requests };
  await publish('tenancy.move.requested.v1', { tenantId: platformTenantId, data });
}

/** How often the copies have said that they live: each does every two seconds. */
async function beats(): Promise<number> {
  const readers = await home.collection('residence_readers').find().toArray();
  return readers.reduce((sum, { beat }) => sum + Number(beat), 0);
}

async function moveEnded(tenantId: string): Promise<Residence['ended']> {
  return eventually(
    async () => {
      const residence = await residenceOf(tenantId);
      expect(residence?.ended?.sequence).toBe(requests);
      return residence?.ended ?? null;
    },
    { timeoutMs: 50_000 },
  );
}

describe('in several regions', () => {
  it("a tenant's data lies in its region's database and nowhere else", async () => {
    await settle('ten_home', 'default');
    await settle('ten_eu', 'eu');
    expect(await stored(home, 'ten_home')).toEqual(['first', 'second', 'third']);
    expect(await stored(eu, 'ten_eu')).toEqual(['first', 'second', 'third']);
    expect(await read('ten_eu')).toEqual(['first', 'second', 'third']);
    expect(await traces(eu, 'ten_home')).toEqual([]);
    // The home region knows where the tenant lives, and nothing else of it.
    await eventually(async () => expect(await traces(home, 'ten_eu')).toEqual(['residences']));
    expect(await traces(eu, 'ten_eu')).toEqual(['inbox', 'notes', 'outbox', 'step_requests']);
  });

  it('a change, its event and its receipt commit in the tenant’s region, or none of them', async () => {
    const { service } = copyAt(0);
    const failing = inTenant('ten_eu', () =>
      service.transaction(async ({ emit }) => {
        await service.models.Note.create([{ text: 'lost' }]);
        await emit('arthemiz.tenant.renamed.v1', { data: { tenantId: 'ten_eu', name: 'Lost' } });
        throw new Error('changed my mind');
      }),
    );
    await expect(failing).rejects.toThrow('changed my mind');
    await publish('arthemiz.tenant.renamed.v1', {
      tenantId: 'ten_eu',
      data: { tenantId: 'ten_eu', name: 'kept' },
    });
    await eventually(async () => expect(await stored(eu, 'ten_eu')).toContain('kept'));
    expect(await read('ten_eu')).not.toContain('lost');
    expect(await eu.collection('outbox').countDocuments({ 'event.data.name': 'Lost' })).toBe(0);
  });

  it('what is the platform’s is read in a transaction of another region, and not changed', async () => {
    const { service } = copyAt(0);
    const both = inTenant('ten_eu', () =>
      service.transaction(async () => {
        await service.models.Note.create([{ text: 'half' }]);
        await service.models.Tally.create([{ _id: 'half' }]);
      }),
    );
    await expect(both).rejects.toThrow('a transaction stays in one region');
    const seen = await inTenant('ten_eu', async () => {
      await service.models.Tally.create([{ _id: 'seen' }]);
      return service.transaction(() => service.models.Tally.countDocuments({ _id: 'seen' }));
    });
    expect(seen).toBe(1);
    expect(await read('ten_eu')).not.toContain('half');
    expect(await service.models.Tally.countDocuments({ _id: 'half' })).toBe(0);
  });

  it('a model that stays at home is bound to its tenant there, and changed with what is the platform’s', async () => {
    const { service } = copyAt(0);
    const { Address, Note, Tally } = service.models;
    await inTenant('ten_eu', () =>
      service.transaction(
        async ({ emit }) => {
          await Address.create([{ _id: 'eu.test' }]);
          await Tally.create([{ _id: 'addresses', seen: await Note.countDocuments() }]);
          await emit('arthemiz.tenant.renamed.v1', { data: { tenantId: 'ten_eu', name: 'moved in' } });
        },
        { at: 'home' },
      ),
    );
    expect((await Tally.findOne({ _id: 'addresses' }).orFail()).seen).toBe((await read('ten_eu')).length);
    expect(await home.collection('addresses').countDocuments({ tenantId: 'ten_eu' })).toBe(1);
    expect(await eu.collection('addresses').countDocuments()).toBe(0);
    expect(await inTenant('ten_home', () => Address.countDocuments())).toBe(0);
    // Its event leaves from home, takes effect where the tenant lives, and is not kept at home.
    await eventually(async () => expect(await stored(eu, 'ten_eu')).toContain('moved in'));
    const told = { 'event.tenantid': 'ten_eu' };
    await eventually(async () => expect(await home.collection('outbox').countDocuments(told)).toBe(0));
    const astray = inTenant('ten_eu', () =>
      service.transaction(() => Note.create([{ text: 'astray' }]), { at: 'home' }),
    );
    await expect(astray).rejects.toThrow('a transaction stays in one region');
    expect([...(await stored(home, 'ten_eu')), ...(await stored(eu, 'ten_eu'))]).not.toContain('astray');
  });

  it('a tenant of whom nothing is known is refused, and nothing of it is kept anywhere', async () => {
    expect(await write('ten_nobody', 'stray', { copy: 0 })).toBe('SERVICE_UNAVAILABLE');
    expect([...(await traces(home, 'ten_nobody')), ...(await traces(eu, 'ten_nobody'))]).toEqual([]);
  });

  it('work across tenants is done in one region, which it names', async () => {
    const { Note } = copyAt(0).service.models;
    const tenantsIn = (region?: string) =>
      acrossTenants('a test', () => Note.distinct('tenantId'), region === undefined ? {} : { region });
    expect(await tenantsIn('eu')).toEqual(['ten_eu']);
    expect(await tenantsIn('default')).toEqual(['ten_home']);
    await expect(tenantsIn()).rejects.toThrow(TenancyError);
    const stray = acrossTenants('a test', () => Note.create([{ text: 'x', tenantId: 'ten_home' }]), {
      region: 'eu',
    });
    await expect(stray).rejects.toThrow('does not live in region eu');
  });

  it('a copy without a region in which somebody lives does not start', async () => {
    const { MONGODB_URIS: _, ...one } = environment.env;
    await expect(start(one)).rejects.toThrow('Tenants live in eu');
  });
});

describe('a move', () => {
  it('loses nothing that was acknowledged while it went on, and leaves nothing behind', async () => {
    await settle('ten_busy', 'default');
    const acknowledged: string[] = [];
    const refusals = new Set<unknown>();
    let isOver = false;
    const writers = [0, 1, 2, 3].map(async (writer) => {
      for (let count = 0; !isOver; count += 1) {
        const text = `note ${writer}-${count}`;
        const refusal = await write('ten_busy', text, { copy: writer % 2 });
        if (refusal === undefined) acknowledged.push(text);
        else refusals.add(refusal);
      }
    });
    for (const region of ['eu', 'default', 'eu']) {
      const before = acknowledged.length;
      await eventually(() => expect(acknowledged.length).toBeGreaterThan(before + 20));
      await move('ten_busy', region);
      expect(await moveEnded('ten_busy')).toEqual({ sequence: requests, error: null });
    }
    isOver = true;
    await Promise.all(writers);
    expect([...refusals].filter((code) => code !== 'SERVICE_UNAVAILABLE')).toEqual([]);
    const kept = new Set(await read('ten_busy'));
    expect(acknowledged.filter((text) => !kept.has(text))).toEqual([]);
    expect(await stored(eu, 'ten_busy')).toEqual([...kept].sort());
    expect(await traces(home, 'ten_busy')).toEqual(['outbox', 'residences']); // the answers, without its data
    const left = await home.collection('outbox').find().toArray();
    expect(left.filter(({ event }) => event.tenantid === 'ten_busy')).toEqual([]);
  });

  it('waits for what a copy began before it heard of it', async () => {
    await settle('ten_held', 'default');
    const gate = createGate();
    const { service } = copyAt(0);
    const held = inTenant('ten_held', () =>
      service.transaction(async () => {
        await service.models.Note.create([{ text: 'held' }]);
        gate.arrive();
        await gate.passage;
      }),
    ).then(
      () => true,
      () => false,
    );
    await gate.arrival;
    await move('ten_held', 'eu');
    const isRefused = async () => (await write('ten_held', 'refused', { copy: 0 })) === 'SERVICE_UNAVAILABLE';
    await eventually(isRefused);
    // Both copies have lived on for a beat, and movers look more often than that.
    const before = await beats();
    await eventually(async () => (await beats()) > before + 1);
    expect((await residenceOf('ten_held'))?.move?.phase).toBe('FREEZING');
    gate.open();
    const isAcknowledged = await held;
    expect(await moveEnded('ten_held')).toEqual({ sequence: requests, error: null });
    expect((await stored(eu, 'ten_held')).includes('held')).toBe(isAcknowledged);
    expect(await stored(home, 'ten_held')).toEqual([]);
  });

  it('takes along which events took effect', async () => {
    await settle('ten_inbox', 'default');
    const { service } = copyAt(0);
    const renamed = (name: string) =>
      publish('arthemiz.tenant.renamed.v1', { tenantId: 'ten_inbox', data: { tenantId: 'ten_inbox', name } });
    await renamed('once');
    await eventually(async () => expect(await read('ten_inbox')).toContain('once'));
    const receipts = () => eu.collection('inbox').countDocuments({ tenantId: 'ten_inbox' });
    expect(await receipts()).toBe(0);
    await move('ten_inbox', 'eu');
    await moveEnded('ten_inbox');
    expect(await receipts()).toBe(2);
    expect(await service.connection.collection('inbox').countDocuments({ tenantId: 'ten_inbox' })).toBe(0);
  });

  it('goes on where it was killed, in whichever phase', async () => {
    const tenants = movePhases.map((phase) => ({ phase, tenantId: `ten_${phase.toLowerCase()}` }));
    for (const { tenantId } of tenants) {
      await settle(tenantId, 'default');
      const many = Array.from({ length: 600 }, (_, number) => ({ text: `many ${number}` }));
      await inTenant(tenantId, () => copyAt(0).service.models.Note.insertMany(many));
    }
    const before = await read('ten_freezing');
    await stopCopies();
    for (const { phase, tenantId } of tenants) {
      // What a mover leaves that dies in this phase.
      const from = await home.collection<Note>('notes').find({ tenantId }).toArray();
      const target = eu.collection<Note>('notes');
      const stray = { _id: `note_${phase}`, tenantId, text: 'of an attempt before' };
      if (phase === 'COPYING') await target.insertMany([...from.slice(0, 50), stray]);
      if (phase === 'CLOSING' || phase === 'ERASING') await target.insertMany(from);
      if (phase === 'ERASING') await home.collection('notes').deleteMany({ tenantId, text: /many 1/ });
      const region = phase === 'ERASING' ? 'eu' : 'default';
      const half: Move = { sequence: 1_000, from: 'default', to: 'eu', phase, failures: 0, error: null };
      await residences().updateOne({ _id: tenantId }, { $set: { region, move: half } });
    }
    requests = 1_000;
    await startCopies();
    for (const { tenantId } of tenants) {
      expect(await moveEnded(tenantId)).toEqual({ sequence: 1_000, error: null });
      expect(await eventually(() => read(tenantId))).toEqual(before);
      expect(await stored(eu, tenantId)).toEqual(before);
      expect(await stored(home, tenantId)).toEqual([]);
    }
  });

  it('goes back when the tenant’s last events are not taken by RabbitMQ', async () => {
    await settle('ten_untold', 'default');
    const before = await read('ten_untold');
    // Another copy relays, and does not: those here stand by once they have looked, a third of a lease at most later.
    const leases = home.collection<{ _id: string }>('leases');
    const until = new Date(Date.now() + 3_600_000);
    await leases.updateOne({ _id: 'outbox-relay' }, { $set: { owner: 'a test', until } }, { upsert: true });
    const start = await beats();
    await eventually(async () => (await beats()) > start + 3);
    const outbox = home.collection<{ _id: string }>('outbox');
    const event = { type: 'arthemiz.tenant.renamed.v1', tenantid: 'ten_untold' };
    await outbox.insertOne({
      ...{ _id: 'evt_untold', event, createdAt: new Date(0) },
      ...{ publishedAt: null, attempts: 0 },
    });
    await move('ten_untold', 'eu');
    const residence = await eventually(async () => {
      const found = await residenceOf('ten_untold');
      return (found?.move?.error ?? found?.ended?.error) ? found : false;
    });
    await outbox.deleteOne({ _id: 'evt_untold' });
    await leases.deleteOne({ _id: 'outbox-relay' });
    expect(residence?.region).toBe('default');
    expect((await moveEnded('ten_untold'))?.error).toMatch('could not be told');
    expect(await eventually(() => read('ten_untold'))).toEqual(before);
    expect(await stored(eu, 'ten_untold')).toEqual([]);
  });

  it('that cannot be made goes back', async () => {
    await settle('ten_back', 'default');
    const before = await read('ten_back');
    const note = await home.collection<Note>('notes').findOne({ tenantId: 'ten_back' });
    // Somebody else has a document of the same id there.
    await eu
      .collection<Note>('notes')
      .insertOne({ _id: note?._id ?? '', tenantId: 'ten_other', text: 'other' });
    await move('ten_back', 'eu');
    expect((await moveEnded('ten_back'))?.error).toMatch('could not be copied');
    expect(await eventually(() => read('ten_back'))).toEqual(before);
    expect(await stored(eu, 'ten_back')).toEqual([]);
    expect(await eventually(() => write('ten_back', 'after', { copy: 1 }))).toBeUndefined();
  });
});

describe('while a tenant moves', () => {
  const readers = () => home.collection<{ _id: string; version: number; beat: number }>('residence_readers');
  /** A copy that lives and has not heard yet: moves wait for it. */
  const holdMoves = () => readers().insertOne({ _id: 'held', version: -1, beat: 0 });
  const letMove = () => readers().deleteOne({ _id: 'held' });

  const phase = async (tenantId: string) => (await residenceOf(tenantId))?.move?.phase;

  /** Every copy has heard that nothing of the tenant is to be written. */
  const refusedByAll = (tenantId: string) =>
    eventually(async () => {
      const writing = copies.map(({ service }) =>
        inTenant(tenantId, () => service.transaction(async () => 'done')).catch(({ name }) => name),
      );
      expect(new Set(await Promise.all(writing))).toEqual(new Set(['TenantMoving']));
    });

  /** How many events the copies have put back for later. */
  async function putBack(): Promise<number> {
    const counters = copies.map(({ service }) => service.metrics.getSingleMetric('events_consumed_total'));
    const counted = await Promise.all(counters.map((counter) => counter?.get()));
    const values = counted.flatMap((each) => each?.values ?? []);
    return values.reduce((sum, { labels, value }) => sum + (labels.outcome === 'retried' ? value : 0), 0);
  }

  async function download(tenantId: string, exportId: string): Promise<Response> {
    const viewer = testViewer({ tenantId, permissions: ['tenant:export'] });
    const passport = await environment.passport(viewer, 'sample');
    return fetch(`${copyAt(0).url}/exports/${exportId}`, { headers: { passport } });
  }

  it('its export waits and has everything once, and its file is handed out across the move', async () => {
    const [tenantId, exportId] = ['ten_leaving', 'exp_leaving'];
    await settle(tenantId, 'default');
    await holdMoves();
    await move(tenantId, 'eu');
    await refusedByAll(tenantId);
    const before = await putBack();
    const expiresAt = new Date(Date.now() + 600_000).toISOString();
    const data = { tenantId, exportId, subgraph: 'sample', batch: 1, expiresAt };
    await publish('tenancy.export.requested.v1', { tenantId, data });
    await eventually(async () => (await putBack()) > before);
    await letMove();
    expect(await moveEnded(tenantId)).toEqual({ sequence: requests, error: null });
    await eventually(async () => (await eu.collection('export_chunks').countDocuments({ tenantId })) === 1);
    expect(await home.collection('export_chunks').countDocuments({ tenantId })).toBe(0);

    // Back again, and closed to readers when somebody comes for the file.
    await move(tenantId, 'default');
    await eventually(async () => (await phase(tenantId)) === 'COPYING');
    await holdMoves();
    await eventually(async () => (await phase(tenantId)) === 'CLOSING');
    const code = async () =>
      inTenant(tenantId, () => copyAt(0).service.models.Note.exists({})).catch(({ name }) => name);
    await eventually(async () => (await code()) === 'TenantMoving');
    const file = download(tenantId, exportId);
    await letMove();
    const response = await file;
    expect(response.status).toBe(200);
    const lines = gunzipSync(Buffer.from(await response.arrayBuffer()))
      .toString()
      .trimEnd()
      .split('\n');
    const texts = lines.flatMap((line) => JSON.parse(line).text ?? []);
    expect(texts.sort()).toEqual(['first', 'second', 'third']);
    await moveEnded(tenantId);
  });

  it('its erasure waits, and leaves nothing in either region', async () => {
    const tenantId = 'ten_erased';
    await settle(tenantId, 'default');
    await inTenant(tenantId, () => copyAt(0).service.models.Address.create([{ _id: 'erased.test' }]));
    await holdMoves();
    await move(tenantId, 'eu');
    await refusedByAll(tenantId);
    const before = await putBack();
    await publish('tenancy.erasure.requested.v1', {
      ...{ tenantId, data: { tenantId, subgraph: 'sample', batch: 1 } },
    });
    await eventually(async () => (await putBack()) > before);
    expect(await stored(home, tenantId)).toEqual(['first', 'second', 'third']);
    await letMove();
    expect(await moveEnded(tenantId)).toEqual({ sequence: requests, error: null });
    await publish('tenancy.erasure.requested.v1', {
      tenantId,
      data: { tenantId, subgraph: 'sample', batch: 2 },
    });
    await eventually(async () => (await stored(eu, tenantId)).length === 0);
    expect(await stored(home, tenantId)).toEqual([]);
    expect(await home.collection('addresses').countDocuments({ tenantId })).toBe(0);
    const answer = { 'event.type': 'tenancy.erasure.finished.v1', 'event.tenantid': tenantId };
    await eventually(async () => (await eu.collection('outbox').countDocuments(answer)) === 2);
    expect(await home.collection('outbox').countDocuments(answer)).toBe(0);
  });
});
