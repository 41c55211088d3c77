// A tenant's people and groups, kept by its identity provider. The requests are those that Entra ID and Okta document.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import type { TenantRow } from '../tenants/model.ts';
import { type AccessAsker, openAccess } from '../testing/access-client.ts';
import { actingAs, planOf } from '../testing/acting.ts';
import { connectDirectory, type Directory, newGroup, newUser, scimClient } from '../testing/directory.ts';
import { audience, type Fixture, issuer, signIn, startFixture } from '../testing/fixture.ts';
import { linkIn, type Mailbox, startMailbox } from '../testing/mailbox.ts';

let mailbox: Mailbox;
let fixture: Fixture;
let access: AccessAsker;
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

let sequence = 0;
const newAddress = () => {
  sequence += 1;
  return `user-${sequence}@acme.test`;
};

async function told(type: string, tenant: TenantRow) {
  const outbox = fixture.service.connection.collection('outbox');
  const entries = await outbox.find({ 'event.type': type, 'event.tenantid': tenant._id }).toArray();
  return entries.map(({ event }) => event.data);
}

/** A member of the directory's tenant, as the directory sees them. */
async function memberOf({ tenant, list }: Directory, role = 'viewer') {
  const person = await fixture.member(tenant, role);
  const { body } = await list('Users', `userName eq "${person.email}"`);
  const [user] = body.Resources;
  return { person, user, id: String(user.id) };
}

const standingOf = async (tenant: TenantRow, subject: string) => {
  const [standing] = await access.resolve([{ tenantId: tenant._id, subject }]);
  return standing?.permissions ?? [];
};

describe('whoever asks', () => {
  it('shows an API key or an access token that holds the permission, and learns what is there', async () => {
    const directory = await connectDirectory(fixture, { permissions: ['scim:read'] });
    const { status, headers, body } = await directory.get('/ServiceProviderConfig');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/scim+json']);
    expect(body).toMatchObject({ patch: { supported: true }, bulk: { supported: false } });
    expect(
      (await directory.get('/ResourceTypes')).body.Resources.map(({ id }: { id: string }) => id),
    ).toEqual(['User', 'Group']);
    expect((await directory.get('/ResourceTypes/User')).body.endpoint).toBe('/Users');
    const schema = 'urn:ietf:params:scim:schemas:core:2.0:User';
    expect((await directory.get(`/Schemas/${schema}`)).body).toMatchObject({ id: schema });
    expect((await directory.get('/Schemas')).body.totalResults).toBe(2);
    expect((await directory.get('/Me')).status).toBe(501);
    expect((await directory.get('/Bulk')).status).toBe(501);
    for (const path of ['/Printers', '/Schemas/none', '/Users/x/y', '/Users/mem_none', '/'])
      expect([path, (await directory.get(path)).status]).toEqual([path, 404]);
    expect((await directory.post('/Users', newUser(newAddress()))).body).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '403',
    });

    const { id, secret } = await fixture.serviceClient({ tenant: directory.tenant, role: 'owner' });
    const config = await fixture.configure(id, client.ClientSecretBasic(secret));
    const { access_token } = await client.clientCredentialsGrant(config, { resource: audience });
    expect((await scimClient(fixture, access_token).get('/Users')).body.totalResults).toBe(1);
  });

  it('is refused without one, with another one, with a bound one and with one that ended', async () => {
    const { tenant, secret, owner, apiKeyId, get } = await connectDirectory(fixture);
    const { id, secret: ofClient } = await fixture.serviceClient({ tenant, role: 'owner' });
    const config = await fixture.configure(id, client.ClientSecretBasic(ofClient));
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair());
    const bound = await client.clientCredentialsGrant(config, { resource: audience }, { DPoP });
    const { access_token: viewers } = await (async () => {
      const viewer = await fixture.serviceClient({ tenant, role: 'viewer' });
      const asViewer = await fixture.configure(viewer.id, client.ClientSecretBasic(viewer.secret));
      return client.clientCredentialsGrant(asViewer, { resource: audience });
    })();
    for (const token of [null, 'x', `${secret}x`, bound.access_token, viewers.slice(0, -4)]) {
      const { status, headers } = await scimClient(fixture, token).get('/Users');
      expect([token, status, headers.get('www-authenticate')]).toEqual([token, 401, 'Bearer realm="scim"']);
    }
    expect((await scimClient(fixture, viewers).get('/Users')).status).toBe(403);
    await fixture.execute(
      'mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { errors { message } } }',
      {
        viewer: actingAs(owner, tenant, planOf('owner')),
        variables: { input: { id: apiKeyId } },
      },
    );
    expect((await get('/Users')).status).toBe(401);
  });
});

describe('a user', () => {
  it('is announced, invited, and a member once the address is shown to be theirs', async () => {
    const { tenant, post, get, list } = await connectDirectory(fixture);
    const email = newAddress();
    // Entra ID: "Create User".
    const made = await post('/Users', {
      schemas: [
        'urn:ietf:params:scim:schemas:core:2.0:User',
        'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
      ],
      externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef',
      userName: email.toUpperCase(),
      active: true,
      emails: [{ primary: true, type: 'work', value: email }],
      meta: { resourceType: 'User' },
      name: { formatted: 'Nadia Novak', familyName: 'Novak', givenName: 'Nadia' },
      roles: [],
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Sales' },
    });
    expect(made.status).toBe(201);
    const { id } = made.body;
    expect(made.headers.get('location')).toBe(`${issuer}/scim/v2/Users/${id}`);
    expect(made.headers.get('etag')).toBe(made.body.meta.version);
    expect(made.body).toMatchObject({
      ...{ userName: email, externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef', active: true, groups: [] },
      ...{ displayName: 'Nadia Novak', name: { givenName: 'Nadia', familyName: 'Novak' } },
      meta: { resourceType: 'User', location: `${issuer}/scim/v2/Users/${id}` },
    });
    expect((await get(`/Users/${id}`)).body).toEqual(made.body);
    expect((await post('/Users', newUser(email))).body).toMatchObject({
      status: '409',
      scimType: 'uniqueness',
    });
    const people = async () => {
      const { data } = await fixture.execute('{ people { nodes { id email } } }', {
        viewer: { tenantId: tenant._id, permissions: ['person:read'] },
      });
      return data.people.nodes.map((person: { email: string }) => person.email);
    };
    expect(await people()).not.toContain(email);

    const browser = fixture.browser();
    await browser.open(linkIn(await mailbox.to(email)));
    const chosen = 'seven purple teapots';
    await browser.submit({ name: 'Nadia N.', password: chosen, again: chosen, 'new-password': chosen });
    expect(await people()).toContain(email);
    expect((await get(`/Users/${id}`)).body).toEqual({ ...made.body, meta: expect.anything() });
    expect((await list('Users', `userName eq "${email}"`)).body.Resources).toHaveLength(1);
  });

  it('who has an account elsewhere is announced like anybody, and their account stays theirs', async () => {
    const elsewhere = await fixture.tenant();
    const person = await fixture.person({ tenants: [elsewhere] });
    const directory = await connectDirectory(fixture);
    const { post, patch, get, tenant } = directory;
    const known = await post('/Users', newUser(person.email, { displayName: 'Somebody' }));
    const unknown = await post('/Users', newUser(newAddress(), { displayName: 'Somebody' }));
    const shape = ({ status, body }: typeof known) => ({
      status,
      names: Object.keys(body),
      shown: body.displayName,
    });
    expect(shape(known)).toEqual(shape(unknown));
    expect(JSON.stringify(known.body)).not.toContain('Olivia');
    expect(await standingOf(tenant, person._id)).toEqual([]);
    expect((await fixture.models.Person.findById(person._id).lean())?.displayName).toBe('Olivia Ortega');

    const browser = fixture.browser();
    await browser.open(linkIn(await mailbox.to(person.email)));
    await browser.submit({ password: 'correct horse battery staple' });
    const { id } = known.body;
    expect((await get(`/Users/${id}`)).body).toMatchObject({ id, displayName: 'Somebody', active: true });
    // A directory says what it calls them; what they are called elsewhere is not its to say.
    await patch(`/Users/${id}`, { op: 'replace', path: 'displayName', value: 'Renamed' });
    expect((await get(`/Users/${id}`)).body.displayName).toBe('Renamed');
    expect(await fixture.models.Person.findById(person._id).lean()).toMatchObject({
      ...{ displayName: 'Olivia Ortega', email: person.email },
    });
    const moved = await patch(`/Users/${id}`, { op: 'replace', path: 'userName', value: newAddress() });
    expect(moved.body).toMatchObject({ status: '400', scimType: 'mutability' });
    expect((await directory.delete(`/Users/${id}`)).status).toBe(204);
    const membership = { personId: person._id };
    expect(await inTenant(elsewhere._id, () => fixture.models.Membership.exists(membership))).not.toBeNull();
    expect(await inTenant(tenant._id, () => fixture.models.Membership.exists(membership))).toBeNull();
  });

  it.each([
    [
      'Entra ID',
      { op: 'Replace', path: 'active', value: 'False' },
      { op: 'Add', path: 'active', value: 'True' },
    ],
    ['Okta', { op: 'replace', value: { active: false } }, { op: 'replace', value: { active: true } }],
  ])('is suspended as %s asks for it, and may do nothing until resumed', async (_, off, on) => {
    const directory = await connectDirectory(fixture);
    const { tenant, patch } = directory;
    const person = await fixture.person({ tenants: [tenant] });
    const { body } = await directory.list('Users', `userName eq "${person.email}"`);
    const { id } = body.Resources[0];
    const { tokens, config } = await signIn(fixture, person.email);
    const own = scimClient(fixture, tokens.access_token);
    expect((await own.get('/Users')).status).toBe(200);
    const since = new Date();

    const suspended = await patch(`/Users/${id}`, off);
    expect([suspended.status, suspended.body.active]).toEqual([200, false]);
    expect(await standingOf(tenant, person._id)).toEqual([]);
    expect((await own.get('/Users')).status).toBe(403);
    const { changes } = await access.changesSince(since);
    expect(changes.map(({ subject }) => subject)).toContain(person._id);
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    expect(await told('arthemiz.person.suspended.v1', tenant)).toEqual([
      { personId: person._id, changedBy: directory.apiKeyId },
    ]);
    expect(await told('arthemiz.person.roles-changed.v1', tenant)).toMatchObject([
      { personId: person._id, rolesRemoved: ['owner'], changedBy: directory.apiKeyId },
    ]);

    expect((await patch(`/Users/${id}`, on)).body.active).toBe(true);
    expect(await standingOf(tenant, person._id)).toContain('check:write');
    expect(await told('arthemiz.person.resumed.v1', tenant)).toHaveLength(1);
    expect((await own.get('/Users')).status).toBe(200);
    await fixture.execute('mutation ($id: ID!) { endSession(input: { id: $id }) { errors { message } } }', {
      viewer: actingAs(person, tenant, []),
      variables: { id: decodeJwt(tokens.access_token).sid },
    });
    expect((await own.get('/Users')).status).toBe(401);
  });

  it('takes its API keys along while suspended, and for good when removed', async () => {
    const first = await connectDirectory(fixture);
    const second = await fixture.member(first.tenant);
    const ofSecond = await connectDirectory(fixture, { tenant: first.tenant, owner: second });
    const { body } = await first.list('Users', `userName eq "${second.email}"`);
    const { id } = body.Resources[0];
    await first.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false });
    expect((await ofSecond.get('/Users')).status).toBe(401);
    await first.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: true });
    expect((await ofSecond.get('/Users')).status).toBe(200);
    expect((await first.delete(`/Users/${id}`)).status).toBe(204);
    expect((await ofSecond.get('/Users')).status).toBe(401);
    expect((await first.get(`/Users/${id}`)).status).toBe(404);
    expect((await first.delete(`/Users/${id}`)).status).toBe(404);
    expect(await told('arthemiz.person.removed.v1', first.tenant)).toMatchObject([{ personId: second._id }]);
    // Whoever comes back has nothing of before.
    await fixture.join({ person: second, tenant: first.tenant, role: 'viewer' });
    expect((await ofSecond.get('/Users')).status).toBe(401);
  });

  it('is not taken away when nobody else could decide about roles', async () => {
    const directory = await connectDirectory(fixture);
    const { body } = await directory.list('Users', `userName eq "${directory.owner.email}"`);
    const path = `/Users/${body.Resources[0].id}`;
    expect((await directory.delete(path)).status).toBe(409);
    expect((await directory.patch(path, { op: 'replace', path: 'active', value: false })).status).toBe(409);
    const { id } = await memberOf(directory, 'owner');
    expect(
      (await directory.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false })).status,
    ).toBe(200);
    // Whoever is suspended is nobody else.
    expect((await directory.delete(path)).status).toBe(409);
  });

  it('has its userName alone, also when two are given one at the same moment', async () => {
    const { post, patch, list } = await connectDirectory(fixture);
    const users = await Promise.all([1, 2].map(() => post('/Users', newUser(newAddress()))));
    for (let round = 0; round < 5; round += 1) {
      const value = newAddress();
      const answers = await Promise.all([
        ...users.map(({ body }) => patch(`/Users/${body.id}`, { op: 'replace', path: 'userName', value })),
        post('/Users', newUser(value)),
      ]);
      expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 409)).toHaveLength(2);
      expect((await list('Users', `userName eq "${value}"`)).body.totalResults).toBe(1);
    }
  });

  it('is replaced as a whole, and changed only at the version that was read', async () => {
    const { post, put, send, get } = await connectDirectory(fixture);
    const email = newAddress();
    const { body } = await post('/Users', newUser(email, { externalId: 'x1', name: { givenName: 'A' } }));
    const path = `/Users/${body.id}`;
    expect((await put(path, newUser(email, { displayName: 'B' }))).body).toMatchObject({
      displayName: 'B',
      active: true,
    });
    const { body: replaced } = await get(path);
    expect([replaced.externalId, replaced.name]).toEqual([undefined, undefined]);
    const stale = await send('PUT', path, {
      body: newUser(email),
      headers: { 'if-match': body.meta.version },
    });
    expect(stale.status).toBe(412);
    const version = replaced.meta.version;
    expect((await get(path, { 'if-none-match': version })).status).toBe(304);
    const fresh = await send('PUT', path, { body: newUser(email), headers: { 'if-match': version } });
    expect(fresh.status).toBe(200);
    const next = newAddress();
    expect((await put(path, newUser(next))).body.userName).toBe(next);
    await mailbox.to(next);
  });

  it('is shown as far as asked for', async () => {
    const { post, get } = await connectDirectory(fixture);
    const { body } = await post(
      '/Users',
      newUser(newAddress(), { name: { givenName: 'A', familyName: 'B' } }),
    );
    const path = `/Users/${body.id}`;
    expect((await get(`${path}?attributes=userName,name.givenName`)).body).toEqual({
      ...{ schemas: body.schemas, id: body.id, userName: body.userName, name: { givenName: 'A' } },
    });
    const { meta: _, groups: __, ...rest } = body;
    expect((await get(`${path}?excludedAttributes=meta,groups,id`)).body).toEqual(rest);
  });

  it('is refused in words where a request makes no sense', async () => {
    const { post, patch, send } = await connectDirectory(fixture);
    const { body } = await post('/Users', newUser(newAddress()));
    const path = `/Users/${body.id}`;
    for (const [userName, scimType] of [
      ['no address', 'invalidValue'],
      [7, 'invalidValue'],
      [null, 'invalidValue'],
    ])
      expect((await post('/Users', newUser(userName as string))).body).toMatchObject({
        status: '400',
        scimType,
      });
    const steps: [object, string][] = [
      [{ op: 'replace', path: 'shoeSize', value: 1 }, 'invalidPath'],
      [{ op: 'replace', path: 'name[', value: 1 }, 'invalidPath'],
      [{ op: 'replace', path: 'id', value: 'mem_x' }, 'mutability'],
      [{ op: 'replace', path: 'groups', value: [] }, 'mutability'],
      [{ op: 'replace', path: 'active', value: 'maybe' }, 'invalidValue'],
      [{ op: 'replace', path: 'displayName', value: { $ne: 1 } }, 'invalidValue'],
      [{ op: 'remove' }, 'noTarget'],
      [{ op: 'move', path: 'displayName', value: 'x' }, 'invalidSyntax'],
    ];
    for (const [step, scimType] of steps)
      expect([step, (await patch(path, step)).body]).toMatchObject([step, { status: '400', scimType }]);
    expect((await send('POST', '/Users', { body: '{' })).status).toBe(400);
    expect((await send('POST', '/Users', { body: '[]' })).status).toBe(400);
    expect(
      (await send('POST', '/Users', { body: '{}', headers: { 'content-type': 'text/plain' } })).status,
    ).toBe(415);
    expect((await send('DELETE', '/Users')).status).toBe(405);
    // What one request asks for is done as a whole or not at all.
    await patch(
      path,
      { op: 'replace', path: 'displayName', value: 'Half' },
      { op: 'replace', path: 'id', value: 'x' },
    );
    expect((await send('GET', path)).body.displayName).toBeUndefined();
  });
});

describe('users', () => {
  it('are found by filters, and by nothing that only looks like one', async () => {
    const directory = await connectDirectory(fixture);
    const { post, list, get } = directory;
    const email = newAddress();
    const { body } = await post(
      '/Users',
      newUser(email, { externalId: 'E-1', displayName: 'Zoë (Ext.)', active: false }),
    );
    const { user } = await memberOf(directory);
    const found = async (filter: string) =>
      (await list('Users', filter)).body.Resources?.map(({ id }: { id: string }) => id);
    for (const filter of [
      ...[`userName eq "${email.toUpperCase()}"`, 'externalId eq "E-1"', `id eq "${body.id}"`],
      ...['displayName sw "zoë (ext."', 'active eq false', `emails[type eq "work" and value eq "${email}"]`],
      ...[
        'not (externalId ne "E-1")',
        'externalId pr',
        `meta.created ge "2020-01-01T00:00:00Z" and active eq "False"`,
      ],
    ])
      expect([filter, await found(filter)]).toEqual([filter, [body.id]]);
    expect(await found(`displayName eq "${user.displayName}"`)).toHaveLength(2);
    for (const filter of [
      'externalId eq "e-1"',
      'displayName co ".*"',
      'userName eq "{\\"$ne\\":null}"',
      'externalId sw "^E"',
    ])
      expect([filter, await found(filter)]).toEqual([filter, []]);
    for (const filter of [
      '$where eq "1"',
      'userName[$ne] eq 1',
      'tenantId pr',
      'personId pr',
      'password pr',
      'roleIds pr',
    ])
      expect((await list('Users', filter)).body).toMatchObject({ status: '400', scimType: 'invalidFilter' });
    expect((await get('/Users?filter[$ne]=x&startIndex=x')).body.scimType).toBe('invalidValue');
  });

  it('are listed in pages, however many there are', async () => {
    const { tenant, get, list } = await connectDirectory(fixture);
    const { Membership } = fixture.models;
    await inTenant(tenant._id, () =>
      Membership.insertMany(
        Array.from({ length: 5_000 }, (_, number) => ({
          ...{ personId: `per_listed-${number}`, roleIds: [], isAwaited: true, createdAt: new Date() },
          directory: { userName: `listed-${number}@acme.test`, displayName: `Listed ${number % 2}` },
        })),
      ),
    );
    expect((await get('/Users?count=0')).body).toMatchObject({
      totalResults: 5_001,
      itemsPerPage: 0,
      Resources: [],
    });
    const ids = new Set<string>();
    for (let startIndex = 1; startIndex <= 5_001; startIndex += 200) {
      const { body } = await get(`/Users?startIndex=${startIndex}&count=1000000`);
      expect(body).toMatchObject({
        totalResults: 5_001,
        startIndex,
        itemsPerPage: Math.min(200, 5_002 - startIndex),
      });
      for (const { id } of body.Resources) ids.add(id);
    }
    expect(ids.size).toBe(5_001);
    const { body } = await list('Users', 'displayName eq "listed 1"', '&startIndex=2401&count=200');
    expect([body.totalResults, body.itemsPerPage]).toEqual([2_500, 100]);
  });
});

describe('a group', () => {
  const member = (id: string) => ({ value: id });

  it('is made, filled, renamed and removed, by the rules and with the events of groups', async () => {
    const directory = await connectDirectory(fixture);
    const { tenant, post, patch, get, list, apiKeyId } = directory;
    const first = await memberOf(directory);
    const second = await memberOf(directory);
    const { status, body } = await post(
      '/Groups',
      newGroup('Sales & Marketing', { externalId: 'g1', members: [member(first.id)] }),
    );
    expect(status).toBe(201);
    expect(body).toMatchObject({
      displayName: 'Sales & Marketing',
      externalId: 'g1',
      members: [member(first.id)],
    });
    const path = `/Groups/${body.id}`;
    expect((await post('/Groups', newGroup('sales & marketing'))).body).toMatchObject({
      status: '409',
      scimType: 'uniqueness',
    });
    expect(
      (await list('Groups', 'displayName eq "SALES & marketing"', '&excludedAttributes=members')).body
        .Resources,
    ).toEqual([expect.not.objectContaining({ members: expect.anything() })]);
    // Entra ID: adding and removing members, the latter in its own way.
    await patch(path, { op: 'Add', path: 'members', value: [member(second.id)] });
    expect((await get(path)).body.members.map(({ value }: { value: string }) => value)).toEqual([
      first.id,
      second.id,
    ]);
    expect((await get(`/Users/${second.id}`)).body.groups).toMatchObject([
      { value: body.id, display: 'Sales & Marketing' },
    ]);
    expect((await list('Groups', `id eq "${body.id}" and members eq "${second.id}"`)).body.totalResults).toBe(
      1,
    );
    await patch(path, { op: 'Remove', path: 'members', value: [member(first.id)] });
    await patch(path, { op: 'remove', path: `members[value eq "${second.id}"]` });
    expect((await get(path)).body.members).toEqual([]);
    // Okta: a name, and members as a whole.
    await patch(path, { op: 'replace', value: { id: body.id, displayName: 'Sales' } });
    const replaced = await patch(path, {
      op: 'replace',
      path: 'members',
      value: [member(first.id), member(second.id)],
    });
    expect(replaced.body).toMatchObject({
      displayName: 'Sales',
      members: [member(first.id), member(second.id)],
    });
    expect(
      (await directory.put(path, newGroup('Sales', { members: [member(second.id)] }))).body.members,
    ).toHaveLength(1);
    const events = await told('arthemiz.person.groups-changed.v1', tenant);
    expect(events.filter(({ personId }) => personId === first.person._id)).toMatchObject([
      { groupsAdded: ['Sales & Marketing'], groupsRemoved: [], changedBy: apiKeyId },
      { groupsAdded: [], groupsRemoved: ['Sales & Marketing'] },
      { groupsAdded: ['Sales'] },
      { groupsRemoved: ['Sales'] },
    ]);
    expect((await directory.delete(path)).status).toBe(204);
    expect((await get(`/Users/${second.id}`)).body.groups).toEqual([]);
    expect(await told('arthemiz.group.deleted.v1', tenant)).toHaveLength(1);
  });

  it('gives its roles to who enters it, as far as the key itself may', async () => {
    const directory = await connectDirectory(fixture);
    const { tenant, owner, patch } = directory;
    const weak = await connectDirectory(fixture, {
      tenant,
      owner,
      permissions: ['scim:write', 'check:read'],
    });
    const group = await fixture.group({ tenant, roles: ['operator'] });
    const { person, id } = await memberOf(directory);
    const enter = { op: 'add', path: 'members', value: [member(id)] };
    expect((await weak.patch(`/Groups/${group._id}`, enter)).body).toMatchObject({ status: '403' });
    expect(await standingOf(tenant, person._id)).not.toContain('check:write');
    expect((await patch(`/Groups/${group._id}`, enter)).status).toBe(200);
    expect(await standingOf(tenant, person._id)).toContain('check:write');
    expect(await told('arthemiz.person.roles-changed.v1', tenant)).toMatchObject([
      { rolesAdded: ['operator'] },
    ]);
    // Whoever is awaited holds what the group gives when they show up, and nothing before.
    const { body } = await directory.post('/Users', newUser(newAddress()));
    expect(
      (await patch(`/Groups/${group._id}`, { op: 'add', path: 'members', value: [member(body.id)] })).status,
    ).toBe(200);
    expect(await told('arthemiz.person.roles-changed.v1', tenant)).toHaveLength(1);
  });

  it('loses no member when many change it at once', async () => {
    const directory = await connectDirectory(fixture);
    const { body } = await directory.post('/Groups', newGroup('Crowd'));
    const members = [];
    for (let count = 0; count < 8; count += 1) members.push(await memberOf(directory));
    const answers = await Promise.all(
      members.map(({ id }) =>
        directory.patch(`/Groups/${body.id}`, { op: 'add', path: 'members', value: [member(id)] }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(members.map(() => 200));
    const { body: after } = await directory.get(`/Groups/${body.id}`);
    expect(after.members.map(({ value }: { value: string }) => value).sort()).toEqual(
      members.map(({ id }) => id).sort(),
    );
  });

  it('is refused in words where a request makes no sense', async () => {
    const { post, patch, send } = await connectDirectory(fixture);
    const { body } = await post('/Groups', newGroup('Plain'));
    const path = `/Groups/${body.id}`;
    const steps: [object, string][] = [
      [{ op: 'add', path: 'members', value: [member('mem_none')] }, 'invalidValue'],
      [{ op: 'add', path: 'members', value: [{ value: body.id, type: 'Group' }] }, 'invalidValue'],
      [{ op: 'add', path: 'members', value: [{ value: { $ne: '' } }] }, 'invalidValue'],
      [{ op: 'remove', path: 'members[display eq "x"]' }, 'invalidPath'],
      [{ op: 'replace', path: 'displayName', value: '' }, 'invalidValue'],
      [{ op: 'add', path: 'owners', value: [] }, 'invalidPath'],
    ];
    for (const [step, scimType] of steps)
      expect([step, (await patch(path, step)).body]).toMatchObject([step, { status: '400', scimType }]);
    expect((await post('/Groups', newGroup('x'.repeat(101)))).status).toBe(400);
    const stale = await send('DELETE', path, { headers: { 'if-match': 'W/"other"' } });
    expect(stale.status).toBe(412);
  });
});

describe('another tenant', () => {
  it('learns nothing and changes nothing, whatever it asks for', async () => {
    const mine = await connectDirectory(fixture);
    const other = await connectDirectory(fixture);
    const { id, user } = await memberOf(mine);
    const { body: group } = await mine.post(
      '/Groups',
      newGroup('Secret plans', { members: [{ value: id }], externalId: 'g' }),
    );
    await mine.patch(`/Users/${id}`, { op: 'replace', path: 'externalId', value: 'u' });
    const before = [(await mine.get(`/Users/${id}`)).body, (await mine.get(`/Groups/${group.id}`)).body];

    const ofOther = await other.post('/Groups', newGroup('Own'));
    const attempts = [
      other.get(`/Users/${id}`),
      other.put(`/Users/${id}`, newUser(user.userName)),
      other.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false }),
      other.delete(`/Users/${id}`),
      other.get(`/Groups/${group.id}`),
      other.put(`/Groups/${group.id}`, newGroup('Taken')),
      other.patch(`/Groups/${group.id}`, { op: 'remove', path: 'members' }),
      other.delete(`/Groups/${group.id}`),
    ];
    const none = await Promise.all([other.get('/Users/mem_none'), other.get('/Groups/grp_none')]);
    for (const { status, body } of await Promise.all(attempts))
      expect([status, body]).toEqual([404, none[0].body]);
    const entering = await other.patch(`/Groups/${ofOther.body.id}`, {
      op: 'add',
      path: 'members',
      value: [{ value: id }],
    });
    expect(entering.status).toBe(400);
    for (const filter of [
      `userName eq "${user.userName}"`,
      'externalId eq "u"',
      `id eq "${id}"`,
      `groups.value eq "${group.id}"`,
    ])
      expect([filter, (await other.list('Users', filter)).body.totalResults]).toEqual([filter, 0]);
    for (const filter of ['displayName eq "Secret plans"', 'externalId eq "g"', `members.value eq "${id}"`])
      expect([filter, (await other.list('Groups', filter)).body.totalResults]).toEqual([filter, 0]);
    expect((await other.get('/Users')).body.totalResults).toBe(1);
    const after = [(await mine.get(`/Users/${id}`)).body, (await mine.get(`/Groups/${group.id}`)).body];
    expect(after).toEqual(before);
  });
});
