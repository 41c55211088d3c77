// Tokens that are bound to a key (RFC 9449), through the running gateway.
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { json } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import * as client from 'openid-client';
import { registerServiceClient } from '../../../subgraphs/arthemiz/src/clients/registration.ts';
import { newClientSecret } from '../../../subgraphs/arthemiz/src/clients/secrets.ts';
import { openRawSocket } from '../testing/live-client.ts';
import { audience, issuer, type Platform } from '../testing/platform.ts';
import { sharedPlatform } from '../testing/shared-platform.ts';

let platform: Platform;
let key: { privateKey: CryptoKey; jwk: JWK; thumbprint: string };
let token: string;
beforeAll(async () => {
  platform = await sharedPlatform();
  key = await newKey();
  token = await platform.token({ claims: { cnf: { jkt: key.thumbprint } } });
});

async function newKey() {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(publicKey);
  return { privateKey, jwk, thumbprint: await calculateJwkThumbprint(jwk) };
}

const ath = (text: string) => createHash('sha256').update(text).digest('base64url');
const seconds = () => Math.floor(Date.now() / 1000);
const address = () => `${platform.gateway.url}/graphql`;

interface Other {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  with?: typeof key;
}

/** A proof for a POST to the gateway that is as it should be but for what is given. */
function proof({ claims = {}, header = {}, with: other = key }: Other = {}) {
  const right = { jti: randomUUID(), htm: 'POST', htu: address(), iat: seconds(), ath: ath(token) };
  return new SignJWT({ ...right, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: other.jwk, ...header })
    .sign(other.privateKey);
}

const ask = (headers: Record<string, string>) => platform.query('{ viewer { id } }', { headers });
const show = (dpop: string) => ask({ authorization: `DPoP ${token}`, dpop });

describe('a token that is bound to a key', () => {
  it('is taken with a proof for this request', async () => {
    const { status, data } = await show(await proof());
    expect({ status, data }).toEqual({ status: 200, data: { viewer: { id: 'per_test' } } });
  });

  it('is taken with a proof that writes the address in another way, with its query', async () => {
    const htu = `${address().replace('http:', 'HTTP:')}?x=1#y`;
    expect((await show(await proof({ claims: { htu } }))).status).toBe(200);
  });

  it('is refused without its key: as a bearer’s, and without a proof', async () => {
    const bearer = await ask({ authorization: `Bearer ${token}`, dpop: await proof() });
    expect(bearer.status).toBe(401);
    const bare = await ask({ authorization: `DPoP ${token}` });
    expect(bare.status).toBe(401);
    expect(bare.headers.get('www-authenticate')).toMatch(/^DPoP error="invalid_dpop_proof", algs="ES256/);
  });

  it.each<[string, () => Promise<string>]>([
    ['by another key', async () => proof({ with: await newKey() })],
    ['for another token', () => proof({ claims: { ath: ath('another') } })],
    ['for no token', () => proof({ claims: { ath: undefined } })],
    ['for another method', () => proof({ claims: { htm: 'GET' } })],
    ['for another address', () => proof({ claims: { htu: 'https://evil.test/graphql' } })],
    ['for another path', () => proof({ claims: { htu: `${address()}/facts` } })],
    ['for no address', () => proof({ claims: { htu: 'graphql' } })],
    ['of long ago', () => proof({ claims: { iat: seconds() - 70 } })],
    ['of the future', () => proof({ claims: { iat: seconds() + 30 } })],
    ['without an id', () => proof({ claims: { jti: undefined } })],
    ['of another type', () => proof({ header: { typ: 'JWT' } })],
    ['of another’s key beside its own', async () => proof({ header: { jwk: (await newKey()).jwk } })],
    ['without a key', () => proof({ header: { jwk: undefined } })],
    ['that is too long', () => proof({ claims: { more: 'x'.repeat(4_096) } })],
    ['of no signature', async () => unsigned(await proof())],
    ['that is twice there', async () => `${await proof()}, ${await proof()}`],
    ['that is empty', async () => ''],
  ])('is refused with a proof %s', async (_, make) => {
    const { status, errors } = await show(await make());
    expect(status).toBe(401);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('takes a new proof each time, at whichever gateway', async () => {
    const other = await platform.startGateway();
    const htu = `${other.url}/graphql`;
    const jti = randomUUID();
    const headers = async (at: string) => ({
      authorization: `DPoP ${token}`,
      dpop: await proof({ claims: { jti, htu: at } }),
    });
    const query = '{ viewer { id } }';
    expect((await platform.query(query, { headers: await headers(address()) })).status).toBe(200);
    expect((await platform.query(query, { headers: await headers(address()) })).status).toBe(401);
    expect((await platform.query(query, { at: other, headers: await headers(htu) })).status).toBe(401);
  });

  it('lets one of many requests in that bring the same proof at the same moment', async () => {
    const dpop = await proof();
    const answers = await Promise.all(Array.from({ length: 20 }, () => show(dpop)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('is taken with one proof for a request whose body takes its time', async () => {
    const { hostname, port } = new URL(address());
    const shown = { authorization: `DPoP ${token}`, dpop: await proof() };
    const headers = { ...shown, 'content-type': 'application/json', expect: '100-continue' };
    const request = httpRequest({ hostname, port, path: '/graphql', method: 'POST', headers });
    const answered = once(request, 'response');
    request.flushHeaders();
    await once(request, 'continue');
    // By the time that a whole other request was answered, this one's proof has been looked at.
    expect((await show(await proof())).status).toBe(200);
    request.end(JSON.stringify({ query: '{ viewer { id } }' }));
    const [response] = await answered;
    expect(await json(response)).toEqual({ data: { viewer: { id: 'per_test' } } });
  });

  it('takes a proof once at one gateway also while Redis is away', async () => {
    await platform.links.redis.cut();
    const dpop = await proof();
    expect((await show(dpop)).status).toBe(200);
    expect((await show(dpop)).status).toBe(401);
    await platform.links.redis.restore();
  });

  it('opens a WebSocket with a proof for the request that opened it', async () => {
    const open = async (dpop: string | undefined) => {
      const raw = await openRawSocket(platform.gateway.url);
      raw.send({ type: 'connection_init', payload: { authorization: `DPoP ${token}`, dpop } });
      return raw;
    };
    const good = await open(await proof({ claims: { htm: 'GET' } }));
    await eventually(() => good.messages.length === 1);
    expect(good.messages).toEqual([{ type: 'connection_ack' }]);
    good.socket.close();
    for (const dpop of [undefined, await proof()])
      expect(await (await open(dpop)).closed).toMatchObject({ code: 4403 });
  });
});

describe('a token that is bound to no key, or in another way', () => {
  it('is not taken as bound', async () => {
    const free = await platform.token({});
    const dpop = await proof({ claims: { ath: ath(free) } });
    const { status, headers } = await ask({ authorization: `DPoP ${free}`, dpop });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(/^DPoP error="invalid_token"/);
  });

  it('is not taken as free: to a certificate', async () => {
    const bound = await platform.token({ claims: { cnf: { 'x5t#S256': 'x' } } });
    expect((await ask({ authorization: `Bearer ${bound}` })).status).toBe(401);
  });
});

describe('an independent client with a key', () => {
  it('gets a bound token of arthemiz and uses it here', async () => {
    const { _id: tenantId } = await platform.tenant({ name: 'Bound robots' });
    const { url, service } = platform.subgraphs.arthemiz;
    const secret = newClientSecret();
    const plan = { tenantId, name: 'Robot', roleNames: ['viewer'], secret };
    const id = await registerServiceClient(service, plan);
    const config = await client.discovery(new URL(issuer), id, secret, undefined, {
      execute: [client.allowInsecureRequests],
      // As nginx would: what the public origin is asked goes to arthemiz.
      [client.customFetch]: (target, init) => {
        const { pathname, search, host, protocol, origin } = new URL(target);
        if (origin === new URL(platform.gateway.url).origin) return fetch(target, init as RequestInit); // fetch's own options by other names
        const headers = new Headers(init.headers);
        headers.set('x-forwarded-host', host);
        headers.set('x-forwarded-proto', protocol.slice(0, -1));
        return fetch(`${url}${pathname}${search}`, { ...(init as RequestInit), headers }); // as above
      },
    });
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
    const tokens = await client.clientCredentialsGrant(config, { resource: audience }, { DPoP });
    expect(tokens.token_type).toBe('dpop');
    const query = () =>
      client.fetchProtectedResource(
        config,
        tokens.access_token,
        new URL(address()),
        'POST',
        JSON.stringify({ query: '{ viewer { id } }' }),
        new Headers({ 'content-type': 'application/json' }),
        { DPoP },
      );
    for (const _ of [1, 2]) {
      const answer = await query();
      expect(await answer.json()).toEqual({ data: { viewer: { id } } });
    }
    const stolen = await ask({ authorization: `Bearer ${tokens.access_token}` });
    expect(stolen.status).toBe(401);
  });
});

function unsigned(jwt: string): string {
  const [, payload] = jwt.split('.');
  const header = { alg: 'none', typ: 'dpop+jwt', jwk: key.jwk };
  return `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.`;
}
