// Back-channel logout at a real receiver: who hears of a session's end, what they hear, and what becomes of those that don't.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acrossTenants } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import type * as client from 'openid-client';
import type { PersonRow } from '../people/model.ts';
import { beginCodeFlow, exchange, type Fixture, issuer, password, startFixture } from '../testing/fixture.ts';
import { type LogoutReceiver, startLogoutReceiver } from '../testing/logout-receiver.ts';
import { callback, openRegistration, registerApplication } from '../testing/registration-client.ts';
import { giveUpAfterMs, retryDelayMs } from './rules.ts';

let receiver: LogoutReceiver;
let fixture: Fixture;
let registrar: Awaited<ReturnType<typeof openRegistration>>;
let member: PersonRow;
beforeAll(async () => {
  receiver = await startLogoutReceiver();
  fixture = await startFixture({
    TENANT_TARGET_NETWORKS: JSON.stringify(['127.0.0.0/8']),
    LOGOUT_POLL_MS: '10',
  });
  registrar = await openRegistration(fixture);
  member = await fixture.person({ tenants: [registrar.tenant], role: 'viewer' });
});
afterAll(async () => {
  await fixture?.stop();
  await receiver?.stop();
});

const listening = (metadata: Record<string, unknown> = {}) =>
  registerApplication(fixture, registrar.secret, { backchannel_logout_uri: receiver.url, ...metadata });

/** The member signs in to an application, in a browser of their own unless told. */
async function enter(config: client.Configuration, browser = fixture.browser()) {
  const wanted = { redirect_uri: callback, scope: 'openid' };
  const flow = await beginCodeFlow(fixture, wanted, { config, browser });
  const page = await browser.open(flow.url);
  if (/current-password/.test(page.text)) await browser.submit({ email: member.email, password });
  const tokens = await exchange(flow, await browser.submit());
  return { browser, tokens, clientId: String(config.clientMetadata().client_id) };
}

const end = (id: unknown) =>
  fixture.execute(
    'mutation ($input: EndSessionInput!) { endSession(input: $input) { sessionId errors { message } } }',
    {
      viewer: { subject: member._id, tenantId: registrar.tenant._id, permissions: [] },
      variables: { input: { id } },
    },
  );

const audiences = () => receiver.tokens.map((token) => decodeJwt(token).aud);
const hearing = (clientId: string) =>
  eventually(() => {
    const token = receiver.tokens.find((one) => decodeJwt(one).aud === clientId);
    if (token === undefined) throw new Error('The client has heard nothing yet.');
    return token;
  });

const waiting = (clientId: string) =>
  acrossTenants('a test looks at what waits', () => fixture.models.LogoutNotice.find({ clientId }).lean());
const change = (clientId: string, fields: object) =>
  acrossTenants('a test makes time pass', () =>
    fixture.models.LogoutNotice.updateMany({ clientId }, { $set: fields }),
  );

/** An attempt was made and noted: until then a copy keeps the notice for longer than that. */
const failed = (clientId: string) =>
  eventually(async () => {
    const [notice] = await waiting(clientId);
    return notice !== undefined && notice.attempts > 0 && notice.dueAt.getTime() < Date.now() + 10_000;
  });

describe('a session that ends', () => {
  it('is told to the clients that were in it, by a logout token that anybody can verify, and to no others', async () => {
    const inIt = await enter(await listening());
    const elsewhere = await enter(await listening());
    const without = await listening();
    const sid = inIt.tokens.claims()?.sid;
    expect(sid).toBe(decodeJwt(inIt.tokens.access_token).sid);
    expect((await end(sid)).data?.endSession.errors).toEqual([]);

    const token = await hearing(inIt.clientId);
    const jwks = await (await fixture.publicFetch(`${issuer}/jwks`)).json();
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(jwks), {
      ...{ issuer, audience: inIt.clientId, typ: 'logout+jwt', algorithms: ['ES256'] },
      requiredClaims: ['iat', 'exp', 'jti'],
    });
    expect(protectedHeader.typ).toBe('logout+jwt');
    expect(payload).toMatchObject({
      ...{ sub: member._id, sid },
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    expect(payload).not.toHaveProperty('nonce');
    expect(receiver.contentTypes[0]).toBe('application/x-www-form-urlencoded');

    await eventually(async () => expect(await waiting(inIt.clientId)).toEqual([]));
    expect(await waiting(elsewhere.clientId)).toEqual([]);
    expect(audiences()).not.toContain(elsewhere.clientId);
    expect(audiences()).not.toContain(without.clientMetadata().client_id);
  });

  it('by signing out is told to all clients of that browser', async () => {
    const first = await enter(await listening());
    const second = await enter(await listening(), first.browser);
    await first.browser.open(`${issuer}/logout`);
    await first.browser.submit({ logout: 'yes' });
    for (const { clientId, tokens } of [first, second])
      expect(decodeJwt(await hearing(clientId)).sid).toBe(tokens.claims()?.sid);
  });
});

describe('a client that does not hear', () => {
  it('is told again under the same jti until it does', async () => {
    receiver.answer(503);
    const { clientId, tokens } = await enter(await listening());
    await end(tokens.claims()?.sid);
    const refused = decodeJwt(await hearing(clientId));
    await failed(clientId);
    receiver.answer(204);
    await change(clientId, { dueAt: new Date(0) });
    await eventually(async () => expect(await waiting(clientId)).toEqual([]));
    const heard = receiver.tokens.map((token) => decodeJwt(token)).filter(({ aud }) => aud === clientId);
    expect(heard.length).toBeGreaterThan(1);
    expect(new Set(heard.map(({ jti }) => jti))).toEqual(new Set([refused.jti]));
  });

  it('because nobody listens holds up no other, and is given up after a day', async () => {
    const deaf = await enter(await listening({ backchannel_logout_uri: 'http://127.0.0.1:9/logout' }));
    const other = await enter(await listening(), deaf.browser);
    await end(other.tokens.claims()?.sid);
    await hearing(other.clientId);
    await failed(deaf.clientId);
    await change(deaf.clientId, { dueAt: new Date(0), giveUpAt: new Date(0) });
    await eventually(async () => expect(await waiting(deaf.clientId)).toEqual([]));
  });

  it('waits longer each time, with jitter', () => {
    expect(giveUpAfterMs).toBe(86_400_000);
    expect([1, 2, 3, 4, 5, 50].map((attempts) => retryDelayMs(attempts, 0.5))).toEqual([
      5_000, 30_000, 120_000, 600_000, 1_800_000, 1_800_000,
    ]);
    expect([retryDelayMs(1, 0), retryDelayMs(1, 1)]).toEqual([2_500, 7_500]);
  });
});
