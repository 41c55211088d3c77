// What web pages of other origins may do: rules on headers, and a gateway that is held to them.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { openRawSocket } from '../testing/live-client.ts';
import type { Platform } from '../testing/platform.ts';
import { listedOrigin, sharedPlatform } from '../testing/shared-platform.ts';

const shop = listedOrigin;
const stranger = 'https://evil.example.com';
let platform: Platform;
let token: string;
beforeAll(async () => {
  platform = await sharedPlatform();
  token = await platform.token({ permissions: ['schema:read'] });
});

const query = '{ __typename }';
const own = () => new URL(platform.gateway.url).origin;
async function send(method: 'GET' | 'POST' | 'OPTIONS', headers: Record<string, string>, body?: string) {
  const search = method === 'GET' ? `?${new URLSearchParams({ query })}` : '';
  const response = await fetch(`${platform.gateway.url}/graphql${search}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
const json = { 'content-type': 'application/json' };
const preflight = (origin: string) =>
  send('OPTIONS', {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
  });

describe('a page of another origin', () => {
  it('that is listed asks for leave once in two hours, and reads answers with their limits', async () => {
    const leave = await preflight(shop);
    expect(leave.status).toBe(204);
    expect(Object.fromEntries(leave.headers)).toMatchObject({
      'access-control-allow-origin': shop,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': expect.stringMatching(/authorization, content-type/),
      'access-control-max-age': '7200',
      vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
    });
    const { status, headers } = await send('POST', { ...json, origin: shop }, JSON.stringify({ query }));
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBe(shop);
    expect(headers.get('access-control-expose-headers')).toMatch(/RateLimit.*X-Request-Id/);
    expect(headers.get('vary')).toBe('Origin');
    expect((await send('GET', { origin: shop })).status).toBe(200);
    const refused = await send('POST', { ...json, origin: shop }, '{');
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([400, shop]);
  });

  it('that is not listed is given leave for nothing', async () => {
    for (const origin of [stranger, `${shop}.evil.example.com`, `${shop}:8443`, 'null']) {
      const { headers } = await preflight(origin);
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('access-control-allow-methods')).toBeNull();
    }
  });

  it('makes no browser ask without leave', async () => {
    const forged: Array<[Parameters<typeof send>[0], Record<string, string>]> = [
      ['GET', { origin: stranger }],
      ['GET', { origin: 'null' }],
      ['GET', { 'sec-fetch-site': 'cross-site' }],
      ['GET', { 'sec-fetch-site': 'same-site', accept: '*/*' }],
      ['GET', { 'sec-fetch-site': 'cross-site', 'content-type': 'text/plain' }],
      ['GET', { origin: stranger, 'apollo-require-preflight': '' }],
      ['POST', { origin: stranger, 'content-type': 'text/plain' }],
      ['POST', { origin: stranger, 'content-type': 'multipart/form-data; boundary=application/json' }],
    ];
    for (const [method, headers] of forged) {
      const { status, text } = await send(method, headers, method === 'POST' ? '{}' : undefined);
      expect({ headers, status }).toEqual({ headers, status: 403 });
      expect(text).toMatch(/BAD_REQUEST/);
    }
  });

  it('opens no connection', async () => {
    for (const origin of [stranger, 'null'])
      await expect(openRawSocket(platform.gateway.url, { headers: { origin } })).rejects.toThrow(/403/);
    for (const origin of [shop, own()])
      (await openRawSocket(platform.gateway.url, { headers: { origin } })).socket.close();
  });
});

describe('who needs no leave', () => {
  it.each([
    ['a program', {}],
    ['somebody who opens the address', { 'sec-fetch-site': 'none' }],
    ['our own page', { 'sec-fetch-site': 'same-origin' }],
    ['a page that asked', { origin: stranger, 'apollo-require-preflight': 'true' }],
    ['a client that names its operation', { 'sec-fetch-site': 'cross-site', 'x-apollo-operation-name': 'Q' }],
  ])('is %s', async (_, headers) => {
    expect((await send('GET', headers)).status).toBe(200);
  });

  it('is a page of the host that was asked', async () => {
    expect((await send('GET', { origin: own() })).status).toBe(200);
  });

  it('is such a page with TLS where the proxy says that the client came by TLS, and none without', async () => {
    const secure = own().replace('http:', 'https:');
    const from = async (origin: string, protocol: string) =>
      (await send('GET', { origin, 'x-forwarded-proto': protocol })).status;
    expect(await from(secure, 'https')).toBe(200);
    expect(await from(secure, 'https, http')).toBe(200);
    expect(await from(own(), 'https')).toBe(403);
    expect(await from(secure, 'http')).toBe(403);
    expect((await send('GET', { origin: secure })).status).toBe(403);
  });
});

describe('the cost of an operation', () => {
  const ask = async (headers: Record<string, string>) =>
    JSON.parse(
      (await send('POST', { ...json, ...headers }, '{"query":"{ viewer { id tenant { id } } }"}')).text,
    );

  it('is told to developers who ask for it', async () => {
    const authorization = `Bearer ${token}`;
    expect(await ask({ authorization, 'graphql-cost': 'true' })).toEqual({
      data: { viewer: { id: 'per_test', tenant: null } },
      extensions: { cost: { estimated: 2, actual: 1 } },
    });
    expect(await ask({ authorization })).not.toHaveProperty('extensions');
    const person = `Bearer ${await platform.token()}`;
    expect(await ask({ authorization: person, 'graphql-cost': 'true' })).not.toHaveProperty('extensions');
    expect(await ask({ 'graphql-cost': 'true' })).not.toHaveProperty('extensions');
  });
});
