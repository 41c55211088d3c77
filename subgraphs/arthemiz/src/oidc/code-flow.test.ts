import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { noteVerified } from '../people/verifying.ts';
import { type AccessAsker, openAccess } from '../testing/access-client.ts';
import {
  audience,
  beginCodeFlow,
  exchange,
  explorerUrl,
  type Fixture,
  issuer,
  origin,
  password,
  secureOrigin,
  signIn,
  startFixture,
} from '../testing/fixture.ts';

let fixture: Fixture;
let access: AccessAsker;
beforeAll(async () => {
  fixture = await startFixture();
  access = openAccess(fixture);
});
afterAll(async () => {
  access?.close();
  await fixture?.stop();
});

async function newPerson(role = 'owner') {
  const tenant = await fixture.tenant();
  return { tenant, person: await fixture.person({ tenants: [tenant], role }) };
}

describe('discovery', () => {
  it.each([origin, secureOrigin])('names the endpoints at the origin that was asked, %s', async (at) => {
    const response = await fixture.publicFetch(`${at}/auth/.well-known/openid-configuration`);
    expect(await response.json()).toMatchObject({
      issuer,
      authorization_endpoint: `${at}/auth/authorize`,
      token_endpoint: `${at}/auth/token`,
      jwks_uri: `${at}/auth/jwks`,
      userinfo_endpoint: `${at}/auth/userinfo`,
      revocation_endpoint: `${at}/auth/revoke`,
      introspection_endpoint: `${at}/auth/introspect`,
      end_session_endpoint: `${at}/auth/logout`,
      code_challenge_methods_supported: ['S256'],
      response_types_supported: ['code'],
    });
  });

  it('does not believe a host that is none of ours', async () => {
    const response = await fixture.publicFetch('https://evil.test/auth/.well-known/openid-configuration');
    expect(await response.json()).toMatchObject({ token_endpoint: `${origin}/auth/token` });
  });
});

describe('an address below the issuer that leads nowhere', () => {
  it.each(['', '?x=1', '/', '/nowhere', '/sign-in/'])('is not found or not possible: %j', async (path) => {
    const { status } = await fixture.publicFetch(`${issuer}${path}`, { headers: { accept: 'text/html' } });
    expect([400, 404]).toContain(status);
  });
});

describe('signing in by authorization code with PKCE', () => {
  it('gives an access token with the tenant, roles and permissions of the person', async () => {
    const { tenant, person } = await newPerson('viewer');
    const flow = await beginCodeFlow(fixture);
    expect((await flow.browser.open(flow.url)).status).toBe(200);
    const back = await flow.browser.submit({ email: ` ${person.email.toUpperCase()} `, password });
    expect(back.url.href.startsWith(`${explorerUrl}?code=`)).toBe(true);
    const tokens = await exchange(flow, back);

    expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    const keys = createLocalJWKSet(await (await fixture.publicFetch(`${issuer}/jwks`)).json());
    const { payload } = await jwtVerify(tokens.access_token, keys, { issuer, audience, typ: 'at+jwt' });
    expect(payload).toMatchObject({
      sub: person._id,
      client_id: 'explorer',
      tenant: tenant._id,
      roles: ['viewer'],
      entitlements: [
        ...['alert-rule:read', 'alert:read', 'check:read', 'incident:read'],
        ...['maintenance-window:read', 'metric:read', 'person:read', 'service:read'],
        ...['silence:read', 'slo:read', 'tenant:read'],
      ],
      scope: 'openid offline_access',
      jti: expect.any(String),
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(900);
    // RFC 9068, 2.2, and ours; nothing that tells more of a person to every API that sees the token.
    expect(Object.keys(payload).sort()).toEqual([
      'acr',
      'amr',
      'aud',
      'auth_time',
      'client_id',
      'entitlements',
      'exp',
      'iat',
      'iss',
      'jti',
      'roles',
      'scope',
      'sid',
      'sub',
      'tenant',
    ]);
    expect(tokens.claims()).toMatchObject({ sub: person._id, aud: 'explorer' });
  });

  it('publishes no private part of a key', async () => {
    const { keys } = await (await fixture.publicFetch(`${issuer}/jwks`)).json();
    expect(keys).toHaveLength(1);
    for (const key of keys)
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });

  it('is for the API when the request names no resource', async () => {
    const { person } = await newPerson();
    const flow = await beginCodeFlow(fixture);
    flow.url.searchParams.delete('resource');
    await flow.browser.open(flow.url);
    const tokens = await exchange(flow, await flow.browser.submit({ email: person.email, password }), {});
    expect(decodeJwt(tokens.access_token).aud).toBe(audience);
  });

  it('tells name and address at the userinfo endpoint to who asked for them', async () => {
    const { person } = await newPerson();
    const flow = await beginCodeFlow(fixture, { scope: 'openid profile email' });
    flow.url.searchParams.delete('resource');
    await flow.browser.open(flow.url);
    const tokens = await exchange(flow, await flow.browser.submit({ email: person.email, password }), {});
    const told = { sub: person._id, email: person.email, name: 'Olivia Ortega' };
    const read = () => client.fetchUserInfo(flow.config, tokens.access_token, person._id);
    expect(await read()).toEqual({ ...told, email_verified: false });
    expect(tokens.claims()).toMatchObject({ ...told, email_verified: false });
    await noteVerified(fixture.service, person._id);
    expect(await read()).toEqual({ ...told, email_verified: true });
  });

  it('does not ask a person who is signed in already', async () => {
    const { person, tenant } = await newPerson();
    const { browser, config } = await signIn(fixture, person.email);
    const again = await beginCodeFlow(fixture, {}, { browser, config });
    const tokens = await exchange(again, await browser.open(again.url));
    expect(decodeJwt(tokens.access_token)).toMatchObject({ sub: person._id, tenant: tenant._id });

    const silent = await beginCodeFlow(fixture, { prompt: 'none', scope: 'openid' }, { browser, config });
    expect((await browser.open(silent.url)).url.searchParams.has('code')).toBe(true);
  });

  it('says that a sign-in is needed when it may not ask', async () => {
    const flow = await beginCodeFlow(fixture, { prompt: 'none', scope: 'openid' });
    const back = await flow.browser.open(flow.url);
    expect(back.url.searchParams.get('error')).toBe('login_required');
  });

  it('lets another person sign in where one is signed in', async () => {
    const [first, second] = [await newPerson(), await newPerson()];
    const { browser, config } = await signIn(fixture, first.person.email);
    const flow = await beginCodeFlow(fixture, { prompt: 'login consent' }, { browser, config });
    await browser.open(flow.url);
    // The provider ends the first session by a form of its own, which a browser sends by itself.
    await browser.submit({ email: second.person.email, password });
    const tokens = await exchange(flow, await browser.submit());
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      sub: second.person._id,
      tenant: second.tenant._id,
    });
  });

  it('may begin at one copy of the service and end at another', async () => {
    const { person } = await newPerson();
    const copy = await fixture.startCopy();
    const flow = await beginCodeFlow(fixture);
    await flow.browser.open(flow.url);
    const back = await flow.browser.submit({ email: person.email, password });
    const config = await fixture.configure('explorer');
    config[client.customFetch] = (target, init) => copy.fetch(target, init as RequestInit); // fetch's own options by other names
    expect((await exchange({ ...flow, config }, back)).access_token).toBeDefined();
  });
});

describe('an authorization request that is not as it should be', () => {
  it('is refused without PKCE', async () => {
    const flow = await beginCodeFlow(fixture);
    flow.url.searchParams.delete('code_challenge');
    flow.url.searchParams.delete('code_challenge_method');
    const { url } = await flow.browser.open(flow.url);
    expect(url.searchParams.get('error')).toBe('invalid_request');
    expect(url.searchParams.get('error_description')).toMatch(/PKCE/);
  });

  it('is refused with the plain PKCE method', async () => {
    const flow = await beginCodeFlow(fixture, { code_challenge_method: 'plain' });
    const { url } = await flow.browser.open(flow.url);
    expect(url.searchParams.get('error')).toBe('invalid_request');
  });

  it.each([
    'https://evil.test/explorer/',
    `${origin}/explorer/../evil`,
    `${explorerUrl}?next=https://evil.test`,
    `${origin}.evil.test/explorer/`,
    'http://localhost:9999/explorer/',
  ])('leads nobody to %s', async (redirectUri) => {
    const flow = await beginCodeFlow(fixture, { redirect_uri: redirectUri });
    const page = await flow.browser.open(flow.url);
    expect(page.status).toBe(400);
    expect(page.url.pathname).toBe('/auth/authorize');
    expect(page.text).toMatch(/role="alert"/);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'/);
  });

  it('is refused for an unknown resource', async () => {
    const flow = await beginCodeFlow(fixture, { resource: 'https://evil.test/api' });
    const { url } = await flow.browser.open(flow.url);
    expect(url.searchParams.get('error')).toBe('invalid_target');
  });
});

describe('an authorization code', () => {
  it('is worth nothing without its verifier', async () => {
    const { person } = await newPerson();
    const flow = await beginCodeFlow(fixture);
    await flow.browser.open(flow.url);
    const back = await flow.browser.submit({ email: person.email, password });
    const stolen = exchange({ ...flow, codeVerifier: client.randomPKCECodeVerifier() }, back);
    await expect(stolen).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  /** What the tenant was told, and what gateways are told of the session of the tokens. */
  async function toldOf(tenantId: string) {
    const outbox = fixture.service.connection.collection('outbox');
    const types = ['arthemiz.code.reused.v1', 'arthemiz.session.ended.v1'];
    const entries = await outbox.find({ 'event.tenantid': tenantId, 'event.type': { $in: types } }).toArray();
    const { endedSessions } = await access.changesSince(new Date(Date.now() - 60_000));
    const ended = endedSessions.filter((one) => one.tenantId === tenantId).map(({ sessionId }) => sessionId);
    return { ended, events: entries.map(({ event }) => event) };
  }

  it('works once, and its second use ends all that the sign-in gave, and is told', async () => {
    const { person, tenant } = await newPerson();
    const flow = await beginCodeFlow(fixture);
    await flow.browser.open(flow.url);
    const back = await flow.browser.submit({ email: person.email, password });
    const tokens = await exchange(flow, back);
    expect(await toldOf(tenant._id)).toEqual({ ended: [], events: [] });
    for (const _ of [1, 2])
      await expect(exchange(flow, back)).rejects.toMatchObject({ error: 'invalid_grant' });
    const refresh = client.refreshTokenGrant(flow.config, tokens.refresh_token ?? '');
    await expect(refresh).rejects.toMatchObject({ error: 'invalid_grant' });
    // The access token is out; gateways take it no more, because its session has ended.
    const { sid } = decodeJwt(tokens.access_token);
    const { ended, events } = await toldOf(tenant._id);
    expect(ended).toEqual([sid]);
    expect(events).toMatchObject([
      { type: 'arthemiz.session.ended.v1', data: { sessionId: sid, endedBy: null, reason: 'code-reused' } },
      {
        type: 'arthemiz.code.reused.v1',
        subject: person._id,
        data: {
          personId: person._id,
          clientId: 'explorer',
          kind: 'authorization',
          ipAddress: '198.51.100.1',
        },
      },
    ]);
    expect(JSON.stringify(events)).not.toContain(back.url.searchParams.get('code'));
    const again = await beginCodeFlow(fixture, {}, { browser: flow.browser, config: flow.config });
    expect((await flow.browser.open(again.url)).text).toMatch(/current-password/);
  });

  it('ends nothing when it comes again without its verifier, or by another client', async () => {
    const { person, tenant } = await newPerson();
    const flow = await beginCodeFlow(fixture);
    await flow.browser.open(flow.url);
    const back = await flow.browser.submit({ email: person.email, password });
    const tokens = await exchange(flow, back);
    const others = { codeVerifier: client.randomPKCECodeVerifier() };
    await expect(exchange({ ...flow, ...others }, back)).rejects.toMatchObject({ error: 'invalid_grant' });
    const config = await fixture.configure('cli');
    await expect(exchange({ ...flow, config }, back)).rejects.toMatchObject({ error: 'invalid_grant' });
    await client.refreshTokenGrant(flow.config, tokens.refresh_token ?? '');
    expect(await toldOf(tenant._id)).toEqual({ ended: [], events: [] });
  });

  it('is taken from one of many requests that send it at once to several copies, whose tokens end then', async () => {
    const copy = await fixture.startCopy();
    for (const clientId of ['explorer', 'cli']) {
      const { person, tenant } = await newPerson();
      const redirectUri = clientId === 'cli' ? 'http://127.0.0.1:9/callback' : explorerUrl;
      const config = await fixture.configure(clientId);
      const flow = await beginCodeFlow(
        fixture,
        { client_id: clientId, redirect_uri: redirectUri },
        { config },
      );
      await flow.browser.open(flow.url);
      const back = await flow.browser.submit({ email: person.email, password });
      const elsewhere = await fixture.configure(clientId);
      elsewhere[client.customFetch] = (target, init) => copy.fetch(target, init as RequestInit); // fetch's own options by other names
      const outcomes = await Promise.allSettled(
        Array.from({ length: 10 }, (_, index) =>
          exchange({ ...flow, config: index % 2 === 0 ? config : elsewhere }, back),
        ),
      );
      const issued = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(issued.length).toBeLessThanOrEqual(1);
      const { ended, events } = await toldOf(tenant._id);
      for (const tokens of issued) {
        expect(ended).toEqual([decodeJwt(tokens.access_token).sid]);
        const refresh = client.refreshTokenGrant(config, tokens.refresh_token ?? '');
        await expect(refresh).rejects.toMatchObject({ error: 'invalid_grant' });
      }
      expect(events.filter(({ type }) => type === 'arthemiz.code.reused.v1')).toHaveLength(1);
      // What was stored meanwhile is worth nothing without its grant.
      const left = { accountId: person._id, kind: 'Grant' };
      expect(await fixture.models.OidcArtifact.countDocuments(left)).toBe(0);
    }
  });
});

describe('the token endpoint', () => {
  it('answers browsers of the public origins alone', async () => {
    const { person } = await newPerson();
    const flow = await beginCodeFlow(fixture);
    await flow.browser.open(flow.url);
    const { url } = await flow.browser.submit({ email: person.email, password });
    const ask = (from: string) =>
      fixture.publicFetch(`${issuer}/token`, {
        method: 'POST',
        headers: { origin: from, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: 'explorer',
          redirect_uri: explorerUrl,
          code: url.searchParams.get('code') ?? '',
          code_verifier: flow.codeVerifier,
        }),
      });
    expect((await ask('https://evil.test')).status).toBe(400);
    const answer = await ask(origin);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
  });
});

describe('signing out', () => {
  it('asks first, then ends the session and goes back to the application', async () => {
    const { person } = await newPerson();
    const { browser, config, tokens } = await signIn(fixture, person.email);
    const page = await browser.open(
      client.buildEndSessionUrl(config, {
        id_token_hint: tokens.id_token ?? '',
        post_logout_redirect_uri: explorerUrl,
      }),
    );
    expect(page.text).toMatch(/Sign out\?/);
    const back = await browser.submit({ logout: 'yes' });
    expect(back.url.href).toBe(explorerUrl);
    const again = await beginCodeFlow(fixture, {}, { browser, config });
    expect((await browser.open(again.url)).text).toMatch(/current-password/);
  });

  it('ends on a page of ours when no application is named', async () => {
    const { person } = await newPerson();
    const { browser, config } = await signIn(fixture, person.email);
    await browser.open(client.buildEndSessionUrl(config));
    expect((await browser.submit({ logout: 'yes' })).text).toMatch(/You are signed out/);
  });

  it('goes to no address that is not registered', async () => {
    const flow = await beginCodeFlow(fixture);
    const page = await flow.browser.open(
      client.buildEndSessionUrl(flow.config, {
        client_id: 'explorer',
        post_logout_redirect_uri: 'https://evil.test/',
      }),
    );
    expect(page.status).toBe(400);
  });
});

describe('cookies', () => {
  it('that were forged or altered sign nobody in', async () => {
    const { person } = await newPerson();
    const { browser } = await signIn(fixture, person.email);
    const session = browser.cookies.find(({ name }) => name === 'arthemiz-session');
    const signature = browser.cookies.find(({ name }) => name === 'arthemiz-session.sig');
    const flow = await beginCodeFlow(fixture, { prompt: 'none', scope: 'openid' });
    const ask = async (...cookies: Array<[string, string | undefined]>) => {
      const cookie = cookies.map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fixture.publicFetch(flow.url.href, { redirect: 'manual', headers: { cookie } });
      return new URL(answer.headers.get('location') ?? '').searchParams;
    };
    const [name, sig] = ['arthemiz-session', 'arthemiz-session.sig'];
    // As it is, it does sign in.
    expect((await ask([name, session?.value], [sig, signature?.value])).has('code')).toBe(true);
    for (const cookies of [
      [[name, session?.value]],
      [
        [name, session?.value],
        [sig, 'x'.repeat(27)],
      ],
      [
        [name, `${session?.value}x`],
        [sig, signature?.value],
      ],
      [
        [name, person._id],
        [sig, signature?.value],
      ],
    ] satisfies Array<Array<[string, string | undefined]>>) {
      expect((await ask(...cookies)).get('error')).toBe('login_required');
    }
  });

  it('are secure, under names of their own, where the origin is', async () => {
    const flow = await beginCodeFlow(fixture, { redirect_uri: `${secureOrigin}/explorer/` });
    const url = new URL(flow.url.href.replace(origin, secureOrigin));
    const response = await fixture.publicFetch(url.href, { redirect: 'manual' });
    const lines = response.headers.getSetCookie();
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(line).toMatch(/^__Secure-arthemiz/);
      expect(line).toMatch(/; secure/);
      expect(line).toMatch(/; httponly/i);
      expect(line).toMatch(/; samesite=lax/i);
    }
  });
});
