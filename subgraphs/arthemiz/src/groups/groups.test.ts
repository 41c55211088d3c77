// Groups: people who hold roles by being in them, through the subgraph's own API.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { standingOfPerson } from '../memberships/standing.ts';
import type { PersonRow } from '../people/model.ts';
import type { TenantRow } from '../tenants/model.ts';
import { type AccessAsker, openAccess } from '../testing/access-client.ts';
import { actingAs, planOf, roleIdsOf } from '../testing/acting.ts';
import { type Fixture, startFixture } from '../testing/fixture.ts';
import { maximumGroups } from './rules.ts';

let fixture: Fixture;
let access: AccessAsker;
let tenant: TenantRow;
let owner: PersonRow;
let viewer: PersonRow;
let roles: Record<string, string>;
beforeAll(async () => {
  fixture = await startFixture();
  access = openAccess(fixture);
});
afterAll(async () => {
  access?.close();
  await fixture?.stop();
});
beforeEach(async () => {
  tenant = await fixture.tenant();
  owner = await fixture.member(tenant);
  viewer = await fixture.member(tenant, 'viewer');
  roles = await roleIdsOf(fixture, tenant);
});

const as = (person: PersonRow, permissions: readonly string[]) => actingAs(person, tenant, permissions);
const asOwner = () => as(owner, planOf('owner'));

type By = { by?: ReturnType<typeof asOwner>; url?: string };

async function change(
  name: string,
  { input, shown, by = asOwner(), url }: { input: object; shown: string } & By,
) {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${shown}
    errors { __typename message ... on PermissionNotHeld { permissions } ... on RoleInUse { groups } ... on InvalidRoleInput { field } } } }`;
  const { data, errors } = await fixture.execute(query, {
    viewer: by,
    variables: { input },
    ...(url === undefined ? {} : { url }),
  });
  return { ...data?.[name], denied: errors?.map(({ extensions }) => extensions?.code) };
}
const shownGroup = 'group { id name roles { name } people { nodes { id } } }';
const createGroup = (name: string, roleNames: string[], by: By = {}) =>
  change('createGroup', {
    input: { name, roleIds: roleNames.map((role) => roles[role] ?? role) },
    shown: shownGroup,
    ...by,
  });
const updateGroup = (input: object, by: By = {}) =>
  change('updateGroup', { input, shown: shownGroup, ...by });
const deleteGroup = (id: string, by: By = {}) =>
  change('deleteGroup', { input: { id }, shown: 'deletedGroupId', ...by });
const assignGroups = (person: PersonRow, groupIds: string[], by: By = {}) =>
  change('assignGroups', {
    input: { personId: person._id, groupIds },
    shown: 'person { id groups { name } }',
    ...by,
  });
const assignRoles = (person: PersonRow, roleNames: string[]) =>
  change('assignRoles', {
    input: { personId: person._id, roleIds: roleNames.map((name) => roles[name]) },
    shown: 'person { id }',
  });

/** The id of a new group. */
async function group(name: string, roleNames: string[]): Promise<string> {
  const { group: created, errors } = await createGroup(name, roleNames);
  expect(errors).toEqual([]);
  return created.id;
}

const standing = (person: PersonRow) =>
  standingOfPerson(fixture.service, { personId: person._id, tenantId: tenant._id });

/** What gateways are told, which may lie in Redis. */
async function resolved() {
  const [told] = await access.resolve([{ subject: viewer._id, tenantId: tenant._id }]);
  return told?.roles;
}

async function told(type: string) {
  const outbox = fixture.service.connection.collection('outbox');
  const entries = await outbox.find({ 'event.type': type, 'event.tenantid': tenant._id }).toArray();
  return entries.map(({ event }) => event.data);
}

describe('a group', () => {
  it('gives its roles to whoever is in it, beside their own', async () => {
    const id = await group('Night shift', ['operator']);
    expect(await assignGroups(viewer, [id])).toMatchObject({
      person: { id: viewer._id, groups: [{ name: 'Night shift' }] },
      errors: [],
    });
    expect(await standing(viewer)).toMatchObject({
      roles: ['operator', 'viewer'],
      permissions: [...planOf('operator')].sort(),
    });
    const { data } = await fixture.execute('{ groups { name roles { name } people { nodes { id } } } }', {
      viewer: asOwner(),
    });
    expect(data.groups).toEqual([
      { name: 'Night shift', roles: [{ name: 'operator' }], people: { nodes: [{ id: viewer._id }] } },
    ]);
    expect(await resolved()).toEqual(['operator', 'viewer']);
    await assignGroups(viewer, []);
    expect(await standing(viewer)).toMatchObject({ roles: ['viewer'] });
    expect(await resolved()).toEqual(['viewer']);
  });

  it('tells gateways of whoever enters and leaves, and of all in it when its roles change or it goes', async () => {
    const id = await group('Night shift', ['operator']);
    await assignGroups(viewer, [id]);
    expect(await told('arthemiz.person.groups-changed.v1')).toEqual([
      { personId: viewer._id, groupsAdded: ['Night shift'], groupsRemoved: [], changedBy: owner._id },
    ]);
    expect(await told('arthemiz.person.roles-changed.v1')).toMatchObject([
      {
        personId: viewer._id,
        rolesAdded: ['operator'],
        permissionsAdded: expect.arrayContaining(['check:write']),
      },
    ]);
    expect(await resolved()).toEqual(['operator', 'viewer']);
    await updateGroup({ id, roleIds: [roles.viewer] });
    expect(await resolved()).toEqual(['viewer']);
    await updateGroup({ id, name: 'Day shift' });
    await deleteGroup(id);
    expect(await told('arthemiz.group.updated.v1')).toMatchObject([
      {
        rolesAdded: ['viewer'],
        rolesRemoved: ['operator'],
        permissionsRemoved: expect.arrayContaining(['check:write']),
      },
      { name: 'Day shift', rolesAdded: [], rolesRemoved: [] },
    ]);
    expect(await told('arthemiz.group.deleted.v1')).toMatchObject([
      { name: 'Day shift', rolesRemoved: ['viewer'] },
    ]);

    const { changes } = await access.changesSince(new Date(Date.now() - 60_000));
    const own = changes.filter(({ tenantId }) => tenantId === tenant._id).reverse();
    expect(own).toMatchObject([
      { subject: viewer._id, rolesRemoved: [] },
      { subject: undefined, rolesRemoved: ['operator'] },
      { subject: undefined, rolesRemoved: ['viewer'] },
    ]);
    expect(await standing(viewer)).toMatchObject({ roles: ['viewer'] });
  });

  it('takes nothing from who holds its roles by themselves', async () => {
    const id = await group('Viewers', ['viewer']);
    await assignGroups(viewer, [id]);
    await assignRoles(viewer, []);
    expect(await standing(viewer)).toMatchObject({ roles: ['viewer'] });
    await assignRoles(viewer, ['viewer']);
    await deleteGroup(id);
    expect(await standing(viewer)).toMatchObject({ roles: ['viewer'] });
    expect(await told('arthemiz.person.roles-changed.v1')).toEqual([]);
  });

  it('gives nothing that who makes it, changes it or lets people in does not have', async () => {
    const few = { by: as(owner, ['role:write', 'role:read', ...planOf('viewer')]) };
    const refused = [
      { __typename: 'PermissionNotHeld', permissions: expect.arrayContaining(['check:write']) },
    ];
    expect((await createGroup('a', ['operator'], few)).errors).toMatchObject(refused);
    const wide = await group('Wide', ['operator']);
    const narrow = await group('Narrow', ['viewer']);
    expect((await updateGroup({ id: narrow, roleIds: [roles.operator] }, few)).errors).toMatchObject(refused);
    await assignRoles(viewer, ['operator']);
    expect((await assignGroups(viewer, [wide], few)).errors).toMatchObject(refused);
    expect((await assignGroups(viewer, [narrow], few)).errors).toEqual([]);
    expect((await updateGroup({ id: wide, roleIds: [] }, few)).errors).toEqual([]);
  });

  it('counts for who is the last administrator', async () => {
    const id = await group('Administrators', ['owner']);
    await assignGroups(viewer, [id]);
    expect((await assignRoles(owner, [])).errors).toEqual([]);
    const last = [{ __typename: 'LastAdministrator' }];
    expect((await assignGroups(viewer, [])).errors).toMatchObject(last);
    expect((await updateGroup({ id, roleIds: [] })).errors).toMatchObject(last);
    expect((await deleteGroup(id)).errors).toMatchObject(last);
    await assignRoles(viewer, ['owner']);
    const outcomes = await Promise.all([deleteGroup(id), assignRoles(viewer, [])]);
    expect(outcomes.flatMap(({ errors }) => errors)).toMatchObject(last);
  });

  it('keeps a role that it gives from being removed', async () => {
    const { createRole } = await fixture
      .execute('mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }', {
        viewer: asOwner(),
        variables: { input: { name: 'given', permissions: [] } },
      })
      .then(({ data }) => data);
    await group('Holders', [createRole.role.id]);
    const removed = await change('deleteRole', { input: { id: createRole.role.id }, shown: 'deletedRoleId' });
    expect(removed.errors).toMatchObject([{ __typename: 'RoleInUse', groups: ['Holders'] }]);
  });

  it('is named in an explanation', async () => {
    await assignGroups(viewer, [await group('Night shift', ['operator'])]);
    const { data } = await fixture.execute(
      'query ($id: ID!) { explainAccess(personId: $id, permission: "check:write") { ways { group { name } path { name } } } }',
      { viewer: asOwner(), variables: { id: viewer._id } },
    );
    expect(data.explainAccess.ways).toEqual([
      { group: { name: 'Night shift' }, path: [{ name: 'operator' }] },
    ]);
  });

  it('has a name of its own, is one of a bounded number, and takes role:write', async () => {
    await group('Night shift', []);
    expect((await createGroup('night SHIFT', [])).errors).toMatchObject([{ __typename: 'GroupNameTaken' }]);
    expect((await createGroup('<b>', [])).errors).toMatchObject([
      { __typename: 'InvalidRoleInput', field: 'name' },
    ]);
    expect((await createGroup('x', [], { by: as(owner, ['role:read']) })).denied).toEqual(['FORBIDDEN']);
    await inTenant(tenant._id, () =>
      fixture.models.Group.insertMany(
        Array.from({ length: maximumGroups - 1 }, (_, index) => ({
          name: `filler ${index}`,
          roleIds: [],
          createdAt: new Date(),
        })),
      ),
    );
    expect((await createGroup('x', [])).errors).toMatchObject([{ __typename: 'TooManyGroups' }]);
  });

  it('has it alone, also when two are given one name at the same moment', async () => {
    const copy = await fixture.startCopy();
    const [one, two] = [await group('one', []), await group('two', [])];
    for (let round = 0; round < 8; round += 1) {
      const name = `same ${round}`;
      const outcomes = await Promise.all([
        updateGroup({ id: one, name }),
        updateGroup({ id: two, name: name.toUpperCase() }, { url: copy.url }),
        createGroup(name, []),
      ]);
      const refusals = outcomes.flatMap(({ errors }) => errors);
      expect(refusals).toMatchObject([{ __typename: 'GroupNameTaken' }, { __typename: 'GroupNameTaken' }]);
      const all = await inTenant(tenant._id, () => fixture.models.Group.find().lean());
      const rows = all.filter((row) => row.name.toLowerCase() === name);
      expect(rows).toHaveLength(1);
    }
  });

  it('is nothing to another tenant', async () => {
    const other = await fixture.tenant();
    const foreign = await fixture.group({ tenant: other, roles: ['viewer'] });
    const notFound = [{ __typename: 'GroupNotFound' }];
    expect((await updateGroup({ id: foreign._id, name: 'mine' })).errors).toMatchObject(notFound);
    expect((await deleteGroup(foreign._id)).errors).toMatchObject(notFound);
    expect((await assignGroups(viewer, [foreign._id])).errors).toMatchObject(notFound);
    expect((await createGroup('x', [foreign.roleIds[0] ?? ''])).errors).toMatchObject([
      { __typename: 'RoleNotFound' },
    ]);
    // Not even where the database says so.
    await inTenant(tenant._id, () =>
      fixture.models.Membership.updateOne(
        { personId: viewer._id },
        { $set: { roleIds: [], groupIds: [foreign._id] } },
      ),
    );
    expect(await standing(viewer)).toMatchObject({ roles: [], permissions: [] });
  });
});
