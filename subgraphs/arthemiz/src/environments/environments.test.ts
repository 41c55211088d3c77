// Environments of a tenant, and what becomes of them when somebody decides over it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { standingOfPerson } from '../memberships/standing.ts';
import type { PersonRow } from '../people/model.ts';
import type { TenantRow } from '../tenants/model.ts';
import { actingAs, planOf } from '../testing/acting.ts';
import { type Fixture, startFixture } from '../testing/fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());

const operator = {
  ...{ subject: 'per_operator', tenantId: 'ten_platform' },
  permissions: ['tenant:create', 'tenant:suspend', 'tenant:delete'],
};

async function ask(field: string, input: object, viewer: object) {
  const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input`;
  const { data, errors } = await fixture.execute(
    `mutation ($input: ${type}!) { ${field}(input: $input) {
      tenant { id name slug status environmentKind } errors { __typename }
    } }`,
    { viewer, variables: { input } },
  );
  return { ...data?.[field], denied: errors?.map(({ extensions }) => extensions?.code) };
}

let sequence = 0;
function create(owner: PersonRow, tenant: TenantRow, given: object = {}) {
  sequence += 1;
  const input = { name: 'staging', kind: 'STAGING', idempotencyKey: `key-00000${sequence}`, ...given };
  return ask('createEnvironment', input, actingAs(owner, tenant, planOf('owner')));
}
const decide = (field: string, tenantId: string, more: object = {}) =>
  ask(field, { tenantId, ...more }, operator);

async function withEnvironment() {
  const tenant = await fixture.tenant();
  const owner = await fixture.member(tenant);
  const { tenant: environment } = await create(owner, tenant);
  return { tenant, owner, environmentId: environment.id as string };
}
const rolesIn = async (person: PersonRow, tenantId: string) =>
  (await standingOfPerson(fixture.service, { personId: person._id, tenantId }))?.roles ?? null;
const statusOf = async (id: string) => {
  const { data } = await fixture.execute(
    'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Tenant { status } } }',
    { viewer: operator, variables: { of: [{ __typename: 'Tenant', id }] } },
  );
  return data._entities[0].status as string;
};
const reason = 'Overdue.';

describe('an environment', () => {
  it("is a tenant of its own with the tenant's owners, and nobody and nothing else of it", async () => {
    const tenant = await fixture.tenant({ name: 'Acme' });
    const [owner, viewer] = [await fixture.member(tenant), await fixture.member(tenant, 'viewer')];
    const input = { idempotencyKey: 'key-twice' };
    const { tenant: made, errors } = await create(owner, tenant, input);
    expect(errors).toEqual([]);
    expect(made).toMatchObject({ name: 'Acme (staging)', environmentKind: 'STAGING' });
    expect(made.slug).toBe(`${tenant.slug}-staging`);
    expect((await create(owner, tenant, input)).tenant.id).toBe(made.id);
    expect(await rolesIn(owner, made.id)).toEqual(['owner']);
    expect(await rolesIn(viewer, made.id)).toBeNull();
    const seen = await fixture.execute('{ tenant { environments { id } } }', {
      viewer: actingAs(owner, tenant, planOf('owner')),
    });
    expect(seen.data.tenant.environments).toEqual([{ id: made.id }]);
  });

  it('is neither seen by another tenant nor made by who may not change the tenant', async () => {
    const { tenant, owner, environmentId } = await withEnvironment();
    const other = await fixture.tenant();
    const { data } = await fixture.execute('{ tenant { environments { id } } }', {
      viewer: { tenantId: other._id, permissions: planOf('owner') },
    });
    expect(data.tenant.environments).toEqual([]);
    const input = { name: 'mine', kind: 'SANDBOX', idempotencyKey: 'key-mine' };
    const viewer = actingAs(owner, tenant, planOf('viewer'));
    expect((await ask('createEnvironment', input, viewer)).denied).toEqual(['FORBIDDEN']);
    const environment = await fixture.models.Tenant.findOne({ _id: environmentId }).orFail().lean();
    expect((await create(owner, environment)).errors).toEqual([{ __typename: 'TenantIsEnvironment' }]);
  });

  it('has a name that makes a slug, is not production, and is one of ten at most', async () => {
    const tenant = await fixture.tenant();
    const owner = await fixture.member(tenant);
    for (const given of [{ name: 'Staging' }, { name: '' }, { kind: 'PRODUCTION' }])
      expect((await create(owner, tenant, given)).errors).toEqual([{ __typename: 'InvalidTenantInput' }]);
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) => create(owner, tenant, { name: `e${index}` })),
    );
    expect(outcomes.flatMap(({ errors }) => errors)).toEqual(
      Array(2).fill({ __typename: 'TooManyEnvironments' }),
    );
    expect(await fixture.models.Tenant.countDocuments({ parentId: tenant._id })).toBe(10);
  });
});

describe('a decision over a tenant', () => {
  it('holds for its environments, and is taken back with it', async () => {
    const { tenant, owner, environmentId } = await withEnvironment();
    await decide('suspendTenant', tenant._id, { reason });
    expect(await statusOf(environmentId)).toBe('SUSPENDED');
    expect(await rolesIn(owner, environmentId)).toBeNull();
    expect((await decide('resumeTenant', environmentId)).errors).toEqual([
      { __typename: 'TenantParentClosed' },
    ]);
    await decide('resumeTenant', tenant._id);
    expect(await rolesIn(owner, environmentId)).toEqual(['owner']);
    await decide('deleteTenant', tenant._id, { confirmSlug: tenant.slug });
    expect(await statusOf(environmentId)).toBe('DELETION_SCHEDULED');
    await decide('cancelTenantDeletion', tenant._id);
    expect(await rolesIn(owner, environmentId)).toEqual(['owner']);
  });

  it('leaves what was decided over an environment alone', async () => {
    const { tenant, owner, environmentId } = await withEnvironment();
    await decide('suspendTenant', environmentId, { reason });
    expect(await rolesIn(owner, tenant._id)).toEqual(['owner']);
    await decide('suspendTenant', tenant._id, { reason });
    await decide('resumeTenant', tenant._id);
    expect(await rolesIn(owner, tenant._id)).toEqual(['owner']);
    expect(await statusOf(environmentId)).toBe('SUSPENDED');
  });
});
