// Service clients that sign instead of holding a secret (RFC 7523), through the token endpoint.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as client from 'openid-client';
import { type Fixture, issuer, startFixture } from '../testing/fixture.ts';
import { publicKeys } from './public-keys.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());

async function newKey(algorithm = 'ES256', kid = 'one') {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid } };
}

async function newClient(algorithm?: string) {
  const key = await newKey(algorithm);
  const tenant = await fixture.tenant();
  const id = await fixture.keyedClient({ tenant, publicKeys: [key.jwk] });
  return { ...key, tenant, id };
}

const now = () => Math.floor(Date.now() / 1000);

/** An assertion that is as it should be but for what is given. */
function assertion(
  { id, privateKey }: { id: string; privateKey: CryptoKey },
  { claims = {}, alg = 'ES256' }: { claims?: Record<string, unknown>; alg?: string } = {},
) {
  const right = { iss: id, sub: id, aud: issuer, jti: crypto.randomUUID(), iat: now(), exp: now() + 60 };
  return new SignJWT({ ...right, ...claims }).setProtectedHeader({ alg, kid: 'one' }).sign(privateKey);
}

function ask(clientId: string, signed: string) {
  return fixture.publicFetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: signed,
    }),
  });
}

describe('a service client with keys', () => {
  it.each(['ES256', 'Ed25519', 'PS256'])('gets a token by what it signs with %s', async (algorithm) => {
    const { id, privateKey, tenant } = await newClient(algorithm);
    const config = await fixture.configure(id, client.PrivateKeyJwt({ key: privateKey, kid: 'one' }));
    const { access_token } = await client.clientCredentialsGrant(config);
    expect(decodeJwt(access_token)).toMatchObject({ sub: id, tenant: tenant._id, roles: ['viewer'] });
  });

  it('goes on while its keys are exchanged, until the old one is taken away', async () => {
    const { id, privateKey, jwk, tenant } = await newClient();
    const next = await newKey('ES256', 'two');
    const configs = await Promise.all([
      fixture.configure(id, client.PrivateKeyJwt({ key: privateKey, kid: 'one' })),
      fixture.configure(id, client.PrivateKeyJwt({ key: next.privateKey, kid: 'two' })),
    ]);
    await fixture.keyedClient({ tenant, publicKeys: [jwk, next.jwk] });
    for (const config of configs) await client.clientCredentialsGrant(config);
    await fixture.keyedClient({ tenant, publicKeys: [next.jwk] });
    await client.clientCredentialsGrant(configs[1]);
    await expect(client.clientCredentialsGrant(configs[0])).rejects.toMatchObject({ status: 401 });
  });

  it('is taken with the assertion that the cases below change', async () => {
    const robot = await newClient();
    expect((await ask(robot.id, await assertion(robot))).status).toBe(200);
  });

  it.each<[string, Record<string, unknown>]>([
    ['is for another issuer', { aud: 'https://evil.test/auth' }],
    ['is for an endpoint instead of the issuer', { aud: `${issuer}/token` }],
    ['is for the issuer and somebody else', { aud: [issuer, 'https://evil.test/auth'] }],
    ['has expired', { exp: now() - 60 }],
    ['lives for longer than it has to', { exp: now() + 3_600 }],
    ['has no end', { exp: undefined }],
    ['has no id', { jti: undefined }],
    ['speaks for another client', { sub: 'cli_other' }],
    ['is of another client', { iss: 'cli_other' }],
  ])('is refused by an assertion that %s', async (_, claims) => {
    const robot = await newClient();
    const { status } = await ask(robot.id, await assertion(robot, { claims }));
    expect([400, 401]).toContain(status);
  });

  it('is refused by the signature of another key', async () => {
    const { id } = await newClient();
    const { privateKey } = await newKey();
    expect((await ask(id, await assertion({ id, privateKey }))).status).toBe(401);
  });

  it('is refused by an HMAC that is keyed with its public key, or no signature', async () => {
    const { id, jwk } = await newClient();
    const claims = { iss: id, sub: id, aud: issuer, jti: 'a', iat: now(), exp: now() + 60 };
    const hmac = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .sign(new TextEncoder().encode(JSON.stringify(jwk)));
    const [, payload] = hmac.split('.');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    for (const forged of [hmac, none]) expect((await ask(id, forged)).status).toBe(401);
  });

  it('is let in once by an assertion, also when it comes many times at the same moment', async () => {
    const robot = await newClient();
    const signed = await assertion(robot);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(robot.id, signed)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await ask(robot.id, signed)).ok).toBe(false);
  });

  it('is refused with a secret', async () => {
    const { id } = await newClient();
    for (const secret of ['null', 'undefined', 'secret']) {
      const config = await fixture.configure(id, client.ClientSecretPost(secret));
      await expect(client.clientCredentialsGrant(config)).rejects.toMatchObject({ status: 401 });
    }
  });
});

describe('the keys of a service client', () => {
  it('are refused with a private part, of a weak kind, under one name, or by the dozen', async () => {
    const { privateKey, jwk } = await newKey();
    const accepts = (keys: unknown) => publicKeys.safeParse(keys).success;
    expect(accepts([jwk])).toBe(true);
    expect(accepts([{ ...(await exportJWK(privateKey)), kid: 'one' }])).toBe(false);
    expect(accepts([{ kty: 'oct', k: 'c2VjcmV0', kid: 'one' }])).toBe(false);
    expect(accepts([{ kty: 'RSA', n: 'A'.repeat(171), e: 'AQAB', kid: 'one' }])).toBe(false);
    expect(accepts([jwk, jwk])).toBe(false);
    expect(accepts([])).toBe(false);
    expect(accepts(Array.from({ length: 6 }, (_, index) => ({ ...jwk, kid: `${index}` })))).toBe(false);
  });
});
