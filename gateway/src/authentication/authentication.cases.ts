// Who a request speaks for, through the running gateway.
import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { exportJWK, generateKeyPair } from 'jose';
import { registerServiceClient } from '../../../subgraphs/arthemiz/src/clients/registration.ts';
import { newClientSecret } from '../../../subgraphs/arthemiz/src/clients/secrets.ts';
import { partsOf } from '../../../subgraphs/arthemiz/src/parts.ts';
import { audience, issuer, type Platform } from '../testing/platform.ts';
import { sharedPlatform } from '../testing/shared-platform.ts';
import { signAccessToken, type TokenClaims } from '../testing/tokens.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await sharedPlatform();
});

const whoAmI = '{ viewer { id tenant { name } } }';

describe('a request without a token', () => {
  it('is anonymous: what takes a signed-in viewer is null and says so', async () => {
    const { status, data, errors } = await platform.query('{ __typename viewer { id } }');
    expect(status).toBe(200);
    expect(data).toEqual({ __typename: 'Query', viewer: null });
    expect(errors).toMatchObject([{ path: ['viewer'], extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});

describe('a token', () => {
  it('of the issuer opens the data of its tenant alone', async () => {
    const [acme, globex] = await Promise.all([
      platform.tenant({ name: 'Acme' }),
      platform.tenant({ name: 'Globex' }),
    ]);
    const permissions = ['tenant:read', 'service:read'];
    const ofAcme = await platform.token({ tenantId: acme._id, permissions });
    const ofGlobex = await platform.token({ tenantId: globex._id, permissions });
    const { serviceId } = await platform.health.service(acme._id, 'Till');
    const query =
      'query ($id: ID!) { tenant { name } services { nodes { name } } service(id: $id) { name } }';
    const variables = { id: serviceId };
    expect((await platform.query(query, { token: ofAcme, variables })).data).toEqual({
      tenant: { name: 'Acme' },
      services: { nodes: [{ name: 'Till' }] },
      service: { name: 'Till' },
    });
    expect((await platform.query(query, { token: ofGlobex, variables })).data).toEqual({
      tenant: { name: 'Globex' },
      services: { nodes: [] },
      service: null,
    });
  });

  it("that arthemiz's own endpoint issued to a service client is taken", async () => {
    const { _id: tenantId } = await platform.tenant({ name: 'Robots' });
    const { url, service } = platform.subgraphs.arthemiz;
    const secret = newClientSecret();
    const id = await registerServiceClient(service, {
      tenantId,
      name: 'Robot',
      roleNames: ['viewer'],
      secret,
    });
    const response = await fetch(`${url}/auth/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
        'x-forwarded-host': 'localhost:8080',
        'x-forwarded-proto': 'http',
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource: audience }),
    });
    const { access_token: token } = (await response.json()) as { access_token: string };
    const { data, errors } = await platform.query(whoAmI, { token });
    expect({ data, errors }).toEqual({
      data: { viewer: { id, tenant: { name: 'Robots' } } },
      errors: undefined,
    });
  });

  it.each<[string, (good: string, parts: string[]) => string | Promise<string>]>([
    ['is empty', () => ''],
    ['is no JWT', () => 'abc'],
    [
      'names the algorithm none',
      (_, [, payload]) => `${encoded({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
    ],
    ['is an HMAC keyed with the public key', (_, [, payload]) => hmac(payload ?? '')],
    ['was altered', (_, [header, payload, signature]) => `${header}.${tampered(payload ?? '')}.${signature}`],
    ['lost its signature', (_, [header, payload]) => `${header}.${payload}.`],
    ['has expired', () => token({ expiresInSeconds: -10 })],
    ['is not valid yet', () => token({ claims: { nbf: seconds() + 60 } })],
    ['is for another audience', () => token({ audience: 'http://localhost:8080/other' })],
    ['is of another issuer', () => token({ issuer: 'http://evil.test/auth' })],
    ['names an unknown key', () => token({ header: { kid: 'unknown' } })],
    ['is of another type', () => token({ header: { typ: 'JWT' } })],
    ['is an ID token', () => token({ audience: 'explorer', header: { typ: 'JWT' } })],
    ['is a logout token', () => token({ header: { typ: 'logout+jwt' } })],
    ['names a file as its key', () => token({ header: { kid: '../../../../dev/null' } })],
    ['carries its key with it', () => selfSigned('carried')],
    ['says where its key is', () => token({ header: { kid: 'unknown', jku: 'http://evil.test/jwks' } })],
    ['has no subject', () => token({ claims: { sub: undefined } })],
    ['never expires', () => token({ claims: { exp: undefined } })],
    ['names no client', () => token({ claims: { client_id: undefined } })],
    ['has permissions that are no list', () => token({ claims: { entitlements: 'tenant:read' } })],
    ['is signed with a key of its own', () => selfSigned()],
    ['is too long', () => token({ permissions: Array.from({ length: 1_000 }, (_, n) => `thing-${n}:read`) })],
  ])('that %s is refused, and nothing is executed', async (_, make) => {
    const good = await token({});
    const bad = await make(good, good.split('.'));
    const before = await requests();
    const { status, headers, data, errors } = await platform.query(whoAmI, { token: bad });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(await requests()).toBe(before);
  });

  it.each(['Basic YTpi', 'Bearer', 'Bearer a b', 'token', ''])(
    'in a header of the form "%s" is refused, not taken for none',
    async (authorization) => {
      const { status } = await platform.query(whoAmI, { headers: { authorization } });
      expect(status).toBe(401);
    },
  );

  it('is taken again from memory, and refused there too once it has expired', async () => {
    const { _id: tenantId } = await platform.tenant();
    // Counts for five seconds longer than it says, since clocks differ.
    const short = await token({ tenantId, expiresInSeconds: -3 });
    expect((await platform.query(whoAmI, { token: short })).status).toBe(200);
    await eventually(async () => (await platform.query(whoAmI, { token: short })).status === 401);
    expect((await platform.query(whoAmI, { token: short })).errors?.[0]?.message).toMatch(/expired/);
  });
});

describe("the issuer's keys", () => {
  it('are kept while arthemiz is down, also past the time to refresh them', async () => {
    const gateway = await platform.startGateway({}, { signingKeys: { refreshMs: 20, cooldownMs: 20 } });
    expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(200);
    await platform.links.keys.cut();
    for (let n = 0; n < 10; n++) {
      const unseen = await token({ subject: `per_kept${n}` });
      expect((await platform.query(whoAmI, { at: gateway, token: unseen })).status).toBe(200);
    }
    await platform.links.keys.restore();
  });

  it('are found anew when they were rotated', async () => {
    await platform.query(whoAmI, { token: await token({}) });
    const { keys } = partsOf(platform.subgraphs.arthemiz.service);
    const before = keys.current().signing.kid;
    await keys.rotate({ aheadMs: 0 });
    expect(keys.current().signing.kid).not.toBe(before);
    const rotated = await token({ subject: 'per_rotated' });
    await eventually(async () => (await platform.query(whoAmI, { token: rotated })).status === 200);
  });

  it('that cannot be had make it 503, never 401, and count as not ready', async () => {
    await platform.links.keys.cut();
    const gateway = await platform.startGateway();
    const refused = await platform.query(whoAmI, {
      at: gateway,
      token: await token({ subject: 'per_away' }),
    });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
    expect((await platform.query('{ __typename }', { at: gateway })).status).toBe(200);
    expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(503);

    await platform.links.keys.restore();
    expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(200);
    const taken = await platform.query(whoAmI, { at: gateway, token: await token({ subject: 'per_away' }) });
    expect(taken.status).toBe(200);
  });

  it('count no longer when they could not be refreshed for too long', async () => {
    const gateway = await platform.startGateway({}, { signingKeys: { maximumAgeMs: 50 } });
    const known = await token({ subject: 'per_aged' });
    expect((await platform.query(whoAmI, { at: gateway, token: known })).status).toBe(200);
    await platform.links.keys.cut();
    let attempts = 0;
    await eventually(async () => {
      attempts += 1; // a token that was verified once is remembered
      const unseen = await token({ subject: `per_unseen${attempts}` });
      return (await platform.query(whoAmI, { at: gateway, token: unseen })).status === 503;
    });
    await platform.links.keys.restore();
  });
});

const token = (claims: TokenClaims) => platform.token(claims);
const seconds = () => Math.floor(Date.now() / 1000);
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

const requests = async () => {
  const names = ['arthemiz', 'systemhealth', 'sentinel'] as const;
  return (await Promise.all(names.map((name) => platform.requestsTo(name)))).reduce((a, b) => a + b, 0);
};

function tampered(payload: string): string {
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  return encoded({ ...claims, entitlements: ['tenant:create'] });
}

async function hmac(payload: string): Promise<string> {
  const { kid, kty, crv, x, y } = partsOf(platform.subgraphs.arthemiz.service).keys.current().signing;
  const head = `${encoded({ alg: 'HS256', typ: 'at+jwt', kid })}.${payload}`;
  const secret = JSON.stringify({ kty, crv, x, y });
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
}

/** @param named whether it says that its key is the issuer's, or brings it */
async function selfSigned(named: 'as-issuers' | 'carried' = 'as-issuers'): Promise<string> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const { kid } = partsOf(platform.subgraphs.arthemiz.service).keys.current().signing;
  const header = named === 'carried' ? { header: { jwk: await exportJWK(publicKey) } } : {};
  return signAccessToken({ ...(await exportJWK(privateKey)), kid }, { issuer, audience, ...header });
}
