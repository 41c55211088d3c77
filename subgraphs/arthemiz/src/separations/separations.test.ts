// What a tenant keeps apart nobody gets together, by whatever way and however many write at once.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import type { PersonRow } from '../people/model.ts';
import { type Permission, permissions } from '../roles/rules.ts';
import type { TenantRow } from '../tenants/model.ts';
import { type Fixture, startFixture } from '../testing/fixture.ts';

let fixture: Fixture;
let tenant: TenantRow;
let owner: PersonRow;
let approver: PersonRow;
let member: PersonRow;
/** Two roles that are kept apart by a permission of each. */
let pays: string;
let approves: string;
let harmless: string;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());
beforeEach(async () => {
  tenant = await fixture.tenant();
  owner = await fixture.member(tenant);
  approver = await fixture.member(tenant, 'viewer');
  member = await fixture.member(tenant, 'viewer');
  pays = await role('pays', ['service:write']);
  approves = await role('approves', ['security-event:read']);
  harmless = await role('harmless', []);
  // An owner has everything, so that where duties are kept apart nobody is left with that role but by what it allows.
  const { Role } = fixture.models;
  await inTenant(tenant._id, () =>
    Role.updateMany(
      { name: { $in: ['owner', 'operator'] } },
      { $pull: { permissions: 'security-event:read' } },
    ),
  );
});

const as = (subject = owner._id, allowed: readonly Permission[] = permissions) => ({
  ...{ subject, tenantId: tenant._id, permissions: [...allowed] },
});

async function change(field: string, input: object, viewer = as()) {
  const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input`;
  const { data, errors } = await fixture.execute(
    `mutation ($input: ${type}!) { ${field}(input: $input) { errors { __typename message ... on DutiesSeparated { separation subject held } } } }`,
    { viewer, variables: { input } },
  );
  const codes = errors?.map(({ extensions }) => String(extensions?.code));
  return codes ?? (data[field].errors as { __typename: string }[]);
}

async function role(name: string, allowed: readonly Permission[]): Promise<string> {
  const { data } = await fixture.execute(
    'mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }',
    { viewer: as(), variables: { input: { name, permissions: allowed } } },
  );
  return data.createRole.role.id;
}

async function group(roleIds: string[]): Promise<string> {
  const { data } = await fixture.execute(
    'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { group { id } } }',
    { viewer: as(), variables: { input: { name: `g ${roleIds.join()}`, roleIds } } },
  );
  return data.createGroup.group.id;
}

async function requested(roleId: string, personId = member._id): Promise<string> {
  const { data } = await fixture.execute(
    'mutation ($input: RequestElevationInput!) { requestElevation(input: $input) { elevation { id } } }',
    { viewer: as(personId), variables: { input: { roleId, minutes: 5, reason: 'x' } } },
  );
  return data.requestElevation.elevation.id;
}

const separate = (more: object = {}) =>
  change('createSeparationOfDuties', {
    ...{ name: 'Paying and approving', permissions: ['service:write', 'security-event:read'], ...more },
  });
const hold = (roleIds: string[], scope: object | null = null) =>
  change('assignRoles', { personId: member._id, roleIds, scope });

const refused = [
  {
    __typename: 'DutiesSeparated',
    message: expect.stringContaining('apart'),
    separation: 'Paying and approving',
    subject: expect.any(String),
    held: ['security-event:read', 'service:write'],
  },
];

async function duties(personId = member._id): Promise<boolean[]> {
  const explain = (permission: string) =>
    `explainAccess(personId: "${personId}", permission: "${permission}") { isAllowed }`;
  const { data } = await fixture.execute(
    `{ a: ${explain('service:write')} b: ${explain('security-event:read')} }`,
    {
      viewer: as(),
    },
  );
  return [data.a.isAllowed, data.b.isAllowed];
}

describe('a separation of duties', () => {
  it('is made, listed and removed by who may, and told', async () => {
    expect(await separate({ roleIds: [harmless] })).toEqual([]);
    const list = async () =>
      (
        await fixture.execute('{ separationsOfDuties { id name permissions roles { name } } }', {
          viewer: as(),
        })
      ).data.separationsOfDuties;
    const [made] = await list();
    expect(made).toMatchObject({ name: 'Paying and approving', roles: [{ name: 'harmless' }] });
    expect(await separate({ name: 'paying AND approving' })).toMatchObject([
      { __typename: 'SeparationOfDutiesNameTaken' },
    ]);
    const few = as(owner._id, ['role:write', 'role:read']);
    expect(await change('createSeparationOfDuties', { name: 'x', roleIds: [pays, approves] }, few)).toEqual([
      'FORBIDDEN',
    ]);
    expect(await change('deleteSeparationOfDuties', { id: made.id }, few)).toEqual(['FORBIDDEN']);
    expect(await change('deleteSeparationOfDuties', { id: made.id })).toEqual([]);
    expect(await change('deleteSeparationOfDuties', { id: made.id })).toMatchObject([
      { __typename: 'SeparationOfDutiesNotFound' },
    ]);
    expect(await list()).toEqual([]);
    const outbox = fixture.service.connection.collection('outbox');
    const told = await outbox.find({ 'event.subject': made.id }).toArray();
    expect(told.map(({ event }) => event.type)).toEqual([
      'arthemiz.separation-of-duties.created.v1',
      'arthemiz.separation-of-duties.deleted.v1',
    ]);
  });

  it('takes two at least, and what the tenant has', async () => {
    expect(await separate({ permissions: ['service:write'] })).toMatchObject([
      { __typename: 'InvalidRoleInput' },
    ]);
    const elsewhere = await fixture.tenant();
    const [foreign] = await inTenant(elsewhere._id, () => fixture.models.Role.find().lean());
    expect(await separate({ roleIds: [foreign?._id] })).toMatchObject([{ __typename: 'RoleNotFound' }]);
  });

  it('is refused while somebody holds two of it', async () => {
    await hold([pays, approves]);
    expect(await separate()).toMatchObject([{ ...refused[0], subject: member._id }]);
    await hold([pays]);
    expect(await separate()).toEqual([]);
  });

  it('holds for every way to a role, and leaves nothing of a change that is refused', async () => {
    const approving = await group([approves]);
    const both = await group([]);
    await change('assignGroups', { personId: member._id, groupIds: [both] });
    await separate();
    expect(await hold([pays])).toEqual([]);
    expect(await hold([pays, approves])).toEqual(refused);
    expect(await hold([approves], { resourceType: 'CHECK', resourceId: 'chk_1' })).toEqual([]);
    expect(await change('assignGroups', { personId: member._id, groupIds: [both, approving] })).toEqual(
      refused,
    );
    expect(await change('updateGroup', { id: both, roleIds: [approves] })).toEqual(refused);
    expect(
      await change('updateRole', { id: pays, permissions: ['service:write', 'security-event:read'] }),
    ).toEqual(refused);
    const inheriting = { id: pays, permissions: ['service:write'], inheritedRoleIds: [approves] };
    expect(await change('updateRole', inheriting)).toEqual(refused);
    const elevation = await requested(approves);
    expect(await change('decideElevation', { id: elevation, isApproved: true })).toEqual(refused);
    const joining = fixture.join({ person: approver, tenant, role: 'approves' });
    await joining;
    await change('updateRole', {
      id: approves,
      permissions: ['security-event:read'],
      inheritedRoleIds: [harmless],
    });
    expect(await change('updateRole', { id: harmless, permissions: ['service:write'] })).toMatchObject([
      { __typename: 'DutiesSeparated', subject: approver._id },
    ]);
    expect(await duties()).toEqual([true, false]);
    expect(await duties(approver._id)).toEqual([false, true]);
  });

  it('may name roles, which who inherits them holds, and counts what is held on one resource', async () => {
    await change('updateRole', { id: harmless, permissions: [], inheritedRoleIds: [pays] });
    const named = { name: 'By name', roleIds: [pays, approves], permissions: [] };
    expect(await separate(named)).toEqual([]);
    await hold([harmless]);
    const scope = { resourceType: 'SERVICE', resourceId: 'svc_1' };
    expect(await hold([approves], scope)).toMatchObject([
      { __typename: 'DutiesSeparated', held: ['pays', 'approves'] },
    ]);
    await hold([]);
    expect(await hold([approves], scope)).toEqual([]);
  });

  it('holds for service clients', async () => {
    const client = (name: string, roleIds: string[]) => change('createServiceClient', { name, roleIds });
    await separate();
    expect(await client('till', [pays, approves])).toEqual(refused);
    expect(await client('till', [pays])).toEqual([]);
    const row = await inTenant(tenant._id, () => fixture.models.ServiceClient.findOne().orFail().lean());
    const id = row._id;
    expect(await change('updateServiceClient', { id, roleIds: [pays, approves] })).toEqual(refused);
    const wider = { id: pays, permissions: ['service:write', 'security-event:read'] };
    expect(await change('updateRole', wider)).toMatchObject([{ __typename: 'DutiesSeparated', subject: id }]);
    expect(await change('updateServiceClient', { id, roleIds: [approves] })).toEqual([]);
  });

  it('is shown to who asks why somebody may not', async () => {
    await separate();
    await hold([pays]);
    const explain = async (permission: string) => {
      const { data } = await fixture.execute(
        `{ explainAccess(personId: "${member._id}", permission: "${permission}") { separations { name } } }`,
        { viewer: as() },
      );
      return data.explainAccess.separations;
    };
    expect(await explain('security-event:read')).toEqual([{ name: 'Paying and approving' }]);
    expect(await explain('service:write')).toEqual([]);
    expect(await explain('tenant:update')).toEqual([]);
  });

  it('is kept when two writers at once would give one half each', async () => {
    await separate();
    const approving = await group([approves]);
    for (let round = 0; round < 6; round++) {
      await hold([]);
      await change('assignGroups', { personId: member._id, groupIds: [] });
      const elevation = await requested(approves);
      const other =
        round % 2 === 0
          ? change('assignGroups', { personId: member._id, groupIds: [approving] })
          : change('decideElevation', { id: elevation, isApproved: true });
      const outcomes = await Promise.all([hold([pays]), other]);
      expect(await duties()).not.toEqual([true, true]);
      expect(outcomes.filter((errors) => errors.length === 0)).toHaveLength(1);
      await change('endElevation', { id: elevation }, as(member._id));
    }
  });
});

describe('who asked for a role', () => {
  it('does not approve it, neither by an API key of theirs nor by a service client that they made', async () => {
    const id = await requested(harmless, owner._id);
    expect(await change('decideElevation', { id, isApproved: true })).toMatchObject([
      { __typename: 'OwnElevation' },
    ]);
    const { data } = await fixture.execute(
      'mutation { createApiKey(input: { name: "Till", permissions: ["elevation:approve"] }) { apiKey { id } } }',
      { viewer: as() },
    );
    const key = as(data.createApiKey.apiKey.id, ['elevation:approve']);
    expect(await change('decideElevation', { id, isApproved: true }, key)).toMatchObject([
      { __typename: 'OwnElevation' },
    ]);
    await change('createServiceClient', { name: 'Till', roleIds: [] });
    const client = await inTenant(tenant._id, () => fixture.models.ServiceClient.findOne().orFail().lean());
    expect(await change('decideElevation', { id, isApproved: true }, as(client._id))).toMatchObject([
      { __typename: 'OwnElevation' },
    ]);
    expect(await change('decideElevation', { id, isApproved: true }, as(approver._id))).toEqual([]);
  });
});
