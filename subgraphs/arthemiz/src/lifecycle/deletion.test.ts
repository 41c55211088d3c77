// Deleting a tenant over the real subgraphs: what goes, when, and what stays.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Service } from '@supergraph/chassis/subgraph';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import { declared, startSentinel, startSystemHealth } from '../provisioning/testing.ts';
import { planOf } from '../testing/acting.ts';
import { type Fixture, signIn, startFixture } from '../testing/fixture.ts';

const operator = {
  ...{ subject: 'per_operator', tenantId: 'ten_platform' },
  permissions: ['tenant:create', 'tenant:suspend', 'tenant:delete'],
};

let fixture: Fixture;
let systemhealth: Awaited<ReturnType<typeof startSystemHealth>>;
let sentinel: Awaited<ReturnType<typeof startSentinel>>;
beforeAll(async () => {
  fixture = await startFixture({ PROVISIONING_POLL_MS: '20', PROVISIONING_RETRY_MS: '10' });
  const { env } = fixture.environment;
  [systemhealth, sentinel] = await Promise.all([startSystemHealth(env), startSentinel(env)]);
  await declared(fixture, ['arthemiz', 'systemhealth', 'sentinel']);
});
afterAll(async () => {
  await Promise.all([systemhealth?.stop(), sentinel?.stop()]);
  await fixture?.stop();
});

const shown = `tenant { id name slug status deletion { by begunAt finishedAt parts { subgraph isDone erased error } } }
  errors { __typename message ... on InvalidTenantInput { field } }`;

async function decide(field: string, input: object, viewer: object = {}) {
  const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input`;
  const { data, errors } = await fixture.execute(
    `mutation ($input: ${type}!) { ${field}(input: $input) { ${shown} } }`,
    { viewer: { ...operator, ...viewer }, variables: { input } },
  );
  return { ...data?.[field], denied: errors?.map(({ extensions }) => extensions?.code) };
}
const remove = (tenant: { _id: string; slug: string }, more: object = {}) =>
  decide('deleteTenant', { tenantId: tenant._id, confirmSlug: tenant.slug, ...more });

const tenantNow = async (id: string) => {
  const { data } = await fixture.execute(
    `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Tenant {
      name status deletion { begunAt finishedAt parts { subgraph isDone erased error } }
    } } }`,
    { viewer: operator, variables: { of: [{ __typename: 'Tenant', id }] } },
  );
  return data._entities[0];
};

/** As if the grace were over. */
const age = (id: string) =>
  fixture.models.Tenant.updateOne({ _id: id }, { $set: { 'deletion.eraseAt': new Date() } });

const erased = (id: string) =>
  eventually(async () => (await tenantNow(id))?.status === 'DELETED', { timeoutMs: 60_000 });

/** Collections of a subgraph's database that hold a document with the text, whoever owns it. */
async function holding({ connection }: Pick<Service<unknown, unknown>, 'connection'>, text: string) {
  const database = connection.getClient().db(connection.name);
  const found: string[] = [];
  for (const { name } of await database.listCollections({}, { nameOnly: true }).toArray()) {
    if (name.startsWith('system.')) continue;
    const documents = await database.collection(name).find().toArray();
    if (documents.some((document) => JSON.stringify(document).includes(text))) found.push(name);
  }
  return found.sort();
}

/** What tells what happened and when, and is kept for its own time. */
const kept = ['inbox', 'outbox', 'step_requests'];
const others = (names: string[]) => names.filter((name) => !kept.includes(name));

async function provisioned(name: string) {
  const tenant = await fixture.tenant({ name });
  await eventually(async () => (await tenantNow(tenant._id)).status === 'ACTIVE', { timeoutMs: 60_000 });
  return tenant;
}

describe('a deleted tenant', () => {
  it('is closed at once, and after the grace gone from every subgraph, with those who belong to no other', async () => {
    const [gone, stays] = [await provisioned('Gone Inc'), await provisioned('Stays')];
    const only = await fixture.person({ tenants: [gone] });
    const both = await fixture.person({ tenants: [gone, stays] });
    await signIn(fixture, only.email);
    await fixture.serviceClient({ tenant: gone });
    await fixture.group({ tenant: gone, roles: ['viewer'], people: [only] });
    await fixture.models.DomainOwner.create([{ _id: 'gone.test', ownerId: gone._id, domainId: 'dom_x' }]);
    // More than one batch.
    const change = { rolesRemoved: [], permissionsRemoved: [], changedAt: new Date() };
    await inTenant(gone._id, () =>
      fixture.models.GrantChange.insertMany(Array.from({ length: 1_100 }, () => ({ ...change }))),
    );
    await eventually(async () => (await holding(sentinel.service, gone._id)).includes('security_events'));
    await eventually(async () => (await holding(systemhealth.service, gone._id)).includes('check_results'), {
      timeoutMs: 60_000,
    });
    const before = await holding(systemhealth.service, stays._id);
    expect(others(before)).toEqual(expect.arrayContaining(['checks', 'known_tenants', 'services']));

    const { tenant, errors } = await remove(gone);
    expect(errors).toEqual([]);
    expect(tenant).toMatchObject({ status: 'DELETION_SCHEDULED', deletion: { begunAt: null, parts: [] } });
    await expect(signIn(fixture, only.email)).rejects.toThrow();
    await age(gone._id);
    await erased(gone._id);

    const { name, deletion } = await tenantNow(gone._id);
    expect(name).toBe(gone.slug);
    expect(deletion.parts).toMatchObject([
      { subgraph: 'sentinel', isDone: true, error: null },
      { subgraph: 'systemhealth', isDone: true, error: null },
      { subgraph: 'arthemiz', isDone: true, error: null },
    ]);
    expect(deletion.parts[2].erased).toBeGreaterThan(1_100);
    expect(others(await holding(sentinel.service, gone._id))).toEqual([]);
    expect(others(await holding(systemhealth.service, gone._id))).toEqual([]);
    expect(others(await holding(fixture.service, gone._id))).toEqual(['tenant_erasures', 'tenants']);
    for (const secret of [only._id, only.email, 'Gone Inc'])
      expect(others(await holding(fixture.service, secret))).toEqual([]);

    expect(await fixture.models.Person.exists({ _id: both._id })).not.toBeNull();
    expect(await holding(systemhealth.service, stays._id)).toEqual(expect.arrayContaining(before));
    const { tokens } = await signIn(fixture, both.email);
    expect(tokens.access_token).toBeTruthy();
    const [told] = await fixture.service.connection
      .collection('outbox')
      .find({ 'event.type': 'arthemiz.tenant.deleted.v1', 'event.subject': gone._id })
      .toArray();
    expect(told?.event).toMatchObject({
      tenantid: 'ten_platform',
      data: { slug: gone.slug, deletedBy: operator.subject },
    });
    // Whoever follows an old address must not meet somebody else.
    await expect(fixture.tenant({ slug: gone.slug })).rejects.toThrow(/slug/);
    expect((await decide('cancelTenantDeletion', { tenantId: gone._id })).errors).toMatchObject([
      { __typename: 'TenantDeletionBegun' },
    ]);
  });

  it('waits for a subgraph that is away, and is not made anew by a request of before', async () => {
    const tenant = await provisioned('Away');
    const [provision] = await fixture.service.connection
      .collection('outbox')
      .find({ 'event.type': 'tenancy.step.requested.v1', 'event.subject': tenant._id })
      .toArray();
    await sentinel.stop();
    await remove(tenant);
    await age(tenant._id);
    await eventually(async () => (await tenantNow(tenant._id)).status === 'DELETING');
    const early = await decide('cancelTenantDeletion', { tenantId: tenant._id });
    expect(early.errors).toMatchObject([{ __typename: 'TenantDeletionBegun' }]);
    sentinel = await startSentinel(fixture.environment.env);
    await erased(tenant._id);
    // As out of the dead letters, under an id that no inbox remembers.
    const { data } = provision?.event ?? {};
    const inbox = sentinel.service.connection.collection('inbox');
    const heard = () => inbox.countDocuments({ type: 'tenancy.step.requested.v1' });
    const before = await heard();
    await fixture.service.events.publish('tenancy.step.requested.v1', { tenantId: tenant._id, data });
    await eventually(async () => (await heard()) > before);
    expect(others(await holding(sentinel.service, tenant._id))).toEqual([]);
  });

  it('leaves its slug to others when it never stood', async () => {
    const tenant = await provisioned('Failed');
    await fixture.models.Tenant.updateOne({ _id: tenant._id }, { $set: { status: 'FAILED' } });
    await remove(tenant, { graceDays: 0 });
    await age(tenant._id);
    await eventually(async () => (await fixture.models.Tenant.exists({ _id: tenant._id })) === null, {
      timeoutMs: 60_000,
    });
    expect((await fixture.tenant({ slug: tenant.slug })).slug).toBe(tenant.slug);
  });
});

describe('deleting a tenant', () => {
  it('is taken back by cancelling, to what was before', async () => {
    const tenant = await fixture.tenant();
    await decide('suspendTenant', { tenantId: tenant._id, reason: 'Overdue.' });
    await remove(tenant);
    expect((await decide('resumeTenant', { tenantId: tenant._id })).errors).toMatchObject([
      { __typename: 'TenantDeletionScheduled' },
    ]);
    const { tenant: kept } = await decide('cancelTenantDeletion', { tenantId: tenant._id });
    expect(kept).toMatchObject({ status: 'SUSPENDED', deletion: null });
  });

  it("takes the tenant's slug, and never the platform's own", async () => {
    const tenant = await fixture.tenant();
    for (const more of [{ confirmSlug: 'another' }, { graceDays: -1 }, { graceDays: 366 }])
      expect((await remove(tenant, more)).errors).toMatchObject([{ __typename: 'InvalidTenantInput' }]);
    await fixture.models.Tenant.create([
      {
        ...{ _id: 'ten_platform', slug: 'platform', name: 'Platform', idempotencyKey: 'k' },
        ...{ requestDigest: 'd', createdAt: new Date(), status: 'ACTIVE' },
      },
    ]);
    const platform = { _id: 'ten_platform', slug: 'platform' };
    expect((await remove(platform)).errors).toMatchObject([{ __typename: 'TenantProtected' }]);
    expect((await remove({ _id: 'ten_none', slug: 'x' })).errors).toMatchObject([
      { __typename: 'TenantNotFound' },
    ]);
  });

  it('is for operators of the platform alone, not for owners of the tenant', async () => {
    const { _id: tenantId, slug: confirmSlug } = await fixture.tenant();
    const owner = { tenantId, permissions: planOf('owner') };
    expect((await decide('deleteTenant', { tenantId, confirmSlug }, owner)).denied).toEqual(['FORBIDDEN']);
    expect((await decide('cancelTenantDeletion', { tenantId }, owner)).denied).toEqual(['FORBIDDEN']);
  });
});
