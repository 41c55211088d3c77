// Token exchange by an independent client. What exchanged tokens are worth at the API is tried in gateway/src/grants.
import { createHmac, createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, generateKeyPair, importJWK, type JWTPayload, SignJWT } from 'jose';
import * as client from 'openid-client';
import { partsOf } from '../parts.ts';
import type { PersonRow } from '../people/model.ts';
import { defaultRoles } from '../roles/rules.ts';
import type { TenantRow } from '../tenants/model.ts';
import { audience, type Fixture, issuer, signIn, startFixture } from '../testing/fixture.ts';
import { accessTokenType, tokenExchange } from './rules.ts';

const deputy = {
  name: 'deputy',
  permissions: ['token:exchange', 'check:write', 'role:write'],
} as const;

let fixture: Fixture;
let tenant: TenantRow;
let person: PersonRow;
let service: client.Configuration;
let serviceId: string;
let tokens: Awaited<ReturnType<typeof signIn>>['tokens'];
beforeAll(async () => {
  fixture = await startFixture();
  tenant = await fixture.tenant({ roles: [...defaultRoles, deputy] });
  person = await fixture.person({ tenants: [tenant], role: 'operator' });
  ({ tokens } = await signIn(fixture, person.email));
  ({ id: serviceId, config: service } = await newService({ tenant, role: 'deputy' }));
});
afterAll(() => fixture?.stop());

async function newService(given: { tenant: TenantRow; role?: string }) {
  const { id, secret } = await fixture.serviceClient(given);
  return { id, config: await fixture.configure(id, client.ClientSecretBasic(secret)) };
}

function exchange(more: Record<string, string> = {}, config = service) {
  const subject = { subject_token: tokens.access_token, subject_token_type: accessTokenType };
  return client.genericGrantRequest(config, tokenExchange, { ...subject, ...more });
}

/** The person's token with other claims, signed with the issuer's own key unless another is given. */
async function changed(
  claims: JWTPayload,
  { key, typ = 'at+jwt' }: { key?: CryptoKey; typ?: string } = {},
): Promise<string> {
  const { signing } = partsOf(fixture.service).keys.current();
  return new SignJWT({ ...decodeJwt(tokens.access_token), ...claims })
    .setProtectedHeader({ alg: 'ES256', typ, kid: signing.kid })
    .sign(key ?? (await importJWK(signing, 'ES256')));
}

const head = (header: object) => Buffer.from(JSON.stringify(header)).toString('base64url');

/** What everybody can make, and a verifier takes that lets a token choose its algorithm. */
async function keyedWithPublicKey(): Promise<string> {
  const { keys } = await (await fixture.publicFetch(`${issuer}/jwks`)).json();
  const signed = `${head({ alg: 'HS256', typ: 'at+jwt', kid: keys[0].kid })}.${tokens.access_token.split('.')[1]}`;
  const pem = createPublicKey({ key: keys[0], format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  return `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`;
}

const seconds = () => Math.floor(Date.now() / 1_000);
const invalid = { error: 'invalid_request', status: 400 };

describe('a service that got a person’s access token', () => {
  it('gets one to act for them in their session, within the rights of both', async () => {
    const answer = await exchange();
    expect(answer).toMatchObject({
      issued_token_type: accessTokenType,
      token_type: 'bearer',
      scope: 'openid',
    });
    expect(answer.refresh_token).toBeUndefined();
    const told = await fixture.service.connection
      .collection('outbox')
      .find({ 'event.type': 'arthemiz.token.exchanged.v1', 'event.tenantid': tenant._id })
      .toArray();
    expect(told.map(({ event }) => event.data)).toMatchObject([
      { personId: person._id, clientId: serviceId, scope: 'openid', ipAddress: '198.51.100.1' },
    ]);
    const { sid, amr, auth_time, acr } = decodeJwt(tokens.access_token);
    expect(decodeJwt(answer.access_token)).toMatchObject({
      ...{ iss: issuer, aud: audience, sub: person._id, client_id: serviceId, act: { sub: serviceId } },
      ...{ tenant: tenant._id, roles: [], entitlements: ['check:write'] },
      ...{ sid, amr, auth_time, acr },
    });
  });

  it('has it for five minutes, and never longer than theirs', async () => {
    const lifetimeOf = async (token: string) => {
      const { access_token, expires_in } = await exchange({ subject_token: token });
      const { iat = 0, exp = 0 } = decodeJwt(access_token);
      expect(expires_in).toBe(exp - iat);
      return { exp, expires_in };
    };
    expect((await lifetimeOf(tokens.access_token)).expires_in).toBe(300);
    const exp = seconds() + 120;
    expect((await lifetimeOf(await changed({ exp }))).exp).toBeLessThanOrEqual(exp);
  });

  it('may ask for less, and for nothing else', async () => {
    const profile = await changed({ scope: 'openid profile offline_access' });
    const subject = { subject_token: profile };
    expect((await exchange(subject)).scope).toBe('openid profile');
    const narrower = await exchange({ ...subject, scope: 'openid', resource: audience, audience });
    expect(decodeJwt(narrower.access_token)).toMatchObject({ scope: 'openid', aud: audience });
    for (const scope of ['openid email', 'offline_access'])
      await expect(exchange({ ...subject, scope })).rejects.toMatchObject({ error: 'invalid_scope' });
    for (const [target, elsewhere] of [
      ['resource', 'https://elsewhere.test/'],
      ['audience', 'elsewhere'],
    ] as const)
      await expect(exchange({ [target]: elsewhere })).rejects.toMatchObject({ error: 'invalid_target' });
  });
});

describe('a token exchange', () => {
  it.each([
    ['an ID token', async () => tokens.id_token ?? ''],
    ['a refresh token', async () => tokens.refresh_token ?? ''],
    ['a token of another key', async () => changed({}, { key: (await generateKeyPair('ES256')).privateKey })],
    ['an ID token in an access token’s place', () => changed({ aud: 'explorer' }, { typ: 'JWT' })],
    ['a logout token', () => changed({}, { typ: 'logout+jwt' })],
    [
      'no signature',
      async () => `${head({ alg: 'none', typ: 'at+jwt' })}.${tokens.access_token.split('.')[1]}.`,
    ],
    ['an HMAC that is keyed with the public key', () => keyedWithPublicKey()],
    ['an expired token', () => changed({ exp: seconds() - 1 })],
    ['a token for another API', () => changed({ aud: 'https://elsewhere.test/' })],
    ['another issuer’s token', () => changed({ iss: 'https://elsewhere.test' })],
    ['another tenant’s token', async () => changed({ tenant: (await fixture.tenant())._id })],
    ['another person’s name', async () => changed({ sub: (await fixture.member(tenant))._id })],
    ['a token of a session that never was', () => changed({ sid: 'ses_none' })],
    ['a token that is bound to a key', () => changed({ cnf: { jkt: 'thumbprint' } })],
    ['a token that was exchanged already', async () => (await exchange()).access_token],
    ['a program’s own token', async () => (await client.clientCredentialsGrant(service)).access_token],
  ])('refuses %s', async (_, subjectToken) => {
    await expect(exchange({ subject_token: await subjectToken() })).rejects.toMatchObject(invalid);
  });

  it('says what is wrong about a request', async () => {
    const idToken = 'urn:ietf:params:oauth:token-type:id_token';
    for (const [wrong, error_description] of [
      [{ subject_token: '' }, /subject_token/],
      [{ subject_token_type: idToken }, /subject_token_type/],
      [{ requested_token_type: idToken }, /requested_token_type/],
      [{ actor_token: tokens.access_token, actor_token_type: accessTokenType }, /actor_token/],
    ] as const)
      await expect(exchange(wrong)).rejects.toMatchObject({
        ...invalid,
        error_description: expect.stringMatching(error_description),
      });
    const DPoP = client.getDPoPHandle(service, await client.randomDPoPKeyPair('ES256'));
    const parameters = { subject_token: tokens.access_token, subject_token_type: accessTokenType };
    await expect(
      client.genericGrantRequest(service, tokenExchange, parameters, { DPoP }),
    ).rejects.toMatchObject(invalid);
  });

  it('is for service clients whose roles allow it, with their own people’s tokens', async () => {
    const elsewhere = await fixture.tenant({ roles: [...defaultRoles, deputy] });
    const stranger = await newService({ tenant: elsewhere, role: 'deputy' });
    await expect(exchange({}, stranger.config)).rejects.toMatchObject(invalid);
    const { config } = await newService({ tenant: elsewhere, role: 'operator' });
    await expect(exchange({}, config)).rejects.toMatchObject({ error: 'unauthorized_client' });
    const explorer = await fixture.configure('explorer');
    await expect(exchange({}, explorer)).rejects.toMatchObject(invalid);
  });

  it('asks of the person what their tenant asks of everybody by then', async () => {
    const demand = (secondFactorRequired: boolean) =>
      fixture.models.Tenant.updateOne({ _id: tenant._id }, { $set: { secondFactorRequired } });
    await demand(true);
    await expect(exchange()).rejects.toMatchObject(invalid);
    await demand(false);
    await exchange();
  });
});

describe('whoever acts for somebody', () => {
  const actingViewer = () => ({
    ...{ subject: person._id, tenantId: tenant._id, clientId: serviceId, actorId: serviceId },
    permissions: ['api-key:write', 'service-client:write', 'person:read'],
  });

  it('reads, and changes nothing of who may do what', async () => {
    const viewer = actingViewer();
    const run = (query: string, as: object = viewer) => fixture.execute(query, { viewer: as });
    expect((await run('{ viewer { id } }')).data).toEqual({ viewer: { id: person._id } });
    const key = '{ createApiKey(input: { name: "Mine", permissions: ["person:read"] }) { apiKey { id } } }';
    for (const mutation of [
      key,
      '{ createServiceClient(input: { name: "Mine", roleIds: [] }) { serviceClient { id } } }',
      '{ endOtherSessions { errors { message } } }',
    ]) {
      const { errors = [] } = await run(`mutation ${mutation}`);
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
    const { data } = await run(`mutation ${key}`, { ...viewer, actorId: undefined });
    expect(data.createApiKey.apiKey.id).toMatch(/^key_/);
  });

  it('is let in by no directory', async () => {
    const ask = (token: string) =>
      fixture.publicFetch(`${issuer}/scim/v2/Users`, { headers: { authorization: `Bearer ${token}` } });
    expect((await ask((await exchange()).access_token)).status).toBe(401);
    expect((await ask(tokens.access_token)).status).not.toBe(401);
  });
});

describe('a person', () => {
  it('is acted for no more when their session has ended, or they have left', async () => {
    await fixture.leave({ person, tenant });
    await expect(exchange()).rejects.toMatchObject(invalid);
    await fixture.join({ person, tenant, role: 'operator' });
    await exchange();
    const { sid } = decodeJwt(tokens.access_token);
    const { data } = await fixture.execute(
      'mutation ($id: ID!) { endSession(input: { id: $id }) { errors { message } } }',
      { viewer: { subject: person._id, tenantId: tenant._id }, variables: { id: sid } },
    );
    expect(data).toEqual({ endSession: { errors: [] } });
    await expect(exchange()).rejects.toMatchObject(invalid);
  });
});
