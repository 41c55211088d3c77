// Changing what roles allow and who holds them, through the subgraph's own API, and what gateways are told of it.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import type { PersonRow } from '../people/model.ts';
import type { TenantRow } from '../tenants/model.ts';
import { type Fixture, startFixture } from '../testing/fixture.ts';
import type { RoleRow } from './model.ts';
import { defaultRoles, missingOf, type Permission, permissions } from './rules.ts';
import { upgradeRoles } from './upgrade.ts';

let fixture: Fixture;
let tenant: TenantRow;
let owner: PersonRow;
let operator: PersonRow;
let roles: Record<string, RoleRow>;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());
beforeEach(async () => {
  tenant = await fixture.tenant();
  owner = await fixture.person({ tenants: [tenant] });
  operator = await fixture.person({ tenants: [tenant], role: 'operator' });
  roles = await rolesOf(tenant);
});

async function rolesOf({ _id }: TenantRow): Promise<Record<string, RoleRow>> {
  const all = await inTenant(_id, () => fixture.models.Role.find().lean());
  return Object.fromEntries(all.map((role) => [role.name, role]));
}

const planOf = (name: string): readonly Permission[] =>
  defaultRoles.find((role) => role.name === name)?.permissions ?? [];
const asOwner = () => ({ subject: owner._id, tenantId: tenant._id, permissions: [...planOf('owner')] });

async function updateRole(name: string, allowed: readonly string[], viewer = asOwner()) {
  const input = { id: roles[name]?._id ?? name, permissions: allowed };
  const { data, errors } = await fixture.execute(
    'mutation ($input: UpdateRoleInput!) { updateRole(input: $input) { role { name permissions } errors { __typename message ... on PermissionNotHeld { permissions } ... on InvalidRoleInput { field } } } }',
    { viewer, variables: { input } },
  );
  return { ...data?.updateRole, denied: errors?.map(({ extensions }) => extensions?.code) };
}

async function assignRoles(person: PersonRow, names: readonly string[], viewer = asOwner()) {
  const input = { personId: person._id, roleIds: names.map((name) => roles[name]?._id ?? name) };
  const { data, errors } = await fixture.execute(
    'mutation ($input: AssignRolesInput!) { assignRoles(input: $input) { person { id roles { name } } errors { __typename message ... on PermissionNotHeld { permissions } } } }',
    { viewer, variables: { input } },
  );
  return { ...data?.assignRoles, denied: errors?.map(({ extensions }) => extensions?.code) };
}

async function told(type: string) {
  const outbox = fixture.service.connection.collection('outbox');
  const entries = await outbox.find({ 'event.type': type, 'event.tenantid': tenant._id }).toArray();
  return entries.map(({ event }) => event.data);
}

describe('changing a role', () => {
  it('makes it allow exactly what is given, and tells what came and what went', async () => {
    const outcome = await updateRole('operator', ['service:read', 'role:read', 'service:read']);
    expect(outcome).toEqual({
      role: { name: 'operator', permissions: ['role:read', 'service:read'] },
      errors: [],
    });
    const [event, ...others] = await told('arthemiz.role.updated.v1');
    expect(others).toEqual([]);
    expect(event).toMatchObject({ name: 'operator', permissionsAdded: ['role:read'], changedBy: owner._id });
    expect(event?.permissionsRemoved).toContain('check:write');
    await updateRole('operator', ['role:read', 'service:read']);
    expect(await told('arthemiz.role.updated.v1')).toHaveLength(1);
  });

  it('takes role:write', async () => {
    const viewer = { ...asOwner(), permissions: ['role:read'] };
    expect((await updateRole('viewer', [], viewer as ReturnType<typeof asOwner>)).denied).toEqual([
      'FORBIDDEN',
    ]);
    expect(await rolesOf(tenant)).toEqual(roles);
  });

  it('gives nothing that who changes it does not have, and may take anything away', async () => {
    const few = { ...asOwner(), permissions: ['role:write', 'service:read'] as Permission[] };
    const allowed = [...planOf('viewer'), 'security-event:read'];
    expect((await updateRole('viewer', allowed, few)).errors).toEqual([
      { __typename: 'PermissionNotHeld', message: expect.any(String), permissions: ['security-event:read'] },
    ]);
    expect((await updateRole('viewer', ['service:read'], few)).errors).toEqual([]);
    expect((await updateRole('viewer', ['tenant:create'])).errors).toMatchObject([
      { __typename: 'PermissionNotHeld', permissions: ['tenant:create'] },
    ]);
  });

  it('refuses what is no permission, and roles of others', async () => {
    expect((await updateRole('viewer', ['service:fly'])).errors).toMatchObject([
      {
        __typename: 'InvalidRoleInput',
        field: 'permissions.0',
        message: expect.stringMatching(/service:fly/),
      },
    ]);
    const foreign = await rolesOf(await fixture.tenant());
    expect((await updateRole(foreign.viewer?._id ?? '', [])).errors).toMatchObject([
      { __typename: 'RoleNotFound' },
    ]);
  });

  it('leaves somebody who may change roles', async () => {
    expect((await updateRole('owner', ['role:read'])).errors).toMatchObject([
      { __typename: 'LastAdministrator' },
    ]);
    await updateRole('operator', [...planOf('operator'), 'role:write']);
    expect((await updateRole('owner', ['role:read'])).errors).toEqual([]);
    expect((await updateRole('operator', ['role:read'])).errors).toMatchObject([
      { __typename: 'LastAdministrator' },
    ]);
  });
});

describe("changing a person's roles", () => {
  it('gives exactly these, and tells what came and what went', async () => {
    const outcome = await assignRoles(operator, ['viewer']);
    expect(outcome).toEqual({ person: { id: operator._id, roles: [{ name: 'viewer' }] }, errors: [] });
    expect(await told('arthemiz.person.roles-changed.v1')).toEqual([
      {
        personId: operator._id,
        rolesAdded: ['viewer'],
        rolesRemoved: ['operator'],
        permissionsAdded: [],
        permissionsRemoved: [
          ...['alert-rule:write', 'alert:acknowledge', 'allow-list-entry:read', 'check:write'],
          ...['detection-rule:read', 'finding:read', 'finding:write', 'incident:acknowledge'],
          ...['incident:write', 'inhibition:read', 'maintenance-window:write', 'metric:write'],
          ...['notification-channel:read', 'notification-channel:write'],
          ...['notification-policy:read', 'notification:read', 'response-policy:read'],
          ...['response:read', 'response:write', 'schema:read', 'security-event:read'],
          ...['service:write', 'silence:write', 'slo:write', 'status-page:read'],
          ...['suppression:read', 'suppression:write'],
        ],
        changedBy: owner._id,
      },
    ]);
    expect((await assignRoles(operator, [])).person.roles).toEqual([]);
  });

  it('gives no role that allows more than who gives it may do', async () => {
    const few = { ...asOwner(), permissions: [...planOf('operator'), 'role:write'] as Permission[] };
    expect((await assignRoles(operator, ['owner'], few)).errors).toMatchObject([
      {
        __typename: 'PermissionNotHeld',
        permissions: planOf('owner')
          .filter((permission) => !few.permissions.includes(permission))
          .sort(),
      },
    ]);
    expect((await assignRoles(operator, ['operator', 'viewer'], few)).errors).toEqual([]);
  });

  it('leaves somebody who may change roles, also when two leave at the same moment', async () => {
    expect((await assignRoles(owner, ['viewer'])).errors).toMatchObject([
      { __typename: 'LastAdministrator' },
    ]);
    await assignRoles(operator, ['owner']);
    const outcomes = await Promise.all([owner, operator].map((person) => assignRoles(person, ['viewer'])));
    expect(outcomes.flatMap(({ errors }) => errors)).toMatchObject([{ __typename: 'LastAdministrator' }]);
  });

  it('knows no people and no roles of other tenants', async () => {
    const other = await fixture.tenant();
    const stranger = await fixture.person({ tenants: [other] });
    expect((await assignRoles(stranger, ['viewer'])).errors).toMatchObject([
      { __typename: 'PersonNotFound' },
    ]);
    const foreign = await rolesOf(other);
    expect((await assignRoles(operator, [foreign.viewer?._id ?? ''])).errors).toMatchObject([
      { __typename: 'RoleNotFound' },
    ]);
  });

  it('is told as well when the platform itself changes them', async () => {
    await fixture.join({ person: operator, tenant, role: 'viewer' });
    await fixture.join({ person: operator, tenant, role: 'viewer' });
    expect(await told('arthemiz.person.roles-changed.v1')).toMatchObject([
      { rolesRemoved: ['operator'], changedBy: null },
    ]);
  });
});

describe('who may read no people', () => {
  it('reads what they are themselves, and nobody else', async () => {
    const viewer = { subject: operator._id, tenantId: tenant._id };
    const query =
      'query ($id: ID!) { viewer { person { email displayName roles { name } } } person(id: $id) { email } }';
    const own = await fixture.execute(query, { viewer, variables: { id: operator._id } });
    expect(own).toMatchObject({
      data: {
        viewer: { person: { email: operator.email, roles: [{ name: 'operator' }] } },
        person: { email: operator.email },
      },
    });
    expect(own.errors).toBeUndefined();
    const others = await fixture.execute(query, { viewer, variables: { id: owner._id } });
    expect(others.data.person).toBeNull();
    expect(others.errors).toMatchObject([{ path: ['person'], extensions: { code: 'FORBIDDEN' } }]);
    const entered = await fixture.execute(
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Person { email } } }',
      { viewer, variables: { of: [owner, operator].map(({ _id }) => ({ __typename: 'Person', id: _id })) } },
    );
    expect(entered.data._entities).toEqual([{ email: null }, { email: operator.email }]);
  });
});

describe('the built-in roles', () => {
  const withMore = (more: Permission) => ({
    ofTenants: defaultRoles.map((role) => ({ ...role, permissions: [...role.permissions, more] })),
    ofPlatform: [],
  });

  it('get what a later version adds, once; what the tenant took away stays away', async () => {
    await updateRole('viewer', ['service:read']);
    await upgradeRoles(fixture.service, withMore('role:read'));
    const after = await rolesOf(tenant);
    expect(after.viewer?.permissions).toEqual(['role:read', 'service:read']);
    expect(after.operator?.permissions).toContain('role:read');
    await updateRole('operator', planOf('operator'));
    await upgradeRoles(fixture.service, withMore('role:read'));
    expect((await rolesOf(tenant)).operator?.permissions).not.toContain('role:read');
  });

  it('of an earlier version get what they were never given', async () => {
    const held = planOf('owner').filter((permission) => permission !== 'role:write');
    const { Role } = fixture.models;
    await inTenant(tenant._id, () =>
      Role.updateOne({ name: 'owner' }, { $set: { permissions: held }, $unset: { offered: 1 } }),
    );
    await Promise.all([upgradeRoles(fixture.service), upgradeRoles(fixture.service)]);
    expect((await rolesOf(tenant)).owner?.permissions).toEqual([...planOf('owner')].sort());
    expect(await told('arthemiz.role.updated.v1')).toMatchObject([
      { name: 'owner', permissionsAdded: ['role:write'], permissionsRemoved: [], changedBy: null },
    ]);
  });

  it('lack only what they were never offered', () => {
    const plan = { name: 'viewer', permissions: ['tenant:read', 'role:read'] as const };
    expect(missingOf(plan, { permissions: [], offered: ['tenant:read'] })).toEqual(['role:read']);
    expect(missingOf(plan, { permissions: ['tenant:read'] })).toEqual(['role:read']);
    expect(missingOf(plan, { permissions: [], offered: permissions })).toEqual([]);
  });
});
