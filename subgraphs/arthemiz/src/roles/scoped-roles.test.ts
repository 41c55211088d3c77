// Roles on one resource, from their assignment to what gateways and tokens say of them.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import fc from 'fast-check';
import { standingOfPerson } from '../memberships/standing.ts';
import type { PersonRow } from '../people/model.ts';
import type { TenantRow } from '../tenants/model.ts';
import { type AccessAsker, openAccess } from '../testing/access-client.ts';
import { type Fixture, startFixture } from '../testing/fixture.ts';
import { effectivePermissions, graphOf, holding } from './inheritance.ts';
import type { RoleRow } from './model.ts';
import { type Permission, permissions } from './rules.ts';
import { maximumScopedRoles, resourceTypes, type Scope } from './scopes.ts';

let fixture: Fixture;
let access: AccessAsker;
let tenant: TenantRow;
let owner: PersonRow;
let member: PersonRow;
let roles: Record<string, RoleRow>;
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
  member = await fixture.member(tenant, 'viewer');
  const all = await inTenant(tenant._id, () => fixture.models.Role.find().lean());
  roles = Object.fromEntries(all.map((role) => [role.name, role]));
});

const service = (id = 'svc_1'): Scope => ({ resourceType: 'SERVICE', resourceId: id });
const check = (id = 'chk_1'): Scope => ({ resourceType: 'CHECK', resourceId: id });
const asOwner = (allowed: readonly string[] = permissions) => ({
  ...{ subject: owner._id, tenantId: tenant._id, permissions: [...allowed] },
});

async function assign(
  names: readonly string[],
  scope: object | null,
  viewer = asOwner(),
  personId = member._id,
) {
  const roleIds = names.map((name) => roles[name]?._id ?? name);
  const { data, errors } = await fixture.execute(
    `mutation ($input: AssignRolesInput!) { assignRoles(input: $input) {
      person { roles { name } scopedRoles { role { name } resourceType resourceId } }
      errors { __typename message ... on PermissionNotHeld { permissions } ... on InvalidRoleInput { field } }
    } }`,
    { viewer, variables: { input: { personId, roleIds, scope } } },
  );
  return { ...data?.assignRoles, denied: errors?.map(({ extensions }) => extensions?.code) };
}

const standing = async (person = member) => {
  const [found] = await access.resolve([{ tenantId: tenant._id, subject: person._id }]);
  return { roles: found?.roles, permissions: found?.permissions };
};
const viewerMay = () => [...(roles.viewer?.permissions ?? [])].sort();

async function told(type: string) {
  const outbox = fixture.service.connection.collection('outbox');
  const entries = await outbox.find({ 'event.type': type, 'event.tenantid': tenant._id }).toArray();
  return entries.map(({ event }) => event.data);
}

describe('a role on one resource', () => {
  it('gives what it allows there, under no name, in what gateways and tokens are told', async () => {
    expect(await assign(['operator'], service())).toMatchObject({
      person: { roles: [{ name: 'viewer' }], scopedRoles: [{ role: { name: 'operator' }, ...service() }] },
      errors: [],
    });
    const expected = {
      roles: ['viewer'],
      permissions: [...viewerMay(), 'check:read@svc_1', 'check:write@svc_1', 'service:read@svc_1'],
    };
    expect(await standing()).toEqual(expected);
    const told = await standingOfPerson(fixture.service, { personId: member._id, tenantId: tenant._id });
    expect(told).toMatchObject(expected);
  });

  it('is told with what came and went, once', async () => {
    await assign(['operator'], check());
    await assign(['operator'], check());
    await assign([], check());
    const who = { personId: member._id, changedBy: owner._id };
    expect(await told('arthemiz.person.scoped-roles-changed.v1')).toEqual([
      { ...who, ...check(), rolesAdded: ['operator'], rolesRemoved: [] },
      { ...who, ...check(), rolesAdded: [], rolesRemoved: ['operator'] },
    ]);
    const allowed = ['check:read@chk_1', 'check:write@chk_1'];
    const changes = (await told('arthemiz.person.roles-changed.v1')).slice(-2);
    expect(changes).toMatchObject([
      { rolesAdded: [], permissionsAdded: allowed, permissionsRemoved: [] },
      { rolesRemoved: [], permissionsAdded: [], permissionsRemoved: allowed },
    ]);
    expect(await standing()).toEqual({ roles: ['viewer'], permissions: viewerMay() });
  });

  it('stays as it is when roles elsewhere change, and the other way round', async () => {
    await assign(['operator'], check());
    await assign(['viewer', 'operator'], service());
    await assign(['viewer'], check('chk_2'));
    const outcome = await assign([], null);
    expect(outcome.person.roles).toEqual([]);
    expect(outcome.person.scopedRoles).toHaveLength(4);
    const { person } = await assign(['viewer'], service());
    expect(person.scopedRoles).toHaveLength(3);
  });

  it('changes with the role, and keeps it from being deleted', async () => {
    const execute = (query: string) => fixture.execute(query, { viewer: asOwner() });
    const { data } = await execute(
      'mutation { createRole(input: { name: "medic", permissions: [check_read] }) { role { id } } }'.replace(
        'check_read',
        '"check:read"',
      ),
    );
    const id: string = data.createRole.role.id;
    await assign([id], check());
    expect((await standing()).permissions).toContain('check:read@chk_1');
    await execute(
      `mutation { updateRole(input: { id: "${id}", permissions: ["check:write"] }) { role { id } } }`,
    );
    expect((await standing()).permissions?.filter((each) => each.includes('@'))).toEqual([
      'check:write@chk_1',
    ]);
    const { data: deletion } = await execute(
      `mutation { deleteRole(input: { id: "${id}" }) { errors { __typename ... on RoleInUse { people } } } }`,
    );
    expect(deletion.deleteRole.errors).toEqual([{ __typename: 'RoleInUse', people: 1 }]);
  });

  it('gives nobody more than who gives it may do there', async () => {
    const few = (...held: string[]) => asOwner(['role:write', 'person:read', ...held]);
    expect((await assign(['operator'], check(), few('check:read'))).errors).toMatchObject([
      { __typename: 'PermissionNotHeld', permissions: ['check:write'] },
    ]);
    expect(
      (await assign(['operator'], check(), few('check:read@chk_1', 'check:write@chk_2'))).errors,
    ).toMatchObject([{ permissions: ['check:write'] }]);
    expect((await assign(['operator'], check(), few('check:read', 'check:write@chk_1'))).errors).toEqual([]);
    // What the role allows elsewhere it does not give.
    expect((await assign(['owner'], check(), few('check:read', 'check:write'))).errors).toEqual([]);
    expect((await standing()).permissions?.filter((each) => each.includes('@'))).toEqual([
      ...['check:read@chk_1', 'check:write@chk_1'],
    ]);
    expect((await assign(['owner'], check(), asOwner(['role:read']))).denied).toEqual(['FORBIDDEN']);
  });

  it('makes nobody an administrator, and leaves the last one', async () => {
    await assign(['owner'], service());
    expect((await assign([], null, asOwner(), owner._id)).errors).toMatchObject([
      { __typename: 'LastAdministrator' },
    ]);
  });

  it('is refused on what is no such resource, and beyond their number', async () => {
    for (const scope of [check('svc_1'), service(''), service('svc_@'), check(`chk_${'1'.repeat(61)}`)])
      expect((await assign(['viewer'], scope)).errors).toMatchObject([
        { __typename: 'InvalidRoleInput', field: 'scope.resourceId' },
      ]);
    const scopedRoles = Array.from({ length: maximumScopedRoles }, (_, index) => ({
      ...{ ...check(`chk_${index}`), roleId: roles.viewer?._id },
    }));
    await inTenant(tenant._id, () =>
      fixture.models.Membership.updateOne({ personId: member._id }, { $set: { scopedRoles } }),
    );
    expect((await assign(['viewer'], service())).errors).toMatchObject([
      { __typename: 'TooManyScopedRoles' },
    ]);
    expect((await assign(['operator'], check('chk_3'))).errors).toEqual([]);
  });

  it('is explained with its resource', async () => {
    await assign(['operator'], check());
    const explain = async (permission: string) => {
      const { data } = await fixture.execute(
        `{ explainAccess(personId: "${member._id}", permission: "${permission}") {
          isAllowed ways { scope { resourceType resourceId } path { name } } rolesThatWouldGive { name } } }`,
        { viewer: asOwner() },
      );
      return data.explainAccess;
    };
    expect(await explain('check:write')).toMatchObject({
      isAllowed: false,
      ways: [{ scope: check(), path: [{ name: 'operator' }] }],
      rolesThatWouldGive: [{ name: 'operator' }, { name: 'owner' }],
    });
    expect((await explain('check:read')).ways).toEqual(
      expect.arrayContaining([{ scope: null, path: [{ name: 'viewer' }] }]),
    );
    expect(await explain('service:write')).toMatchObject({ isAllowed: false, ways: [] });
  });

  it("is no other tenant's to give, nor to a stranger", async () => {
    const elsewhere = await fixture.tenant();
    const viewer = { ...asOwner(), tenantId: elsewhere._id };
    expect((await assign(['viewer'], check(), viewer)).errors).toMatchObject([
      { __typename: 'PersonNotFound' },
    ]);
    const [foreign] = await inTenant(elsewhere._id, () => fixture.models.Role.find().lean());
    expect((await assign([foreign?._id ?? ''], check())).errors).toMatchObject([
      { __typename: 'RoleNotFound' },
    ]);
  });
});

describe('what somebody holds on resources', () => {
  it('is, for any roles, what these allow there, and nothing elsewhere', () => {
    const role = fc.record({
      _id: fc.constantFrom('a', 'b', 'c', 'd'),
      name: fc.constantFrom('owner', 'operator'),
      permissions: fc.subarray([...permissions]),
      inheritedRoleIds: fc.subarray(['a', 'b', 'c', 'd', 'gone']),
    });
    const scope = fc.oneof(
      fc.constantFrom(service(), service('svc_2')),
      fc.constantFrom(check(), check('chk_2')),
    );
    const held = fc.record({ roleId: fc.constantFrom('a', 'b', 'c', 'd', 'gone'), scope: fc.option(scope) });
    fc.assert(
      fc.property(fc.array(role), fc.array(held), (some, holdings) => {
        const graph = graphOf(some);
        const { permissions: told } = holding(graph, holdings);
        const expected = new Set(
          holdings.flatMap(({ roleId, scope: on }) =>
            effectivePermissions(graph, [roleId]).flatMap((permission) => {
              if (on === null) return [permission];
              const possible: readonly string[] = resourceTypes[on.resourceType].permissions;
              return possible.includes(permission) ? [`${permission}@${on.resourceId}`] : [];
            }),
          ),
        );
        expect(new Set(told)).toEqual(expected);
        expect(told).toHaveLength(expected.size);
      }),
    );
  });

  it('fits a token with all else that somebody may do', () => {
    const mostOf = (list: readonly (readonly Permission[])[]) =>
      Math.max(...list.map((each) => JSON.stringify(each.map((name) => `${name}@${'x'.repeat(40)}`)).length));
    const scoped = maximumScopedRoles * mostOf(Object.values(resourceTypes).map((type) => type.permissions));
    // In base64, in one line of a request's head, of which nginx takes 8 KiB.
    expect(((scoped + JSON.stringify(permissions).length + 1_000) * 4) / 3).toBeLessThan(8_192);
  });
});
