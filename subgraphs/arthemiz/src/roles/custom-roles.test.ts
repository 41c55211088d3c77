// Roles that a tenant makes for itself, and what they inherit, through the subgraph's own API.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import fc from 'fast-check';
import { standingOfPerson } from '../memberships/standing.ts';
import type { PersonRow } from '../people/model.ts';
import type { TenantRow } from '../tenants/model.ts';
import { type AccessAsker, openAccess } from '../testing/access-client.ts';
import { actingAs, planOf, roleIdsOf } from '../testing/acting.ts';
import { type Fixture, startFixture } from '../testing/fixture.ts';
import { maximumRoles } from './inheritance.ts';
import { upgradeRoles } from './upgrade.ts';

let fixture: Fixture;
let access: AccessAsker;
let tenant: TenantRow;
let owner: PersonRow;
let viewer: PersonRow;
let builtIn: Record<string, string>;
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
  builtIn = await roleIdsOf(fixture, tenant);
});

const as = (person: PersonRow, permissions: readonly string[]) => actingAs(person, tenant, permissions);
const asOwner = () => as(owner, planOf('owner'));

const shownErrors = `errors { __typename message
  ... on PermissionNotHeld { permissions } ... on RoleCycle { path } ... on RoleInheritanceTooDeep { path }
  ... on RoleInUse { people serviceClients roles } ... on InvalidRoleInput { field } }`;
const shownRole = 'role { id name isBuiltIn permissions inherits { name } effectivePermissions }';

interface Asking {
  viewer?: ReturnType<typeof asOwner>;
  url?: string;
}

async function change(name: string, { input, shown, ...given }: Asking & { input: object; shown: string }) {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${shown} ${shownErrors} } }`;
  const { data, errors } = await fixture.execute(query, {
    viewer: asOwner(),
    ...given,
    variables: { input },
  });
  return { ...data?.[name], denied: errors?.map(({ extensions }) => extensions?.code) };
}

const createRole = (input: object, given: Asking = {}) =>
  change('createRole', { input: { permissions: [], ...input }, shown: shownRole, ...given });
const updateRole = (input: object, given: Asking = {}) =>
  change('updateRole', { input: { permissions: [], ...input }, shown: shownRole, ...given });
const deleteRole = (id: string, given: Asking = {}) =>
  change('deleteRole', { input: { id }, shown: 'deletedRoleId', ...given });
const assignRoles = (person: PersonRow, roleIds: readonly string[], given: Asking = {}) =>
  change('assignRoles', { input: { personId: person._id, roleIds }, shown: 'person { id }', ...given });

/** The id of a new role. */
async function role(name: string, permissions: readonly string[] = [], inheritedRoleIds: string[] = []) {
  const { role: created, errors } = await createRole({ name, permissions, inheritedRoleIds });
  expect(errors).toEqual([]);
  return String(created.id);
}

const standing = (person: PersonRow) =>
  standingOfPerson(fixture.service, { personId: person._id, tenantId: tenant._id });

async function told(type: string) {
  const outbox = fixture.service.connection.collection('outbox');
  const entries = await outbox.find({ 'event.type': type, 'event.tenantid': tenant._id }).toArray();
  return entries.map(({ event }) => event.data);
}

describe('a role that a tenant makes', () => {
  it('allows what it allows itself and what the roles that it inherits allow', async () => {
    const base = await role('Base', ['check:write']);
    const outcome = await createRole({
      name: ' On call ',
      permissions: ['service:write'],
      inheritedRoleIds: [base, builtIn.viewer],
    });
    const { id, ...shown } = outcome.role;
    expect(shown).toEqual({
      name: 'On call',
      isBuiltIn: false,
      permissions: ['service:write'],
      inherits: [{ name: 'Base' }, { name: 'viewer' }],
      effectivePermissions: [...planOf('viewer'), 'check:write', 'service:write'].sort(),
    });
    expect(await told('arthemiz.role.created.v1')).toContainEqual({
      roleId: id,
      name: 'On call',
      permissions: ['service:write'],
      inheritedRoleIds: [base, builtIn.viewer],
      changedBy: owner._id,
    });
    await assignRoles(viewer, [id]);
    expect(await standing(viewer)).toMatchObject({
      roles: ['On call'],
      permissions: shown.effectivePermissions,
    });
  });

  it('has a name of its own, which is no built-in role’s', async () => {
    await role('Night shift');
    for (const name of ['Night shift', 'NIGHT SHIFT', 'Owner', 'platform-operator', 'ｖiewer'])
      expect((await createRole({ name })).errors).toMatchObject([{ __typename: 'RoleNameTaken' }]);
    for (const name of ['', 'x'.repeat(51), '-x', 'a\u0000b', 'a\u202eb', '<b>'])
      expect((await createRole({ name })).errors).toMatchObject([
        { __typename: 'InvalidRoleInput', field: 'name' },
      ]);
  });

  it('takes role:write', async () => {
    const reader = as(owner, ['role:read']);
    for (const outcome of [
      await createRole({ name: 'x' }, { viewer: reader }),
      await deleteRole(builtIn.viewer ?? '', { viewer: reader }),
    ])
      expect(outcome.denied).toEqual(['FORBIDDEN']);
  });

  it('gets nothing that who makes it does not have, be it by inheritance', async () => {
    const few = as(owner, ['role:write', 'role:read', ...planOf('viewer')]);
    const refused = (permissions: string[]) => [
      { __typename: 'PermissionNotHeld', message: expect.any(String), permissions },
    ];
    const wide = await role('Wide', ['check:write'], [builtIn.viewer ?? '']);
    expect((await createRole({ name: 'a', permissions: ['service:write'] }, { viewer: few })).errors).toEqual(
      refused(['service:write']),
    );
    expect((await createRole({ name: 'a', inheritedRoleIds: [wide] }, { viewer: few })).errors).toEqual(
      refused(['check:write']),
    );
    const narrow = await role('Narrow', ['check:write']);
    // Narrow allows it already; a second way to it would outlast the first.
    const again = { id: narrow, permissions: ['check:write'], inheritedRoleIds: [wide] };
    expect((await updateRole(again, { viewer: few })).errors).toEqual(refused(['check:write']));
    expect((await assignRoles(viewer, [wide], { viewer: few })).errors).toEqual(refused(['check:write']));
    expect(
      (await createRole({ name: 'a', inheritedRoleIds: [builtIn.viewer] }, { viewer: few })).errors,
    ).toEqual([]);
  });

  it('is one of a bounded number', async () => {
    await inTenant(tenant._id, () =>
      fixture.models.Role.insertMany(
        Array.from({ length: maximumRoles - 4 }, (_, index) => ({
          name: `filler ${index}`,
          permissions: [],
          createdAt: new Date(),
        })),
      ),
    );
    expect((await createRole({ name: 'the last' })).errors).toEqual([]);
    expect((await createRole({ name: 'one more' })).errors).toMatchObject([{ __typename: 'TooManyRoles' }]);
  });

  it('inherits no role of another tenant, and is none to them', async () => {
    const other = await fixture.tenant();
    const foreign = await inTenant(other._id, () => fixture.models.Role.findOne({ name: 'viewer' }).lean());
    const notFound = [{ __typename: 'RoleNotFound' }];
    expect((await createRole({ name: 'x', inheritedRoleIds: [foreign?._id] })).errors).toMatchObject(
      notFound,
    );
    expect((await updateRole({ id: foreign?._id })).errors).toMatchObject(notFound);
    expect((await deleteRole(foreign?._id ?? '')).errors).toMatchObject(notFound);
  });

  it('is no built-in role to a later version that has one of its name', async () => {
    const id = await role('auditor', ['role:read']);
    const plan = { name: 'auditor', permissions: ['security-event:read'] as const };
    await upgradeRoles(fixture.service, { ofTenants: [plan], ofPlatform: [] });
    const row = await inTenant(tenant._id, () => fixture.models.Role.findOne({ _id: id }).lean());
    expect(row?.permissions).toEqual(['role:read']);
  });
});

describe('inheriting', () => {
  it('ends nowhere in a circle, and says which way it would', async () => {
    const a = await role('a');
    const b = await role('b', [], [a]);
    const c = await role('c', [], [b]);
    expect((await updateRole({ id: a, inheritedRoleIds: [c] })).errors).toMatchObject([
      {
        __typename: 'RoleCycle',
        path: ['a', 'c', 'b', 'a'],
        message: expect.stringMatching(/a → c → b → a/),
      },
    ]);
    expect((await updateRole({ id: a, inheritedRoleIds: [a] })).errors).toMatchObject([
      { __typename: 'RoleCycle', path: ['a', 'a'] },
    ]);
    // A built-in role is a role like any.
    expect((await updateRole({ id: c, inheritedRoleIds: [builtIn.viewer] })).errors).toEqual([]);
    const viewerInheritsC = { id: builtIn.viewer, permissions: planOf('viewer'), inheritedRoleIds: [c] };
    expect((await updateRole(viewerInheritsC)).errors).toMatchObject([{ path: ['viewer', 'c', 'viewer'] }]);
  });

  it('goes eight roles deep at most, and to twenty from one', async () => {
    let deepest: string[] = [];
    for (const name of ['1', '2', '3', '4', '5', '6', '7', '8']) deepest = [await role(name, [], deepest)];
    expect((await createRole({ name: '9', inheritedRoleIds: deepest })).errors).toMatchObject([
      { __typename: 'RoleInheritanceTooDeep', path: ['9', '8', '7', '6', '5', '4', '3', '2', '1'] },
    ]);
    const many = Array.from({ length: 21 }, (_, index) => `rol_${index}`);
    expect((await createRole({ name: 'x', inheritedRoleIds: many })).errors).toMatchObject([
      { __typename: 'InvalidRoleInput', field: 'inheritedRoleIds' },
    ]);
  });

  it('stays as it is where a change does not speak of it, and each change is told', async () => {
    const base = await role('base', ['check:write']);
    const heir = await role('heir', ['service:read'], [base]);
    expect((await updateRole({ id: heir, permissions: ['service:write'] })).role).toMatchObject({
      inherits: [{ name: 'base' }],
      effectivePermissions: ['check:write', 'service:write'],
    });
    expect(
      (await updateRole({ id: heir, permissions: ['check:write'], inheritedRoleIds: [] })).role,
    ).toMatchObject({
      inherits: [],
      effectivePermissions: ['check:write'],
    });
    expect(await told('arthemiz.role.updated.v1')).toMatchObject([
      { roleId: heir, permissionsAdded: ['service:write'], permissionsRemoved: ['service:read'] },
      { roleId: heir, permissionsAdded: [], permissionsRemoved: ['service:write'] },
    ]);
    expect(await told('arthemiz.role.inheritance-changed.v1')).toEqual([
      { roleId: heir, name: 'heir', rolesAdded: [], rolesRemoved: [base], changedBy: owner._id },
    ]);
  });

  it('makes an administrator, whom the last one may leave to, and who may not go then', async () => {
    const deputy = await role('deputy', [], [await role('administers', planOf('owner'))]);
    await assignRoles(viewer, [deputy]);
    expect((await assignRoles(owner, [])).errors).toEqual([]);
    const last = [{ __typename: 'LastAdministrator' }];
    expect((await assignRoles(viewer, [])).errors).toMatchObject(last);
    expect((await updateRole({ id: deputy, inheritedRoleIds: [] })).errors).toMatchObject(last);
  });

  it('tells gateways when an inherited role changes, for all who hold it by inheritance', async () => {
    const base = await role('base', ['check:write', 'service:read']);
    await assignRoles(viewer, [await role('heir', [], [await role('between', [], [base])])]);
    const since = new Date();
    await updateRole({ id: base, permissions: ['service:read'] });
    const { changes } = await access.changesSince(since);
    expect(changes.filter(({ tenantId }) => tenantId === tenant._id)).toMatchObject([
      { subject: undefined, permissionsRemoved: ['check:write'] },
    ]);
    expect(await access.resolve([{ subject: viewer._id, tenantId: tenant._id }])).toMatchObject([
      { roles: ['heir'], permissions: ['service:read'] },
    ]);
  });
});

describe('two who change roles at the same moment', () => {
  it('close no circle: of two opposite edges one is refused, every time', async () => {
    const copy = await fixture.startCopy();
    const [a, b] = [await role('a'), await role('b')];
    for (let round = 0; round < 25; round += 1) {
      const outcomes = await Promise.all([
        updateRole({ id: a, inheritedRoleIds: [b] }),
        updateRole({ id: b, inheritedRoleIds: [a] }, { url: copy.url }),
      ]);
      const refusals = outcomes.flatMap(({ errors }) => errors);
      expect(refusals).toMatchObject([{ __typename: 'RoleCycle' }]);
      await updateRole({ id: a, inheritedRoleIds: [] });
      await updateRole({ id: b, inheritedRoleIds: [] });
    }
  });

  it('leave no circle, however many add whichever edges at once', async () => {
    const copy = await fixture.startCopy();
    const ids = await Promise.all(['a', 'b', 'c', 'd'].map((name) => role(name)));
    const edges = fc.tuple(...ids.map(() => fc.subarray(ids, { maxLength: 2 })));
    await fc.assert(
      fc.asyncProperty(edges, async (all) => {
        await Promise.all(
          all.map((inheritedRoleIds, index) =>
            updateRole({ id: ids[index], inheritedRoleIds }, index % 2 === 0 ? {} : { url: copy.url }),
          ),
        );
        const rows = await inTenant(tenant._id, () => fixture.models.Role.find({ _id: { $in: ids } }).lean());
        // Whoever inherits nothing that is left goes, again and again.
        const left = new Map(rows.map(({ _id, inheritedRoleIds }) => [_id, inheritedRoleIds ?? []]));
        for (const _ of ids)
          for (const [id, inherited] of left) if (!inherited.some((one) => left.has(one))) left.delete(id);
        expect([...left]).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it('make one role of one name', async () => {
    const copy = await fixture.startCopy();
    const outcomes = await Promise.all([
      createRole({ name: 'Twin' }),
      createRole({ name: 'twin' }, { url: copy.url }),
    ]);
    expect(outcomes.flatMap(({ errors }) => errors)).toMatchObject([{ __typename: 'RoleNameTaken' }]);
  });

  it('never remove a role that is inherited from then on', async () => {
    const copy = await fixture.startCopy();
    for (let round = 0; round < 10; round += 1) {
      const [base, heir] = [await role(`base ${round}`), await role(`heir ${round}`)];
      const [inherited, removed] = await Promise.all([
        updateRole({ id: heir, inheritedRoleIds: [base] }),
        deleteRole(base, { url: copy.url }),
      ]);
      const refusals = [...inherited.errors, ...removed.errors].map(({ __typename }) => __typename);
      expect(refusals).toHaveLength(1);
      expect(['RoleNotFound', 'RoleInUse']).toContain(refusals[0]);
    }
  });
});

describe('removing a role', () => {
  it('is refused while somebody holds it, and says who', async () => {
    const id = await role('held');
    await assignRoles(viewer, [id]);
    await fixture.serviceClient({ tenant, role: 'held' });
    const heir = await role('heir', [], [id]);
    expect((await deleteRole(id)).errors).toMatchObject([
      { __typename: 'RoleInUse', people: 1, serviceClients: 1, roles: ['heir'] },
    ]);
    await assignRoles(viewer, []);
    await inTenant(tenant._id, () => fixture.models.ServiceClient.deleteMany({}));
    expect((await deleteRole(id)).errors).toMatchObject([{ people: 0, serviceClients: 0, roles: ['heir'] }]);
    await updateRole({ id: heir, inheritedRoleIds: [] });
    expect(await deleteRole(id)).toMatchObject({ deletedRoleId: id, errors: [] });
    expect((await deleteRole(id)).errors).toMatchObject([{ __typename: 'RoleNotFound' }]);
    expect(await told('arthemiz.role.deleted.v1')).toEqual([
      { roleId: id, name: 'held', changedBy: owner._id },
    ]);
  });

  it('leaves the built-in ones', async () => {
    for (const name of ['operator', 'owner'])
      expect((await deleteRole(builtIn[name] ?? '')).errors).toMatchObject([{ __typename: 'RoleBuiltIn' }]);
  });
});

describe('an explanation of access', () => {
  const query = `query ($personId: ID!, $permission: String!) { explainAccess(personId: $personId, permission: $permission) {
    permission isAllowed ways { path { name } } rolesThatWouldGive { name } } }`;
  async function explain(permission: string, { person = viewer, by = asOwner() } = {}) {
    const variables = { personId: person._id, permission };
    const { data, errors } = await fixture.execute(query, { viewer: by, variables });
    return errors ? errors.map(({ extensions }) => extensions?.code) : data.explainAccess;
  }
  const path = (...names: string[]) => ({ path: names.map((name) => ({ name })) });

  it('shows every role that gives a permission, and the way to it', async () => {
    const base = await role('base', ['check:write']);
    const heir = await role('heir', [], [base]);
    await assignRoles(viewer, [heir, builtIn.operator ?? '']);
    expect(await explain('check:write')).toEqual({
      permission: 'check:write',
      isAllowed: true,
      ways: [path('operator'), path('heir', 'base')],
      rolesThatWouldGive: [],
    });
  });

  it('shows what would give it to somebody who lacks it, the least first', async () => {
    await role('narrow', ['check:write']);
    expect(await explain('check:write')).toEqual({
      permission: 'check:write',
      isAllowed: false,
      ways: [],
      rolesThatWouldGive: ['narrow', 'operator', 'owner'].map((name) => ({ name })),
    });
    expect(await explain('tenant:create')).toMatchObject({ isAllowed: false, rolesThatWouldGive: [] });
  });

  it('is for those who read roles and people, and for everybody about themselves', async () => {
    const reader = as(owner, ['role:read']);
    expect(await explain('check:read', { by: reader })).toEqual(['FORBIDDEN']);
    const self = as(viewer, []);
    expect(await explain('check:read', { by: self })).toMatchObject({ isAllowed: true });
    expect(await explain('check:read', { by: self, person: owner })).toEqual(['FORBIDDEN']);
  });

  it('knows nobody of another tenant, and no permission that is none', async () => {
    const stranger = await fixture.member(await fixture.tenant());
    expect(await explain('check:read', { person: stranger })).toBeNull();
    expect(await explain('check:fly')).toEqual(['BAD_USER_INPUT']);
  });
});
