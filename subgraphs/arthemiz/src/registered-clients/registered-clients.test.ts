// Applications of third parties, registered by an independent client: from the registration to tokens, and what nobody gets.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import type { PersonRow } from '../people/model.ts';
import {
  audience,
  beginCodeFlow,
  type CodeFlow,
  exchange,
  type Fixture,
  issuer,
  password,
  signIn,
  startFixture,
} from '../testing/fixture.ts';
import { callback, openRegistration, registerApplication } from '../testing/registration-client.ts';
import { maximumRegisteredClients } from './rules.ts';

let fixture: Fixture;
let registrar: Awaited<ReturnType<typeof openRegistration>>;
let member: PersonRow;
beforeAll(async () => {
  fixture = await startFixture();
  registrar = await openRegistration(fixture);
  member = await fixture.person({ tenants: [registrar.tenant], role: 'viewer' });
});
afterAll(() => fixture?.stop());

const application = (metadata: Record<string, unknown> = {}) =>
  registerApplication(fixture, registrar.secret, metadata);

/** The flow of an application that asks for no more than it needs to, unless told. */
async function begin(
  config: client.Configuration,
  more: Record<string, string> = {},
  given: Partial<CodeFlow> = {},
) {
  const wanted = { redirect_uri: callback, scope: 'openid', ...more };
  const flow = await beginCodeFlow(fixture, wanted, { ...given, config });
  if (more.prompt === undefined) flow.url.searchParams.delete('prompt');
  return flow;
}

/** Through the sign-in and the page that asks for consent. */
async function letIn(flow: CodeFlow, { email }: PersonRow = member) {
  await flow.browser.open(flow.url);
  const page = await flow.browser.submit({ email, password });
  return { page, back: await flow.browser.submit() };
}

async function send(method: string, url: string, { token, body }: { token?: string; body?: unknown } = {}) {
  const response = await fixture.publicFetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}
const endpoint = `${issuer}/register`;
const register = (token: string | undefined, body: unknown) =>
  send('POST', endpoint, { ...(token === undefined ? {} : { token }), body });
const wanted = { client_name: 'Ticket desk', redirect_uris: [callback] };

describe('an application that registers itself', () => {
  it('gets tokens of a member who lets it act for them, and asks them once in their session', async () => {
    const config = await application({ grant_types: ['authorization_code', 'refresh_token'] });
    const flow = await begin(config);
    const { page, back } = await letIn(flow);
    expect(page.text).toMatch(/Allow Ticket desk\?/);
    expect(page.text).toContain('desk.example');
    expect(page.text).toContain(registrar.tenant.name);
    const tokens = await exchange(flow, back);
    expect(tokens.claims()?.sub).toBe(member._id);
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      client_id: config.clientMetadata().client_id,
      tenant: registrar.tenant._id,
      aud: audience,
    });
    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', {
      resource: audience,
    });
    expect(decodeJwt(renewed.access_token).sub).toBe(member._id);

    const { browser } = flow;
    const again = await begin(config, {}, { browser });
    expect((await browser.open(again.url)).url.href).toMatch(/^https:\/\/desk\.example\/callback\?code=/);
    const more = await begin(config, { scope: 'openid email' }, { browser });
    expect((await browser.open(more.url)).text).toMatch(/read your e-mail address/);

    const told = await fixture.service.connection
      .collection('outbox')
      .find({ 'event.type': 'arthemiz.consent.given.v1', 'event.subject': member._id })
      .toArray();
    // Once for each time that they were asked and said yes, and in no other case.
    expect(told.map(({ event }) => event.data)).toMatchObject([
      { clientId: config.clientMetadata().client_id, scope: 'openid' },
    ]);

    const sessions = await browser.open(`${issuer}/account/sessions`);
    expect(sessions.text).toContain('Ticket desk');
  });

  it('gets nothing where the person says no, or was not asked', async () => {
    const config = await application();
    const flow = await begin(config);
    await flow.browser.open(flow.url);
    await flow.browser.submit({ email: member.email, password });
    const refused = await flow.browser.submit({ action: 'cancel' });
    expect(refused.url.searchParams.get('error')).toBe('access_denied');
    const silent = await begin(config, { prompt: 'none' }, { browser: flow.browser });
    const { url } = await flow.browser.open(silent.url);
    expect([url.searchParams.get('error'), url.searchParams.has('code')]).toEqual([
      expect.any(String),
      false,
    ]);
    const sessions = await inTenant(registrar.tenant._id, () =>
      fixture.models.OidcArtifact.countDocuments({ clientId: config.clientMetadata().client_id }),
    );
    expect(sessions).toBe(0);
  });

  it('lets nobody in who is no member of its tenant, or signed in to another one', async () => {
    const config = await application();
    const elsewhere = await fixture.tenant();
    const stranger = await fixture.person({ tenants: [elsewhere] });
    const flow = await begin(config);
    await flow.browser.open(flow.url);
    const refused = await flow.browser.submit({ email: stranger.email, password });
    expect([refused.status, refused.text]).toEqual([403, expect.stringMatching(/no member of/)]);

    const { browser } = await signIn(fixture, stranger.email);
    await fixture.join({ person: stranger, tenant: registrar.tenant, role: 'viewer' });
    const second = await begin(config, {}, { browser });
    expect((await browser.open(second.url)).text).toMatch(/current-password/);
    const page = await browser.submit({ email: stranger.email, password });
    expect(page.text).toMatch(/Allow Ticket desk\?/);
    const tokens = await exchange(second, await browser.submit());
    expect(decodeJwt(tokens.access_token).tenant).toBe(registrar.tenant._id);
  });

  it('without a secret has to use PKCE, and goes to its own addresses alone', async () => {
    const loopback = 'http://127.0.0.1:49152/callback';
    const config = await application({
      ...{ token_endpoint_auth_method: 'none', application_type: 'native', redirect_uris: [loopback] },
    });
    expect(config.clientMetadata().client_secret).toBeUndefined();
    const flow = await begin(config, { redirect_uri: loopback });
    const { page, back } = await letIn(flow);
    expect(page.text).toMatch(/Allow Ticket desk\?/);
    expect((await exchange(flow, back)).access_token).toBeTruthy();

    const plain = await begin(config, { redirect_uri: loopback });
    plain.url.searchParams.delete('code_challenge');
    plain.url.searchParams.delete('code_challenge_method');
    expect((await plain.browser.open(plain.url)).url.searchParams.get('error')).toBe('invalid_request');
    const astray = await begin(config, { redirect_uri: 'https://evil.test/' });
    expect((await astray.browser.open(astray.url)).status).toBe(400);
  });

  it('proves itself by its secret and by no other', async () => {
    const config = await application();
    const id = String(config.clientMetadata().client_id);
    const guessing = await fixture.configure(id, client.ClientSecretPost('x'.repeat(43)));
    const flow = await begin(config);
    const { back } = await letIn(flow);
    await expect(exchange({ ...flow, config: guessing }, back)).rejects.toMatchObject({ status: 401 });
    expect((await exchange(flow, back)).access_token).toBeTruthy();
  });
});

describe('registering', () => {
  it('takes the permission, and says no more than that', async () => {
    const { serviceClient } = fixture;
    const robot = await serviceClient({ tenant: registrar.tenant });
    const config = await fixture.configure(robot.id, client.ClientSecretBasic(robot.secret));
    const { access_token: viewer } = await client.clientCredentialsGrant(config);
    for (const [token, status] of [
      [undefined, 401],
      ['nonsense', 401],
      [`${registrar.secret.slice(0, -1)}`, 401],
      [viewer, 403],
    ] as const) {
      expect((await register(token, wanted)).status).toBe(status);
    }
    const owner = await fixture.person({ tenants: [registrar.tenant] });
    const { tokens } = await signIn(fixture, owner.email);
    expect((await register(tokens.access_token, wanted)).status).toBe(201);
  });

  it.each([
    [{ redirect_uris: [] }, 'invalid_redirect_uri'],
    [{ redirect_uris: ['http://desk.example/callback'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: ['https://*.desk.example/callback'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: ['https://desk.example/callback#x'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: ['https://user@desk.example/callback'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: ['http://127.0.0.1.desk.example/callback'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: ['javascript:alert(1)'] }, 'invalid_redirect_uri'],
    [{ client_name: '' }, 'invalid_client_metadata'],
    [{ client_name: 'cONSOLE ' }, 'invalid_client_metadata'],
    [{ client_name: 'Desk\u202etop' }, 'invalid_client_metadata'],
    [{ grant_types: ['client_credentials'] }, 'invalid_client_metadata'],
    [{ grant_types: ['refresh_token'] }, 'invalid_client_metadata'],
    [{ response_types: ['token'] }, 'invalid_client_metadata'],
    [{ scope: 'openid admin' }, 'invalid_client_metadata'],
    [{ token_endpoint_auth_method: 'private_key_jwt' }, 'invalid_client_metadata'],
    [{ backchannel_logout_uri: 'http://desk.example/logout' }, 'invalid_client_metadata'],
    [{ jwks_uri: 'https://desk.example/jwks' }, 'invalid_client_metadata'],
  ])('refuses %j', async (metadata, error) => {
    const { status, body } = await register(registrar.secret, { ...wanted, ...metadata });
    expect([status, body.error]).toEqual([400, error]);
  });

  it('is for so many clients in a tenant, also when several come at once', async () => {
    const full = await openRegistration(fixture);
    const one = (await register(full.secret, wanted)).body;
    const { RegisteredClient } = fixture.models;
    await inTenant(full.tenant._id, async () => {
      const row = await RegisteredClient.findOne({ _id: one.client_id }).lean();
      const { _id: _, ...rest } = row ?? {};
      const count = maximumRegisteredClients - 2;
      await RegisteredClient.create(Array.from({ length: count }, () => ({ ...rest })));
    });
    const answers = await Promise.all([1, 2, 3].map(() => register(full.secret, wanted)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400, 400]);
  });
});

describe('a registration access token', () => {
  it('reads, changes and removes its client and no other; what was granted goes with it', async () => {
    const grantTypes = { grant_types: ['authorization_code', 'refresh_token'] };
    const { body: own } = await register(registrar.secret, { ...wanted, ...grantTypes });
    const { body: other } = await register(registrar.secret, wanted);
    const { registration_client_uri: uri, registration_access_token: token, client_id: id } = own;
    for (const foreign of [other.registration_access_token, registrar.secret, 'nonsense'])
      for (const method of ['GET', 'DELETE']) {
        const { status, headers } = await send(method, uri, { token: foreign });
        expect([status, headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer /)]);
      }
    const stored = JSON.stringify(
      await inTenant(registrar.tenant._id, () => fixture.models.RegisteredClient.find().lean()),
    );
    expect(stored).toContain(id);
    for (const secret of [own.client_secret, token]) expect(stored).not.toContain(secret);

    const read = await send('GET', uri, { token });
    expect(read.body).toMatchObject({ client_id: id, client_name: 'Ticket desk', redirect_uris: [callback] });
    expect(read.body).not.toHaveProperty('client_secret');
    const change = { client_id: id, ...wanted, ...grantTypes, client_name: 'Help desk' };
    expect((await send('PUT', uri, { token, body: { ...change, client_id: 'app_x' } })).status).toBe(400);
    expect((await send('PUT', uri, { token, body: { ...change, client_secret: 'x' } })).status).toBe(400);
    const changed = await send('PUT', uri, { token, body: { ...change, client_secret: own.client_secret } });
    expect([changed.status, changed.body.client_name]).toEqual([200, 'Help desk']);

    const config = await fixture.configure(id, client.ClientSecretBasic(own.client_secret));
    const flow = await begin(config);
    const { page, back } = await letIn(flow);
    expect(page.text).toMatch(/Allow Help desk\?/);
    const tokens = await exchange(flow, back);
    expect((await send('DELETE', uri, { token })).status).toBe(204);
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toThrow();
    expect((await send('GET', uri, { token })).status).toBe(401);
    expect(await fixture.models.OidcArtifact.countDocuments({ clientId: id })).toBe(0);
  });

  it('comes with an event that tells the tenant who registered what, and no secret', async () => {
    const { body } = await register(registrar.secret, wanted);
    const outbox = fixture.service.connection.collection('outbox');
    const entries = await outbox.find({ 'event.subject': body.client_id }).toArray();
    expect(entries.map(({ event }) => [event.type, event.tenantid, event.data])).toEqual([
      [
        'arthemiz.registered-client.created.v1',
        registrar.tenant._id,
        {
          clientId: body.client_id,
          name: 'Ticket desk',
          redirectUris: [callback],
          changedBy: registrar.apiKeyId,
        },
      ],
    ]);
  });
});

describe('the tenant', () => {
  const list = `{
    registeredClients { nodes {
      id name redirectUris applicationType authenticationMethod scopes createdBy createdByName peopleCount lastUsedAt
    } }
  }`;
  const removal = `mutation ($id: ID!) {
    removeRegisteredClient(input: { id: $id }) { removedRegisteredClientId errors { __typename } }
  }`;
  const permissions = ['registered-client:read', 'registered-client:write', 'person:read'];

  it('sees its applications and whom they act for, and ends one with all that it was granted', async () => {
    const own = await openRegistration(fixture);
    const viewer = { subject: 'per_owner', tenantId: own.tenant._id, permissions };
    const person = await fixture.person({ tenants: [own.tenant] });
    const renewing = { grant_types: ['authorization_code', 'refresh_token'] };
    const config = await registerApplication(fixture, own.secret, renewing);
    const id = String(config.clientMetadata().client_id);
    const facts = {
      ...{ id, name: 'Ticket desk', redirectUris: [callback], applicationType: 'WEB' },
      ...{ authenticationMethod: 'client_secret_post', createdBy: own.apiKeyId },
      ...{ scopes: ['openid', 'offline_access', 'profile', 'email'], createdByName: expect.any(String) },
    };
    expect((await fixture.execute(list, { viewer })).data?.registeredClients).toEqual({
      nodes: [{ ...facts, peopleCount: 0, lastUsedAt: null }],
    });
    const flow = await begin(config);
    const { back } = await letIn(flow, person);
    const tokens = await exchange(flow, back);
    expect((await fixture.execute(list, { viewer })).data?.registeredClients).toEqual({
      nodes: [{ ...facts, peopleCount: 1, lastUsedAt: expect.any(String) }],
    });

    const elsewhere = { ...viewer, tenantId: registrar.tenant._id };
    const refused = { removedRegisteredClientId: null, errors: [{ __typename: 'RegisteredClientNotFound' }] };
    const variables = { id };
    const attempt = await fixture.execute(removal, { viewer: elsewhere, variables });
    expect(attempt.data?.removeRegisteredClient).toEqual(refused);
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).resolves.toBeTruthy();

    const answers = await Promise.all([1, 2].map(() => fixture.execute(removal, { viewer, variables })));
    expect(answers.map(({ data }) => data?.removeRegisteredClient.removedRegisteredClientId).sort()).toEqual([
      id,
      null,
    ]);
    expect((await fixture.execute(list, { viewer })).data?.registeredClients).toEqual({ nodes: [] });
    expect(await fixture.models.OidcArtifact.countDocuments({ clientId: id })).toBe(0);
    const outbox = fixture.service.connection.collection('outbox');
    const told = await outbox
      .find({ 'event.subject': id, 'event.type': 'arthemiz.registered-client.deleted.v1' })
      .toArray();
    expect(told.map(({ event }) => event.data.changedBy)).toEqual(['per_owner']);
  });
});
