// Roles for a while, from the request to the end, through the subgraph's own API.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import { standingOfPerson } from '../memberships/standing.ts';
import type { PersonRow } from '../people/model.ts';
import type { TenantRow } from '../tenants/model.ts';
import { type AccessAsker, openAccess } from '../testing/access-client.ts';
import { actingAs, planOf, roleIdsOf } from '../testing/acting.ts';
import { type Fixture, startFixture } from '../testing/fixture.ts';
import { tellEnds } from './ending.ts';
import { maximumOpen } from './rules.ts';

let fixture: Fixture;
let access: AccessAsker;
let tenant: TenantRow;
let owner: PersonRow;
let other: PersonRow;
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
  other = await fixture.member(tenant);
  viewer = await fixture.member(tenant, 'viewer');
  roles = await roleIdsOf(fixture, tenant);
});

const as = (person: PersonRow, permissions: readonly string[]) => actingAs(person, tenant, permissions);
const asOwner = () => as(owner, planOf('owner'));
const asViewer = () => as(viewer, planOf('viewer'));

type By = ReturnType<typeof asOwner>;
async function change(
  name: string,
  input: object,
  by: By,
  shown = 'elevation { id status endsAt decidedBy { id } role { name } }',
) {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${shown}
    errors { __typename message ... on PermissionNotHeld { permissions } ... on ElevationNotOpen { status } ... on InvalidRoleInput { field } } } }`;
  const { data, errors } = await fixture.execute(query, { viewer: by, variables: { input } });
  return { ...data?.[name], denied: errors?.map(({ extensions }) => extensions?.code) };
}
const request = (given: object = {}, by = asViewer()) =>
  change('requestElevation', { roleId: roles.operator, minutes: 30, reason: 'Incident 4711', ...given }, by);
const decide = (id: string, { isApproved = true, by = asOwner() } = {}) =>
  change('decideElevation', { id, isApproved }, by);
const end = (id: string, by: By) => change('endElevation', { id }, by);

/** The id of a request, or of an active elevation. */
async function requested(given: object = {}): Promise<string> {
  const { elevation, errors } = await request(given);
  expect(errors).toEqual([]);
  return elevation.id;
}
async function approved(given: object = {}): Promise<string> {
  const id = await requested(given);
  expect((await decide(id)).errors).toEqual([]);
  return id;
}
/** As if this much time had gone by since it was approved. */
function age(id: string, minutes: number): Promise<void> {
  const { Elevation } = fixture.models;
  return inTenant(tenant._id, async () => {
    const { endsAt } = await Elevation.findOne({ _id: id }).orFail().lean();
    await Elevation.updateOne({ _id: id }, { $set: { endsAt: new Date(Number(endsAt) - minutes * 60_000) } });
  });
}

const standing = (person = viewer) =>
  standingOfPerson(fixture.service, { personId: person._id, tenantId: tenant._id });

async function told(type: string) {
  const outbox = fixture.service.connection.collection('outbox');
  const entries = await outbox.find({ 'event.type': type, 'event.tenantid': tenant._id }).toArray();
  return entries.map(({ event }) => event.data);
}

describe('a role for a while', () => {
  it('is held from somebody else’s approval to its end, and both are told', async () => {
    const id = await requested();
    expect(await standing()).toMatchObject({ roles: ['viewer'] });
    const before = Date.now();
    const { elevation } = await decide(id);
    expect(elevation).toMatchObject({
      status: 'ACTIVE',
      decidedBy: { id: owner._id },
      role: { name: 'operator' },
    });
    expect(Math.abs(Date.parse(elevation.endsAt) - before - 30 * 60_000)).toBeLessThan(10_000);
    expect(await standing()).toMatchObject({
      roles: ['operator', 'viewer'],
      permissions: [...planOf('operator')].sort(),
    });
    await age(id, 30);
    expect(await standing()).toMatchObject({ roles: ['viewer'], permissions: [...planOf('viewer')].sort() });
    // Nobody asks for it: the service itself tells that it is over.
    await eventually(async () => (await told('arthemiz.elevation.ended.v1')).length > 0);
    expect(await told('arthemiz.elevation.requested.v1')).toMatchObject([
      { reason: 'Incident 4711', by: viewer._id },
    ]);
    expect(await told('arthemiz.elevation.approved.v1')).toMatchObject([
      { roleName: 'operator', by: owner._id },
    ]);
    expect(await told('arthemiz.elevation.ended.v1')).toMatchObject([{ elevationId: id, by: null }]);
    expect(await told('arthemiz.person.roles-changed.v1')).toMatchObject([
      { personId: viewer._id, rolesAdded: ['operator'], changedBy: owner._id },
      {
        personId: viewer._id,
        rolesRemoved: ['operator'],
        permissionsRemoved: expect.arrayContaining(['check:write']),
        changedBy: null,
      },
    ]);
  });

  it('is told to gateways to be over, after its end, and once, by however many copies', async () => {
    const copy = await fixture.startCopy();
    const id = await approved();
    await age(id, 29);
    await Promise.all([fixture.service, copy.service].map((service) => tellEnds(service, new Date())));
    expect(await told('arthemiz.elevation.ended.v1')).toEqual([]);
    await age(id, 1);
    await Promise.all(
      [fixture.service, copy.service, fixture.service].map((service) => tellEnds(service, new Date())),
    );
    expect(await told('arthemiz.elevation.ended.v1')).toHaveLength(1);
    const notes = await inTenant(tenant._id, () =>
      fixture.models.GrantChange.find({ subject: viewer._id }).sort({ changedAt: 1 }).lean(),
    );
    expect(notes.map(({ rolesRemoved }) => rolesRemoved)).toEqual([[], ['operator']]);
    const elevation = await inTenant(tenant._id, () => fixture.models.Elevation.findOne({ _id: id }).lean());
    expect(Number(notes[1]?.changedAt)).toBeGreaterThanOrEqual(Number(elevation?.endsAt));
  });

  it('is approved by nobody themselves, by nobody who lacks what it allows, and by who may approve alone', async () => {
    const own = (await request({}, asOwner())).elevation.id;
    expect((await decide(own)).errors).toMatchObject([{ __typename: 'OwnElevation' }]);
    const id = await requested();
    const few = as(other, ['elevation:approve', ...planOf('viewer')]);
    expect((await decide(id, { by: few })).errors).toMatchObject([
      { __typename: 'PermissionNotHeld', permissions: expect.arrayContaining(['check:write']) },
    ]);
    const none = as(other, planOf('operator'));
    expect((await decide(id, { by: none })).denied).toEqual(['FORBIDDEN']);
    expect((await decide(id, { by: few, isApproved: false })).elevation).toMatchObject({
      status: 'DECLINED',
    });
    expect((await decide(id)).errors).toMatchObject([{ __typename: 'ElevationNotOpen', status: 'DECLINED' }]);
    expect(await standing()).toMatchObject({ roles: ['viewer'] });
  });

  it('is decided once when two decide at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await requested({ reason: `round ${round}` });
      const outcomes = await Promise.all([decide(id), decide(id, { isApproved: false })]);
      expect(outcomes.flatMap(({ errors }) => errors)).toMatchObject([{ __typename: 'ElevationNotOpen' }]);
      await end(id, asViewer());
    }
  });

  it('makes nobody an owner for good: what is held for a while is given to nobody', async () => {
    await approved({ roleId: roles.owner });
    const elevated = as(viewer, planOf('owner'));
    const input = { personId: viewer._id, roleIds: [roles.owner, roles.viewer] };
    const refused = [
      { __typename: 'PermissionNotHeld', permissions: expect.arrayContaining(['role:write']) },
    ];
    const assign = () => change('assignRoles', input, elevated, 'person { id }');
    expect((await assign()).errors).toMatchObject(refused);
    const role = { name: 'mine', permissions: ['role:write'] };
    expect((await change('createRole', role, elevated, 'role { id }')).errors).toMatchObject(refused);
    const id = (await request({ roleId: roles.owner }, as(owner, []))).elevation.id;
    expect((await decide(id, { by: elevated })).errors).toMatchObject(refused);
    // Nor by an API key, which does what they may at the moment.
    const [key] = await inTenant(tenant._id, async () => {
      const member = await fixture.models.Membership.findOne({ personId: viewer._id }).orFail().lean();
      const at = new Date(Date.now() + 60_000);
      const times = { lifetimeDays: 1, createdAt: new Date(), expiresAt: at, forgetAt: at };
      const bound = { createdBy: viewer._id, boundTo: member._id, digest: 'x' };
      return fixture.models.ApiKey.create([{ name: 'robot', permissions: [], ...bound, ...times }]);
    });
    const byKey = { ...elevated, subject: String(key?._id) };
    expect((await change('assignRoles', input, byKey, 'person { id }')).errors).toMatchObject(refused);
    // Nor with a token that has not heard of the end yet.
    const [own] = await inTenant(tenant._id, () =>
      fixture.models.Elevation.find({ personId: viewer._id }).lean(),
    );
    await end(own?._id ?? '', asViewer());
    expect((await assign()).errors).toMatchObject(refused);
  });

  it('makes nobody the last administrator', async () => {
    await approved({ roleId: roles.owner });
    const leave = (person: PersonRow) =>
      change('assignRoles', { personId: person._id, roleIds: [] }, asOwner(), 'person { id }');
    expect((await leave(other)).errors).toEqual([]);
    expect((await leave(owner)).errors).toMatchObject([{ __typename: 'LastAdministrator' }]);
  });

  it('is ended sooner by the person or by who may approve, and by nobody else', async () => {
    const [first, second] = [await approved(), await requested({ roleId: roles.owner })];
    expect((await end(first, as(other, planOf('operator')))).errors).toMatchObject([
      { __typename: 'ElevationNotFound' },
    ]);
    expect((await end(second, asViewer())).elevation).toMatchObject({ status: 'WITHDRAWN' });
    expect((await end(first, asOwner())).elevation).toMatchObject({ status: 'ENDED' });
    expect(await standing()).toMatchObject({ roles: ['viewer'] });
    expect(await told('arthemiz.elevation.ended.v1')).toMatchObject([{ elevationId: first, by: owner._id }]);
    expect((await end(first, asOwner())).errors).toMatchObject([
      { __typename: 'ElevationNotOpen', status: 'ENDED' },
    ]);
    await tellEnds(fixture.service, new Date(Date.now() + 3_600_000));
    expect(await told('arthemiz.elevation.ended.v1')).toHaveLength(1);
  });

  it('takes no role that its holder has by another way, and keeps the role from being removed', async () => {
    const id = await approved();
    const assign = { personId: viewer._id, roleIds: [roles.viewer, roles.operator] };
    await change('assignRoles', assign, asOwner(), 'person { id }');
    await end(id, asViewer());
    expect(await standing()).toMatchObject({ roles: ['operator', 'viewer'] });
    const [, ...later] = await told('arthemiz.person.roles-changed.v1');
    expect(later).toEqual([]);

    const role = { name: 'special', permissions: [] };
    const { role: special } = await change('createRole', role, asOwner(), 'role { id }');
    const holding = await approved({ roleId: special.id });
    const remove = () => change('deleteRole', { id: special.id }, asOwner(), 'deletedRoleId');
    expect((await remove()).errors).toMatchObject([{ __typename: 'RoleInUse' }]);
    await end(holding, asViewer());
    expect((await remove()).errors).toEqual([]);
  });

  it('is asked for within bounds', async () => {
    for (const [given, field] of [
      [{ minutes: 4 }, 'minutes'],
      [{ minutes: 481 }, 'minutes'],
      [{ reason: ' ' }, 'reason'],
      [{ reason: 'x'.repeat(501) }, 'reason'],
    ] as const)
      expect((await request(given)).errors).toMatchObject([{ __typename: 'InvalidRoleInput', field }]);
    for (let count = 0; count < maximumOpen; count += 1) await requested();
    expect((await request()).errors).toMatchObject([{ __typename: 'TooManyElevations' }]);
  });

  it('is shown to the person, and to who may approve', async () => {
    const [first, second] = [await approved(), await requested()];
    const own = await fixture.execute('{ viewer { elevations { id status } } }', { viewer: asViewer() });
    expect(own.data.viewer.elevations).toEqual([
      { id: second, status: 'REQUESTED' },
      { id: first, status: 'ACTIVE' },
    ]);
    const list =
      '{ all: elevations { nodes { id } } open: elevations(onlyOpen: true) { nodes { person { id } reason } } }';
    const { data } = await fixture.execute(list, { viewer: asOwner() });
    expect(data).toEqual({
      all: { nodes: [{ id: second }, { id: first }] },
      open: { nodes: [{ person: { id: viewer._id }, reason: 'Incident 4711' }] },
    });
    const { errors } = await fixture.execute(list, { viewer: asViewer() });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    const explained = await fixture.execute(
      'query ($id: ID!) { explainAccess(personId: $id, permission: "check:write") { ways { elevation { id } path { name } } } }',
      { viewer: asOwner(), variables: { id: viewer._id } },
    );
    expect(explained.data.explainAccess.ways).toEqual([
      { elevation: { id: first }, path: [{ name: 'operator' }] },
    ]);
  });

  it('is nothing to another tenant', async () => {
    const id = await requested();
    const elsewhere = { ...asOwner(), tenantId: (await fixture.tenant())._id };
    const notFound = [{ __typename: 'ElevationNotFound' }];
    expect((await decide(id, { by: elsewhere })).errors).toMatchObject(notFound);
    expect((await end(id, elsewhere)).errors).toMatchObject(notFound);
    expect((await request({}, elsewhere)).errors).toMatchObject([{ __typename: 'PersonNotFound' }]);
  });
});

describe('what gateways are told of somebody', () => {
  it('counts a role that they hold for a while, until its end, whoever asked before', async () => {
    const resolved = async () => {
      const [told] = await access.resolve([{ subject: viewer._id, tenantId: tenant._id }]);
      return told?.roles;
    };
    expect(await resolved()).toEqual(['viewer']);
    const id = await approved();
    for (let times = 0; times < 2; times += 1) expect(await resolved()).toEqual(['operator', 'viewer']);
    // The end itself is no write.
    const elevations = fixture.service.connection.collection<{ _id: string }>('elevations');
    await inTenant(tenant._id, () => elevations.updateOne({ _id: id }, { $set: { endsAt: new Date() } }));
    expect(await resolved()).toEqual(['viewer']);
  });
});
