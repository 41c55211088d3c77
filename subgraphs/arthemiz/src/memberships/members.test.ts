// Who belongs to a tenant, and how that ends: by others, by themselves, for a while; through the subgraph's own API.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { digestOf, readApiKey } from '@supergraph/chassis/api-key';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import type { PersonRow } from '../people/model.ts';
import type { TenantRow } from '../tenants/model.ts';
import { type AccessAsker, openAccess } from '../testing/access-client.ts';
import { planOf, roleIdsOf } from '../testing/acting.ts';
import { audience, type Fixture, signIn, startFixture } from '../testing/fixture.ts';
import { linkIn, type Mailbox, startMailbox } from '../testing/mailbox.ts';

let mailbox: Mailbox;
let fixture: Fixture;
let access: AccessAsker;
let tenant: TenantRow;
let owner: PersonRow;
let member: PersonRow;
beforeAll(async () => {
  mailbox = await startMailbox();
  fixture = await startFixture({ SMTP_URL: mailbox.url, MAIL_POLL_MS: '10' });
  access = openAccess(fixture);
});
afterAll(async () => {
  access?.close();
  await fixture?.stop();
  await mailbox?.stop();
});
beforeEach(async () => {
  tenant = await fixture.tenant();
  owner = await fixture.member(tenant);
  member = await fixture.member(tenant, 'operator');
});

const as = (person: Pick<PersonRow, '_id'>, permissions = planOf('owner')) => ({
  ...{ subject: person._id, tenantId: tenant._id, permissions },
});

const details = '... on InvalidRoleInput { field } ... on PermissionNotHeld { permissions }';
/** What shows errors of another kind. */
const ofOthers: Record<string, string> = {
  createApiKey: 'apiKey { id } secret',
  invitePerson: 'invitation { id }',
};
const shown: Record<string, string> = {
  ...ofOthers,
  removePerson: 'removedPersonId',
  leaveTenant: 'leftTenantId',
  suspendPerson: 'person { id suspendedAt }',
  resumePerson: 'person { id suspendedAt roles { name } }',
  requestElevation: 'elevation { id }',
};

async function change(name: string, input: object, viewer = as(owner)) {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${shown[name] ?? ''}
    errors { __typename message ${name in ofOthers ? '' : details} } } }`;
  const { data, errors } = await fixture.execute(query, { viewer, variables: { input } });
  return { ...data?.[name], denied: errors?.map(({ extensions }) => extensions?.code) };
}
const remove = ({ _id: personId }: Pick<PersonRow, '_id'>, viewer = as(owner)) =>
  change('removePerson', { personId }, viewer);
const suspend = ({ _id: personId }: PersonRow, viewer = as(owner)) =>
  change('suspendPerson', { personId }, viewer);
const resume = ({ _id: personId }: PersonRow, viewer = as(owner)) =>
  change('resumePerson', { personId }, viewer);
const leave = (person: Pick<PersonRow, '_id'>, confirmSlug = tenant.slug) =>
  change('leaveTenant', { confirmSlug }, as(person, []));
const refused = (__typename: string) => [expect.objectContaining({ __typename })];

async function keyOf(person: PersonRow) {
  const { apiKey, secret, errors } = await change(
    'createApiKey',
    { name: 'Import', permissions: ['check:read'] },
    as(person, ['api-key:write', 'check:read']),
  );
  expect(errors).toEqual([]);
  return { id: String(apiKey.id), secret: String(secret) };
}
/** As a gateway asks. */
const authenticate = ({ secret }: { secret: string }) =>
  access.authenticate(readApiKey(secret) ?? { id: 'none', digest: digestOf('') });

async function standing({ _id: subject }: PersonRow, { _id: tenantId } = tenant) {
  const [found] = await access.resolve([{ tenantId, subject }]);
  return found?.permissions ?? [];
}

async function shownPerson({ _id: id }: PersonRow) {
  const query = 'query ($id: ID!) { person(id: $id) { suspendedAt roles { name } groups { name } } }';
  return (await fixture.execute(query, { viewer: as(owner), variables: { id } })).data.person;
}

async function told(type: string) {
  const outbox = fixture.service.connection.collection('outbox');
  const entries = await outbox
    .find({ 'event.type': `arthemiz.${type}.v1`, 'event.tenantid': tenant._id })
    .toArray();
  return entries.map(({ event }) => event.data);
}

async function elevated(person: PersonRow, role: string, { isApproved = true } = {}) {
  const roleId = (await roleIdsOf(fixture, tenant))[role];
  const asked = { roleId, minutes: 60, reason: 'Incident 4711' };
  const { elevation } = await change('requestElevation', asked, as(person, []));
  if (isApproved) await change('decideElevation', { id: elevation.id, isApproved });
}

describe('whoever is removed', () => {
  it('loses there, at once, all by which they could go on, and nothing elsewhere', async () => {
    const person = await fixture.person({ tenants: [tenant], role: 'operator' });
    const { config, tokens } = await signIn(fixture, person.email);
    const elsewhere = await fixture.tenant();
    await fixture.join({ person, tenant: elsewhere, role: 'viewer' });
    await fixture.group({ tenant, roles: ['viewer'], people: [person] });
    await elevated(person, 'owner');
    await elevated(person, 'viewer', { isApproved: false });
    const key = await keyOf(person);
    const since = new Date();

    expect(await remove(person)).toMatchObject({ removedPersonId: person._id, errors: [] });

    expect(await standing(person)).toEqual([]);
    expect(await authenticate(key)).toBeUndefined();
    const again = client.refreshTokenGrant(config, tokens.refresh_token ?? '', { resource: audience });
    await expect(again).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await shownPerson(person)).toBeNull();
    const { changes, endedSessions } = await access.changesSince(since);
    expect(changes.filter(({ subject }) => subject === person._id)).toHaveLength(1);
    const sessionId = decodeJwt(tokens.access_token).sid;
    expect(endedSessions).toContainEqual(expect.objectContaining({ tenantId: tenant._id, sessionId }));
    const by = { personId: person._id, changedBy: owner._id };
    expect(await told('person.removed')).toEqual([by]);
    expect(await told('person.roles-changed')).toContainEqual(
      expect.objectContaining({ ...by, rolesRemoved: ['operator', 'owner', 'viewer'] }),
    );
    expect(await told('session.ended')).toMatchObject([{ sessionId, endedBy: owner._id, reason: 'left' }]);
    expect(await told('api-key.revoked')).toEqual([{ apiKeyId: key.id, revokedBy: owner._id }]);
    expect(await told('elevation.ended')).toMatchObject([{ roleName: 'owner', by: owner._id }]);
    expect(await told('elevation.withdrawn')).toMatchObject([{ roleName: 'viewer', by: owner._id }]);
    expect(await standing(person, elsewhere)).toContain('check:read');
  });

  it('has nothing of before when they come back', async () => {
    const key = await keyOf(member);
    await fixture.group({ tenant, roles: ['viewer'], people: [member] });
    await elevated(member, 'owner');
    await remove(member);
    await fixture.join({ person: member, tenant, role: 'viewer' });
    expect(await shownPerson(member)).toEqual({
      ...{ suspendedAt: null, groups: [], roles: [{ name: 'viewer' }] },
    });
    // A further role for a while brings no earlier one back.
    await elevated(member, 'viewer');
    expect(await standing(member)).toEqual(planOf('viewer').sort());
    expect(await authenticate(key)).toBeUndefined();
  });

  it('does not come back by a link that is still out, but by a new one, with the account that they keep', async () => {
    const email = 'guest@acme.test';
    const invite = () => change('invitePerson', { email, roleIds: [] });
    await invite();
    const link = linkIn(await mailbox.to(email));
    // Meanwhile they came by another way.
    const guest = await fixture.person({ tenants: [tenant], role: 'viewer', email });
    await remove(guest);
    expect((await fixture.browser().open(link)).text).not.toContain('name="password"');
    expect(await invite()).toMatchObject({ errors: [] });
    const browser = fixture.browser();
    expect((await browser.open(linkIn(await mailbox.to(email, 2)))).text).toContain('name="password"');
  });
});

describe('nobody', () => {
  it('removes or suspends whom their tenant does not have, or without the permission', async () => {
    const foreign = await fixture.member(await fixture.tenant());
    const none = { ...foreign, _id: 'per_none' };
    for (const person of [foreign, none])
      for (const done of [remove, suspend, resume])
        expect((await done(person)).errors).toEqual(refused('PersonNotFound'));
    expect((await remove({ _id: '' })).errors).toMatchObject([
      { __typename: 'InvalidRoleInput', field: 'personId' },
    ]);
    expect((await remove(member, as(owner, ['person:suspend', 'role:write']))).denied).toEqual(['FORBIDDEN']);
    const few = as(owner, ['person:remove', 'role:write']);
    for (const done of [suspend, resume]) expect((await done(member, few)).denied).toEqual(['FORBIDDEN']);
    expect(await standing(member)).toContain('check:write');
  });

  it('removes or suspends themselves, neither by an API key of theirs nor by a service client of theirs', async () => {
    await fixture.join({ person: member, tenant, role: 'owner' });
    const key = await keyOf(owner);
    const made = await fixture.execute(
      'mutation { createServiceClient(input: { name: "Robot", roleIds: [] }) { serviceClient { id } } }',
      { viewer: as(owner) },
    );
    for (const _id of [owner._id, key.id, made.data.createServiceClient.serviceClient.id])
      for (const done of [remove, suspend])
        expect((await done(owner, as({ _id }))).errors).toEqual(refused('OwnMembership'));
    expect(await told('person.removed')).toEqual([]);
  });

  it('goes who alone may change roles, by whatever way', async () => {
    const last = refused('LastAdministrator');
    expect((await remove(owner, as(member))).errors).toEqual(last);
    expect((await suspend(owner, as(member))).errors).toEqual(last);
    expect((await leave(owner)).errors).toEqual(last);
    // Neither whoever is suspended nor who holds it for a while is somebody else.
    const other = await fixture.member(tenant);
    await elevated(member, 'owner');
    await suspend(other);
    expect((await leave(owner)).errors).toEqual(last);
    await resume(other);
    expect((await leave(owner)).errors).toEqual([]);
  });

  it('is left without an administrator when two of them remove each other, leave or are suspended at once', async () => {
    const ways = {
      'remove each other': (one: PersonRow, two: PersonRow) => [remove(one, as(two)), remove(two, as(one))],
      'leave both': (one: PersonRow, two: PersonRow) => [leave(one), leave(two)],
      'leave and suspend': (one: PersonRow, two: PersonRow) => [leave(one), suspend(two, as(one))],
    };
    for (const [way, go] of Object.entries(ways))
      for (let round = 0; round < 2; round += 1) {
        tenant = await fixture.tenant();
        const [one, two] = [await fixture.member(tenant), await fixture.member(tenant)];
        const outcomes = await Promise.all(go(one, two));
        const errors = outcomes.flatMap((outcome) => outcome.errors ?? [outcome.denied]);
        expect({ way, errors }).toEqual({ way, errors: refused('LastAdministrator') });
        const administering = (await Promise.all([standing(one), standing(two)])).filter((held) =>
          held.includes('role:write'),
        );
        expect({ way, administrators: administering.length }).toEqual({ way, administrators: 1 });
      }
  });
});

describe('leaving', () => {
  it('takes the slug, and is told as done by themselves', async () => {
    expect((await leave(member, 'another')).errors).toMatchObject([
      { __typename: 'InvalidRoleInput', field: 'confirmSlug' },
    ]);
    expect(await standing(member)).toContain('check:write');
    expect(await leave(member)).toMatchObject({ leftTenantId: tenant._id, errors: [] });
    expect(await standing(member)).toEqual([]);
    expect(await told('person.removed')).toEqual([{ personId: member._id, changedBy: member._id }]);
    expect((await leave(member)).errors).toEqual(refused('PersonNotFound'));
    // They may come back by themselves, too.
    const { data } = await fixture.execute('{ removedPeople { nodes { personId } } }', {
      viewer: as(owner),
    });
    expect(data.removedPeople.nodes).toEqual([]);
  });

  it('is for people: a program has no membership to end', async () => {
    const { id } = await fixture.serviceClient({ tenant });
    const key = await keyOf(owner);
    for (const _id of [id, key.id]) expect((await leave({ _id })).errors).toEqual(refused('PersonNotFound'));
    const nowhere = { subject: member._id, tenantId: null, permissions: [] };
    const { data } = await fixture.execute(
      'mutation { leaveTenant(input: { confirmSlug: "" }) { errors { __typename } } }',
      { viewer: nowhere },
    );
    expect(data.leaveTenant.errors).toEqual(refused('PersonNotFound'));
    expect(await authenticate(key)).toBeDefined();
  });
});

describe('whoever is suspended', () => {
  it('may do nothing until they are let back as they were, each told once', async () => {
    const key = await keyOf(member);
    expect(await suspend(member)).toMatchObject({
      person: { id: member._id, suspendedAt: expect.any(String) },
      errors: [],
    });
    expect((await suspend(member)).errors).toEqual([]);
    expect(await standing(member)).toEqual([]);
    expect(await authenticate(key)).toBeUndefined();
    expect(await shownPerson(member)).toMatchObject({ suspendedAt: expect.any(String) });
    for (let time = 0; time < 2; time += 1)
      expect(await resume(member)).toMatchObject({
        person: { suspendedAt: null, roles: [{ name: 'operator' }] },
        errors: [],
      });
    expect(await standing(member)).toContain('check:write');
    expect(await authenticate(key)).toMatchObject({ id: key.id });
    for (const type of ['person.suspended', 'person.resumed'])
      expect(await told(type)).toEqual([{ personId: member._id, changedBy: owner._id }]);
  });

  it('is let back by nobody who may do less than they', async () => {
    await suspend(member);
    const few = as(owner, [...planOf('viewer'), 'person:suspend']);
    expect((await resume(member, few)).errors).toMatchObject([
      { __typename: 'PermissionNotHeld', permissions: expect.arrayContaining(['check:write']) },
    ]);
    expect(await standing(member)).toEqual([]);
    // Removing them takes no more than it says.
    expect((await remove(member)).errors).toEqual([]);
  });
});
