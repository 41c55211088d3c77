// Authorization requests that clients push ahead of the browser (RFC 9126), by an independent client.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import {
  audience,
  beginCodeFlow,
  type CodeFlow,
  exchange,
  explorerUrl,
  type Fixture,
  issuer,
  password,
  startFixture,
} from '../testing/fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());

/** Begins a flow whose request was pushed. */
async function pushedFlow(more: Record<string, string> = {}): Promise<CodeFlow> {
  const flow = await beginCodeFlow(fixture, more);
  const parameters = Object.fromEntries(flow.url.searchParams);
  return { ...flow, url: await client.buildAuthorizationUrlWithPAR(flow.config, parameters) };
}

async function newPerson() {
  const tenant = await fixture.tenant();
  return fixture.person({ tenants: [tenant] });
}

describe('a pushed authorization request', () => {
  it('carries a sign-in through to its tokens, and the browser sees nothing of it', async () => {
    const person = await newPerson();
    const flow = await pushedFlow();
    expect([...flow.url.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
    await flow.browser.open(flow.url);
    const back = await flow.browser.submit({ email: person.email, password });
    const tokens = await exchange(flow, back);
    expect(decodeJwt(tokens.access_token)).toMatchObject({ aud: audience, sub: person._id });
  });

  it('gives one code', async () => {
    const person = await newPerson();
    const flow = await pushedFlow();
    await flow.browser.open(flow.url);
    await flow.browser.submit({ email: person.email, password });
    const again = await flow.browser.open(flow.url);
    expect(again.url.searchParams.has('code')).toBe(false);
    expect(again.status).toBe(400);
  });

  it('is not changed by what the browser adds', async () => {
    const person = await newPerson();
    const flow = await pushedFlow();
    flow.url.searchParams.set('redirect_uri', 'https://evil.test/');
    flow.url.searchParams.set('code_challenge', 'x'.repeat(43));
    flow.url.searchParams.set('state', 'another');
    await flow.browser.open(flow.url);
    const back = await flow.browser.submit({ email: person.email, password });
    expect(back.url.href.startsWith(explorerUrl)).toBe(true);
    expect((await exchange(flow, back)).access_token).toBeDefined();
  });

  it('is of no use to another client', async () => {
    const flow = await pushedFlow();
    flow.url.searchParams.set('client_id', 'cli');
    expect((await flow.browser.open(flow.url)).status).toBe(400);
  });

  it.each<[string, Record<string, string>]>([
    ['leads to an address that is not registered', { redirect_uri: 'https://evil.test/' }],
    ['has no PKCE', { code_challenge: '', code_challenge_method: '' }],
    ['asks for the plain PKCE method', { code_challenge_method: 'plain' }],
    ['asks for an unknown resource', { resource: 'https://evil.test/api' }],
  ])('that %s is refused at once', async (_, more) => {
    await expect(pushedFlow(more)).rejects.toMatchObject({ status: 400 });
  });

  it('is not taken from who cannot have people sign in', async () => {
    const { id, secret } = await fixture.serviceClient({ tenant: await fixture.tenant() });
    const config = await fixture.configure(id, client.ClientSecretBasic(secret));
    const push = client.buildAuthorizationUrlWithPAR(config, { redirect_uri: explorerUrl, scope: 'openid' });
    await expect(push).rejects.toMatchObject({ status: 400 });
  });

  it('ends after a minute', async () => {
    const flow = await beginCodeFlow(fixture);
    const answer = await fixture.publicFetch(`${issuer}/par`, {
      method: 'POST',
      body: new URLSearchParams(flow.url.search),
    });
    expect(await answer.json()).toMatchObject({ expires_in: 60 });
    // As if it had passed.
    const { OidcArtifact } = fixture.models;
    const kind = 'PushedAuthorizationRequest';
    const [stored] = await OidcArtifact.find({ kind }).sort({ expiresAt: -1 }).limit(1).lean();
    const payload = JSON.stringify({ ...JSON.parse(stored?.payload ?? ''), exp: 1 });
    await OidcArtifact.updateMany({ kind }, { $set: { payload } });
    const url = await client.buildAuthorizationUrlWithPAR(
      flow.config,
      Object.fromEntries(flow.url.searchParams),
    );
    await OidcArtifact.updateMany({ kind }, { $set: { payload } });
    expect((await flow.browser.open(url)).status).toBe(400);
  });
});
