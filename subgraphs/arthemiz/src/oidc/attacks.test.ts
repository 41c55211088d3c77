// The attacks of the OAuth security best current practice (RFC 9700), each tried. What forged tokens come to at the
// API itself is tried in gateway/src/authentication.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { Browser } from '../testing/browser.ts';
import {
  audience,
  beginCodeFlow,
  type CodeFlow,
  exchange,
  explorerUrl,
  type Fixture,
  issuer,
  origin,
  password,
  signIn,
  startFixture,
} from '../testing/fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());

async function newPerson() {
  return fixture.person({ tenants: [await fixture.tenant()] });
}

/** A flow that came back with a code which nobody has exchanged. */
async function flowWithCode(more: Record<string, string> = {}) {
  const { email } = await newPerson();
  const flow = await beginCodeFlow(fixture, more);
  await flow.browser.open(flow.url);
  const back = await flow.browser.submit({ email, password });
  return { flow, back, code: back.url.searchParams.get('code') ?? '' };
}

function ask(parameters: Record<string, string>) {
  return fixture.publicFetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(parameters) });
}

/** The token request of a code that is as it should be but for what is given; undefined leaves it out. */
async function redeem(
  { flow, code }: { flow: CodeFlow; code: string },
  other: Record<string, string | undefined> = {},
) {
  const parameters = {
    grant_type: 'authorization_code',
    client_id: 'explorer',
    redirect_uri: explorerUrl,
    code,
    code_verifier: flow.codeVerifier,
    ...other,
  };
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const answer = await ask(Object.fromEntries(given));
  return { status: answer.status, ...(await answer.json()) };
}

describe('code injection (4.5)', () => {
  it('fails: a code from another flow does not fit the verifier of this one', async () => {
    const [victim, attacker] = [await flowWithCode(), await flowWithCode()];
    await expect(exchange(attacker.flow, victim.back)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(exchange(victim.flow, attacker.back)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it.each<[string, Record<string, string>]>([
    ['another client', { client_id: 'cli' }],
    ['another of the client’s own addresses', { redirect_uri: `${origin}/explorer/callback` }],
    ['an address that is none of its own', { redirect_uri: 'https://evil.test/' }],
    ['the verifier’s own digest', { code_verifier: 'x'.repeat(43) }],
  ])('fails with %s', async (_, other) => {
    expect(await redeem(await flowWithCode(), other)).toMatchObject({ status: 400, error: 'invalid_grant' });
  });

  it('leaves the code to whom it belongs, as the request that all of these change', async () => {
    expect(await redeem(await flowWithCode())).toMatchObject({ status: 200, token_type: 'Bearer' });
  });
});

describe('ID token injection (4.5)', () => {
  it('fails: an ID token names the nonce of the request that it answers', async () => {
    const { flow, back } = await flowWithCode({ nonce: 'of-this-request' });
    const checks = { pkceCodeVerifier: flow.codeVerifier, expectedState: 'xyz' };
    const grant = (expectedNonce: string) =>
      client.authorizationCodeGrant(flow.config, back.url, { ...checks, expectedNonce });
    const tokens = await grant('of-this-request');
    expect(tokens.claims()).toMatchObject({ nonce: 'of-this-request', aud: 'explorer', iss: issuer });
    const other = await flowWithCode({ nonce: 'of-another-request' });
    await expect(
      client.authorizationCodeGrant(other.flow.config, other.back.url, {
        ...{ ...checks, pkceCodeVerifier: other.flow.codeVerifier, expectedNonce: 'of-this-request' },
      }),
    ).rejects.toMatchObject({ cause: { message: expect.stringMatching(/nonce/) } });
  });
});

describe('PKCE downgrade (4.8.2)', () => {
  it('fails at the token endpoint: who began with a challenge ends with a verifier', async () => {
    const answer = await redeem(await flowWithCode(), { code_verifier: undefined });
    expect(answer).toMatchObject({ status: 400, error: 'invalid_grant' });
  });

  it.each<[string, (url: URL) => void]>([
    ['no challenge', ({ searchParams }) => searchParams.delete('code_challenge')],
    ['a challenge in the open', ({ searchParams }) => searchParams.set('code_challenge_method', 'plain')],
    // Without a method it would be plain.
    ['a challenge without its method', ({ searchParams }) => searchParams.delete('code_challenge_method')],
    ['a challenge that says too little', ({ searchParams }) => searchParams.set('code_challenge', 'x')],
  ])('fails at the authorization endpoint: %s begins nothing', async (_, change) => {
    const flow = await beginCodeFlow(fixture);
    change(flow.url);
    const { url } = await flow.browser.open(flow.url);
    expect(url.searchParams.get('error')).toBe('invalid_request');
  });
});

describe('manipulated redirects (4.1, 4.11)', () => {
  it.each([
    ['explorer', 'http://localhost:8080@evil.test/explorer/'],
    ['explorer', 'http://localhost:8080.evil.test/explorer/'],
    ['explorer', 'http://localhost:8080/explorer/#'],
    ['explorer', 'http://localhost:8080/explorer/?'],
    ['explorer', 'http://localhost:8080/explorer'],
    ['explorer', 'http://localhost:8080/Explorer/'],
    ['explorer', 'http://localhost:8080/explorer/%2e%2e/evil'],
    ['explorer', 'http://localhost:8080\\@evil.test/explorer/'],
    ['explorer', 'javascript:alert(1)'],
    ['explorer', ''],
    ['cli', 'http://127.0.0.1.evil.test/callback'],
    ['cli', 'http://127.0.0.1:1@evil.test/callback'],
    ['cli', 'https://127.0.0.1/callback'],
    ['cli', 'http://127.0.0.1/callback/../evil'],
    ['cli', 'http://localhost/callback'],
  ])('lead nobody away: %s to %s', async (clientId, redirectUri) => {
    const flow = await beginCodeFlow(fixture, { client_id: clientId, redirect_uri: redirectUri });
    // Whether the request is right otherwise or not: an error is not told to a stranger's address either.
    for (const responseType of ['code', 'token']) {
      flow.url.searchParams.set('response_type', responseType);
      const page = await flow.browser.open(flow.url);
      expect(page.url.pathname).toBe('/auth/authorize');
      expect(page.status).toBe(400);
    }
  });

  it.each([
    'https://evil.test/',
    'http://localhost:8080@evil.test/explorer/',
    '//evil.test/',
    'http://localhost:8080/explorer/?next=https://evil.test/',
    'javascript:alert(1)',
  ])('lead nobody away at the sign-out: %s', async (address) => {
    const { email } = await newPerson();
    const { browser, config, tokens } = await signIn(fixture, email);
    const hint: Record<string, string> = { id_token_hint: tokens.id_token ?? '' };
    for (const named of [hint, { client_id: 'explorer' }]) {
      const url = client.buildEndSessionUrl(config, { ...named, post_logout_redirect_uri: address });
      const page = await browser.open(url);
      expect(page.url.pathname).toBe('/auth/logout');
      expect(page.status).toBe(400);
    }
  });

  it('lead nobody away at the sign-out of no client', async () => {
    const url = `${issuer}/logout?post_logout_redirect_uri=${encodeURIComponent(explorerUrl)}`;
    const browser = fixture.browser();
    await browser.open(url);
    expect((await browser.submit({ logout: 'yes' })).url.pathname).toMatch(/^\/auth\/logout/);
  });

  it('do not carry a password on: each page after a form is fetched anew (4.12)', async () => {
    const { email } = await newPerson();
    const hops: Array<{ method: string; status: number }> = [];
    const browser = new Browser({
      async fetch(url, init) {
        const answer = await fixture.publicFetch(url, init);
        hops.push({ method: init.method ?? 'GET', status: answer.status });
        return answer;
      },
    });
    const flow = await beginCodeFlow(fixture, {}, { browser });
    await browser.open(flow.url);
    await browser.submit({ email, password });
    const posts = hops.filter(({ method }) => method === 'POST');
    expect(posts).toEqual([{ method: 'POST', status: 303 }]);
    expect(hops.every(({ status }) => status === 200 || status === 303)).toBe(true);
  });
});

describe('mix-up (4.4)', () => {
  it('fails: answers name their issuer, and discovery promises it (RFC 9207)', async () => {
    const { flow, back } = await flowWithCode();
    expect(flow.config.serverMetadata().authorization_response_iss_parameter_supported).toBe(true);
    expect(back.url.searchParams.get('iss')).toBe(issuer);
    const silent = await beginCodeFlow(fixture, { prompt: 'none', scope: 'openid' });
    const error = await silent.browser.open(silent.url);
    expect(error.url.searchParams.get('iss')).toBe(issuer);
  });

  it('fails: the client takes no answer of another issuer, or of nobody', async () => {
    const { flow, back } = await flowWithCode();
    for (const other of ['https://evil.test/auth', null]) {
      const url = new URL(back.url);
      if (other === null) url.searchParams.delete('iss');
      else url.searchParams.set('iss', other);
      const cause = { message: expect.stringMatching(/"iss"/) };
      await expect(exchange(flow, { ...back, url })).rejects.toMatchObject({ cause });
    }
    expect((await exchange(flow, back)).access_token).toBeDefined();
  });
});

describe('what OAuth 2.1 took away', () => {
  it.each(['token', 'id_token', 'code token', 'code id_token', 'none'])(
    'is gone: response_type=%s',
    async (responseType) => {
      const flow = await beginCodeFlow(fixture, { response_type: responseType, nonce: 'n' });
      const { url } = await flow.browser.open(flow.url);
      const answer = new URLSearchParams(url.hash.slice(1) || url.search);
      expect(answer.get('error')).toBe('unsupported_response_type');
    },
  );

  it('is gone: passwords at the token endpoint', async () => {
    const { email } = await newPerson();
    const answer = await ask({ grant_type: 'password', client_id: 'explorer', username: email, password });
    expect(await answer.json()).toMatchObject({ error: 'unsupported_grant_type' });
  });

  it('is gone: access tokens in addresses', async () => {
    const { email } = await newPerson();
    const flow = await beginCodeFlow(fixture, { scope: 'openid profile' });
    flow.url.searchParams.delete('resource');
    await flow.browser.open(flow.url);
    const tokens = await exchange(flow, await flow.browser.submit({ email, password }), {});
    const answer = await fixture.publicFetch(`${issuer}/userinfo?access_token=${tokens.access_token}`);
    expect(answer.status).toBe(400);
  });

  it.each<[string, Record<string, string>]>([
    ['by an address that we would have to fetch', { request_uri: 'https://evil.test/request.jwt' }],
    ['unsigned', { request: `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.` }],
  ])('is not taken: a request %s', async (_, more) => {
    const flow = await beginCodeFlow(fixture, more);
    const { url, status } = await flow.browser.open(flow.url);
    expect(url.searchParams.has('code')).toBe(false);
    const told = url.searchParams.get('error') ?? (status === 400 ? 'refused' : 'taken');
    expect(['request_uri_not_supported', 'request_not_supported', 'refused']).toContain(told);
  });
});

describe('a token that is asked for more than was granted (2.3)', () => {
  it.each<[string, Record<string, string>, string]>([
    ['scopes', { scope: 'openid offline_access email' }, 'invalid_scope'],
    ['another API', { resource: 'https://evil.test/api' }, 'invalid_target'],
  ])('is refused: %s', async (_, more, error) => {
    const { email } = await newPerson();
    const { config, tokens } = await signIn(fixture, email);
    const refresh = client.refreshTokenGrant(config, tokens.refresh_token ?? '', more);
    await expect(refresh).rejects.toMatchObject({ error });
    // And the family goes on.
    expect((await client.refreshTokenGrant(config, tokens.refresh_token ?? '')).refresh_token).toBeDefined();
  });
});

describe('an access token is for the API that was asked for (2.3; RFC 8707)', () => {
  const elsewhere = 'https://evil.test/api';
  const refused = { error: 'invalid_target' };

  it('alone, whichever way it is had', async () => {
    const tenant = await fixture.tenant();
    const { email } = await fixture.person({ tenants: [tenant] });
    const { id, secret } = await fixture.serviceClient({ tenant });
    const robot = await fixture.configure(id, client.ClientSecretBasic(secret));
    const { config, tokens } = await signIn(fixture, email);
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    const pushed = await beginCodeFlow(fixture);
    const url = await client.buildAuthorizationUrlWithPAR(pushed.config, pushed.url.searchParams);
    await pushed.browser.open(url);
    const ofPushed = await exchange(pushed, await pushed.browser.submit({ email, password }), {});
    const ownTokens = [
      await client.clientCredentialsGrant(robot),
      await client.clientCredentialsGrant(robot, { resource: audience }),
    ];
    for (const { access_token } of [tokens, refreshed, ofPushed, ...ownTokens])
      expect(decodeJwt(access_token).aud).toBe(audience);
  });

  it('and for no other, neither in place of it nor beside it, at no endpoint', async () => {
    const { flow, code } = await flowWithCode();
    expect(await redeem({ flow, code }, { resource: elsewhere })).toMatchObject({ status: 400, ...refused });

    const { id, secret } = await fixture.serviceClient({ tenant: await fixture.tenant() });
    const robot = await fixture.configure(id, client.ClientSecretBasic(secret));
    await expect(client.clientCredentialsGrant(robot, { resource: elsewhere })).rejects.toMatchObject(
      refused,
    );

    for (const resource of [[elsewhere], [audience, elsewhere]]) {
      const { url, config } = await beginCodeFlow(fixture);
      url.searchParams.delete('resource');
      for (const one of resource) url.searchParams.append('resource', one);
      const page = await fixture.browser().open(url);
      expect(page.url.searchParams.get('error')).toBe('invalid_target');
      await expect(client.buildAuthorizationUrlWithPAR(config, url.searchParams)).rejects.toMatchObject(
        refused,
      );
      const parameters = new URLSearchParams([
        ['scope', 'openid'],
        ...resource.map((one) => ['resource', one]),
      ]);
      const device = client.initiateDeviceAuthorization(await fixture.configure('cli'), parameters);
      await expect(device).rejects.toMatchObject(refused);
    }
  });

  it('so that one for the userinfo endpoint opens no API', async () => {
    const { email } = await newPerson();
    const flow = await beginCodeFlow(fixture, { scope: 'openid profile' });
    flow.url.searchParams.delete('resource');
    await flow.browser.open(flow.url);
    const tokens = await exchange(flow, await flow.browser.submit({ email, password }), {});
    const answer = await fixture.publicFetch(`${issuer}/scim/v2/Users`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(answer.status).toBe(401);
  });
});

describe('a session that somebody else began', () => {
  it('is not the one that a sign-in leaves behind', async () => {
    const { email } = await newPerson();
    const browser = fixture.browser();
    const sessions = () => browser.cookies.filter(({ name }) => name === 'arthemiz-session');
    // A page that begins a session without anybody being signed in.
    await browser.open(`${issuer}/device`);
    const [before] = sessions();
    expect(before?.value).toMatch(/./);
    const flow = await beginCodeFlow(fixture, {}, { browser });
    await browser.open(flow.url);
    await browser.submit({ email, password });
    const [after, ...others] = sessions();
    expect(others).toEqual([]);
    expect(after?.value).not.toBe(before?.value);
  });
});
