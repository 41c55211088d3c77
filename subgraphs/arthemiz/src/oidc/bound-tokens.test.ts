// Tokens that are bound to a key (DPoP, RFC 9449), by an independent client. What they are at the API is tried in
// gateway/src/authentication.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { calculateJwkThumbprint, decodeJwt, exportJWK, SignJWT } from 'jose';
import * as client from 'openid-client';
import {
  audience,
  beginCodeFlow,
  type Fixture,
  issuer,
  password,
  signIn,
  startFixture,
} from '../testing/fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());

/** A person who signed in with a client that has a key. */
async function signInBound() {
  const tenant = await fixture.tenant();
  const person = await fixture.person({ tenants: [tenant] });
  const flow = await beginCodeFlow(fixture);
  const keys = await client.randomDPoPKeyPair('ES256', { extractable: true });
  const DPoP = client.getDPoPHandle(flow.config, keys);
  await flow.browser.open(flow.url);
  const { url } = await flow.browser.submit({ email: person.email, password });
  const checks = { pkceCodeVerifier: flow.codeVerifier, expectedState: 'xyz' };
  const tokens = await client.authorizationCodeGrant(
    flow.config,
    url,
    checks,
    { resource: audience },
    { DPoP },
  );
  return { ...flow, keys, DPoP, tokens, person };
}

const refused = { error: 'invalid_grant' };

describe('a client that sends proofs', () => {
  it('gets an access token that names its key', async () => {
    const { tokens, keys } = await signInBound();
    const jkt = await calculateJwkThumbprint(await exportJWK(keys.publicKey));
    expect(tokens.token_type).toBe('dpop');
    expect(decodeJwt(tokens.access_token)).toMatchObject({ aud: audience, cnf: { jkt } });
  });

  it('refreshes with that key alone, and keeps its session when another is tried', async () => {
    const { config, DPoP, tokens } = await signInBound();
    const token = tokens.refresh_token ?? '';
    const other = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
    await expect(client.refreshTokenGrant(config, token)).rejects.toMatchObject(refused);
    await expect(client.refreshTokenGrant(config, token, {}, { DPoP: other })).rejects.toMatchObject(refused);
    const next = await client.refreshTokenGrant(config, token, {}, { DPoP });
    expect(decodeJwt(next.access_token).cnf).toEqual(decodeJwt(tokens.access_token).cnf);
    // A thief within the grace has no use of the successor either.
    await expect(client.refreshTokenGrant(config, token)).rejects.toMatchObject(refused);
  });

  it('sends its requests at once and gets one successor', async () => {
    const { config, DPoP, tokens } = await signInBound();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        client.refreshTokenGrant(config, tokens.refresh_token ?? '', {}, { DPoP }),
      ),
    );
    expect(new Set(answers.map((answer) => answer.refresh_token)).size).toBe(1);
  });

  it('makes a new proof each time: one that comes many times at the same moment is taken once', async () => {
    const { keys, tokens } = await signInBound();
    const dpop = await new SignJWT({ jti: 'once', htm: 'POST', htu: `${issuer}/token` })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(keys.publicKey) })
      .setIssuedAt()
      .sign(keys.privateKey);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        fixture.publicFetch(`${issuer}/token`, {
          method: 'POST',
          headers: { dpop },
          body: new URLSearchParams({
            grant_type: 'refresh_token',
            client_id: 'explorer',
            refresh_token: tokens.refresh_token ?? '',
          }),
        }),
      ),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  });
});

describe('a client that sends none', () => {
  it('gets tokens that name no key', async () => {
    const person = await fixture.person({ tenants: [await fixture.tenant()] });
    const { tokens } = await signIn(fixture, person.email);
    expect(tokens.token_type).toBe('bearer');
    expect(decodeJwt(tokens.access_token).cnf).toBeUndefined();
  });
});
