// A tenant is created in a region and moved to another, through the schema, with Sentinel beside it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openBroker } from '@supergraph/chassis/broker';
import { createLogger } from '@supergraph/chassis/logging';
import { startSubgraph } from '@supergraph/chassis/subgraph';
import { eventually } from '@supergraph/chassis/testing';
import { definition as sentinelDefinition } from '../../../sentinel/src/definition.ts';
import { models as schemas } from '../models.ts';
import type { TenantRow } from '../tenants/model.ts';
import { type Fixture, signIn, startFixture } from '../testing/fixture.ts';
import { answered } from './rules.ts';

let fixture: Fixture;
let sentinel: Awaited<ReturnType<typeof startSentinel>>;
const startSentinel = (env: Readonly<Record<string, string>>) => startSubgraph(sentinelDefinition, env);
const operator = {
  subject: 'per_operator',
  tenantId: 'ten_platform',
  permissions: ['tenant:create', 'tenant:move', 'tenant:delete'],
};

beforeAll(async () => {
  fixture = await startFixture({
    MONGODB_URIS: JSON.stringify({ eu: process.env.MONGODB_URI }),
    PROVISIONING_POLL_MS: '50',
  });
  await fixture.running.consuming;
  sentinel = await startSentinel(fixture.environment.env);
  await eventually(async () => expect(await fixture.models.StepDeclaration.countDocuments()).toBe(2));
});
afterAll(async () => {
  await sentinel.stop();
  await fixture.stop();
});

const ask = (query: string, variables: Record<string, unknown> = {}) =>
  fixture.execute(query, { viewer: operator, variables });

/** Where Sentinel has the tenant's baseline. */
async function baselineIn(tenantId: string): Promise<string[]> {
  const found = sentinel.service.regions.map(async ({ name, connection }) =>
    (await connection.db?.collection('baselines').findOne({ tenantId })) ? [name] : [],
  );
  return (await Promise.all(found)).flat();
}

/** Where arthemiz has files of the tenant's exports. */
async function filesIn(tenantId: string): Promise<string[]> {
  const found = fixture.service.regions.map(async ({ name, connection }) =>
    (await connection.db?.collection('export_chunks').findOne({ tenantId })) ? [name] : [],
  );
  return (await Promise.all(found)).flat();
}

const regional = Object.entries(schemas).flatMap(([name, model]) =>
  'tenantPath' in model && model.residence === 'region' ? [{ name, path: model.tenantPath }] : [],
);

/** What each region's database has of the tenant in models that lie with their tenants, by model. */
async function documentsIn(region: string, tenantId: string): Promise<Record<string, object[]>> {
  const connection = fixture.service.regions.find(({ name }) => name === region)?.connection;
  const { models } = fixture.service.connection;
  const found: Record<string, object[]> = {};
  for (const { name, path } of regional) {
    const collection = connection?.db?.collection(models[name]?.collection.name ?? '');
    const documents = await collection
      ?.find({ [path]: tenantId })
      .sort({ _id: 1 })
      .toArray();
    if (documents?.length) found[name] = documents;
  }
  return found;
}

async function moved(tenantId: string, region: string): Promise<void> {
  expect((await move(tenantId, region)).errors).toEqual([]);
  await eventually(
    async () =>
      expect(await moveOf(tenantId)).toMatchObject({ region, move: { status: 'SUCCEEDED', to: region } }),
    { timeoutMs: 60_000 },
  );
}

async function exported(tenantId: string): Promise<void> {
  const viewer = { subject: 'per_owner', tenantId, permissions: ['tenant:export'] };
  const asked = await fixture.execute('mutation { exportTenant { export { id } } }', { viewer });
  expect(asked.errors).toBeUndefined();
  const isDone = async () => {
    const { data } = await fixture.execute('{ tenantExport { finishedAt } }', { viewer });
    return Boolean(data.tenantExport?.finishedAt);
  };
  await eventually(isDone, { timeoutMs: 60_000 });
}

async function create(slug: string, region?: string) {
  const query = `mutation ($input: CreateTenantInput!) { createTenant(input: $input) {
    tenant { id region } errors { __typename } } }`;
  const input = { name: slug, slug, idempotencyKey: `key-${slug}`, region };
  return (await ask(query, { input })).data.createTenant;
}

async function move(tenantId: string, region: string) {
  const query = `mutation ($input: MoveTenantInput!) { moveTenant(input: $input) {
    tenant { region move { status from to } } errors { __typename } } }`;
  return (await ask(query, { input: { tenantId, region } })).data.moveTenant;
}

async function moveOf(tenantId: string) {
  const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
    ... on Tenant { region move { status from to finishedAt parts { subgraph status error } } } } }`;
  const { data } = await ask(query, { representations: [{ __typename: 'Tenant', id: tenantId }] });
  return data._entities[0];
}

describe('a region', () => {
  it('is chosen when a tenant is created, and the tenant’s data goes there', async () => {
    expect((await ask('{ regions { name isHome } }')).data.regions).toEqual([
      { name: 'default', isHome: true },
      { name: 'eu', isHome: false },
    ]);
    const there = await create('there', 'eu');
    expect(there).toMatchObject({ tenant: { region: 'eu' }, errors: [] });
    const here = await create('here');
    expect(here.tenant.region).toBe('default');
    await eventually(async () => expect(await baselineIn(there.tenant.id)).toEqual(['eu']));
    await eventually(async () => expect(await baselineIn(here.tenant.id)).toEqual(['default']));
  });

  it('that does not exist holds nobody', async () => {
    expect(await create('nowhere', 'moon')).toEqual({
      tenant: null,
      errors: [{ __typename: 'TenantRegionUnknown' }],
    });
    const { tenant } = await create('stays');
    expect((await move(tenant.id, 'moon')).errors).toEqual([{ __typename: 'TenantRegionUnknown' }]);
    expect((await move('ten_none', 'eu')).errors).toEqual([{ __typename: 'TenantNotFound' }]);
    expect((await move('ten_platform', 'eu')).errors).toEqual([{ __typename: 'TenantProtected' }]);
  });

  it('is another one after a move, of which the tenant is told', async () => {
    const { tenant } = await create('mover', 'eu');
    await eventually(async () => expect(await baselineIn(tenant.id)).toEqual(['eu']));
    await exported(tenant.id);
    expect(await filesIn(tenant.id)).toEqual(['eu']);
    const [first, second] = await Promise.all([move(tenant.id, 'default'), move(tenant.id, 'default')]);
    for (const { errors } of [first, second]) expect(errors).toEqual([]);
    await eventually(async () =>
      expect(await moveOf(tenant.id)).toEqual({
        region: 'default',
        move: {
          ...{ status: 'SUCCEEDED', from: 'eu', to: 'default', finishedAt: expect.any(String) },
          parts: [
            { subgraph: 'arthemiz', status: 'MOVED', error: null },
            { subgraph: 'sentinel', status: 'MOVED', error: null },
          ],
        },
      }),
    );
    expect(await baselineIn(tenant.id)).toEqual(['default']);
    expect(await filesIn(tenant.id)).toEqual(['default']);
    const told = { 'event.type': 'arthemiz.tenant.moved.v1', 'event.tenantid': tenant.id };
    const outbox = fixture.service.connection.collection('outbox');
    expect(await outbox.countDocuments(told)).toBe(1);
    // There already.
    expect(await move(tenant.id, 'default')).toMatchObject({
      tenant: { move: { to: 'default' } },
      errors: [],
    });
    expect(await outbox.countDocuments(told)).toBe(1);
  });

  it('is not left for another one while a move goes on', async () => {
    const { tenant } = await create('twice', 'eu');
    await fixture.models.TenantMove.create({
      ...{ _id: tenant.id, sequence: 7, from: 'eu', to: 'eu', status: 'RUNNING' },
      ...{ parts: [{ subgraph: 'absent', status: 'MOVING' }], askedAt: new Date(), startedAt: new Date() },
    });
    expect((await move(tenant.id, 'default')).errors).toEqual([{ __typename: 'TenantMoveRunning' }]);
  });
});

describe('what is a tenant’s own here', () => {
  let tenant: TenantRow;
  const email = 'olivia@elsewhere.test';
  /** Models that this tenant has something in. */
  const kept = ['Membership', 'Role', 'TenantBranding', 'TenantTurns'];
  const accent = '#0a5c36';
  beforeAll(async () => {
    tenant = await fixture.tenant({ region: 'eu' });
    await fixture.person({ tenants: [tenant], email });
    const viewer = {
      subject: 'per_owner',
      tenantId: tenant._id,
      permissions: ['tenant:read', 'tenant:update'],
    };
    const query = `mutation ($input: UpdateTenantBrandingInput!) {
      updateTenantBranding(input: $input) { tenant { branding { accentColour } } errors { message } } }`;
    const { data } = await fixture.execute(query, { viewer, variables: { input: { accentColour: accent } } });
    expect(data.updateTenantBranding).toEqual({ tenant: { branding: { accentColour: accent } }, errors: [] });
  });

  it('lies in its region and nowhere else, and people sign in by it', async () => {
    const { tokens } = await signIn(fixture, email);
    expect(tokens.access_token).toEqual(expect.any(String));
    expect(Object.keys(await documentsIn('eu', tenant._id)).sort()).toEqual([...kept].sort());
    expect(await documentsIn('default', tenant._id)).toEqual({});
  });

  it('moves there and back, and nothing of it is lost or left', async () => {
    const before = await documentsIn('eu', tenant._id);
    await moved(tenant._id, 'default');
    expect(await documentsIn('default', tenant._id)).toEqual(before);
    expect(await documentsIn('eu', tenant._id)).toEqual({});
    expect((await signIn(fixture, email)).tokens.access_token).toEqual(expect.any(String));
    await moved(tenant._id, 'eu');
    expect(await documentsIn('default', tenant._id)).toEqual({});
    expect(Object.keys(await documentsIn('eu', tenant._id))).toEqual(Object.keys(before));
  });

  it('that lay at home in an earlier version is brought to its region at the next start', async () => {
    const { connection } = fixture.service;
    const of = (id: string) => [{ _id: id, displayName: 'Elsewhere', accentColour: null, logo: null }];
    const other = await fixture.tenant({ region: 'eu' });
    const here = await fixture.tenant();
    for (const { _id } of [other, here])
      await connection.db?.collection<{ _id: string }>('tenantbrandings').insertMany(of(_id));
    await fixture.startCopy();
    expect(await documentsIn('eu', other._id)).toMatchObject({ TenantBranding: of(other._id) });
    expect(await documentsIn('default', other._id)).toEqual({});
    expect(await documentsIn('default', here._id)).toMatchObject({ TenantBranding: of(here._id) });
  });
});

describe('a tenant that is deleted', () => {
  async function deleteAtOnce(id: string, slug: string): Promise<void> {
    const query = `mutation ($input: DeleteTenantInput!) { deleteTenant(input: $input) { errors { message } } }`;
    const { data } = await ask(query, { input: { tenantId: id, confirmSlug: slug } });
    expect(data.deleteTenant.errors).toEqual([]);
    // As if the grace were over.
    await fixture.models.Tenant.updateOne({ _id: id }, { $set: { 'deletion.eraseAt': new Date() } });
  }
  const deletionOf = async (id: string) =>
    (await fixture.models.Tenant.findOne({ _id: id }).lean())?.deletion;

  /** The types of events about a tenant, as others hear them from now on. */
  async function listenAbout(tenantId: string) {
    const { AMQP_URL: url, NAMESPACE: namespace } = fixture.service.config;
    const logger = createLogger({ service: 'listener', level: 'silent' });
    const broker = openBroker({ url, namespace, service: 'listener', logger });
    const types: string[] = [];
    const heard = (event: unknown) => {
      const { tenantid, type } = event as { tenantid: string; type: string };
      if (tenantid === tenantId) types.push(type);
    };
    await new Promise<void>((ready) => {
      broker.listen({ routingKeys: ['#'], ready, lost: () => undefined, heard });
    });
    return { types, close: () => broker.close() };
  }

  it('while it moves is erased when it is there, and told nothing after it', async () => {
    const [{ tenant }, { tenant: other }] = [await create('leaver'), await create('other')];
    await eventually(async () => expect(await baselineIn(tenant.id)).toEqual(['default']));
    await sentinel.stop();
    const told = await listenAbout(tenant.id);
    expect((await move(tenant.id, 'eu')).errors).toEqual([]);
    await deleteAtOnce(tenant.id, 'leaver');
    await deleteAtOnce(other.id, 'other');
    // Both were due when the other's erasure began.
    await eventually(async () => Boolean((await deletionOf(other.id))?.begunAt));
    expect((await deletionOf(tenant.id))?.begunAt).toBeNull();
    sentinel = await startSentinel(fixture.environment.env);
    await eventually(async () => Boolean((await deletionOf(tenant.id))?.finishedAt), { timeoutMs: 60_000 });
    expect(await baselineIn(tenant.id)).toEqual([]);
    expect((await moveOf(tenant.id)).move.status).toBe('SUCCEEDED');
    expect(told.types.at(-1)).toMatch(/^tenancy\.erasure/);
    await told.close();
    // Where nothing of it is, nothing can be moved.
    const { errors } = await move(tenant.id, 'default');
    expect(errors).toEqual([{ __typename: 'TenantDeletionBegun' }]);
  });
});

describe('the answers to a move', () => {
  const part = (subgraph: string) => ({ subgraph, status: 'MOVING' as const, error: null });
  const asked = { status: 'RUNNING' as const, parts: [part('a'), part('b')] };

  it('end it with the last one', () => {
    const first = answered(asked, { subgraph: 'a', error: null });
    expect(first.status).toBe('RUNNING');
    expect(answered(first, { subgraph: 'b', error: null }).status).toBe('SUCCEEDED');
  });

  it('make it fail where one did', () => {
    const first = answered(asked, { subgraph: 'a', error: 'no room' });
    expect(first.status).toBe('RUNNING');
    const last = answered(first, { subgraph: 'b', error: null });
    expect(last.status).toBe('FAILED');
    expect(last.parts[0]).toEqual({ subgraph: 'a', status: 'FAILED', error: 'no room' });
  });
});
