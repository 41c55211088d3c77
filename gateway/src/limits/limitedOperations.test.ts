// What clients see of rate limits, by each transport.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { openEventStream, openLiveClient } from '../testing/live-client.ts';
import { type Platform, startPlatform } from '../testing/platform.ts';

let platform: Platform;
let tenantId: string;
beforeAll(async () => {
  const limits = {
    tenant: null,
    client: null,
    person: { operations: 3, seconds: 3_600 },
    address: { operations: 3, seconds: 3_600 },
  };
  platform = await startPlatform({ env: { RATE_LIMITS: JSON.stringify(limits) } });
  tenantId = (await platform.tenant())._id;
});
afterAll(() => platform?.stop());

let people = 0;
const newToken = () => {
  people += 1;
  return platform.token({ tenantId, subject: `per_${people}`, permissions: ['service:read'] });
};
const ping = '{ __typename }';
const refusal = { code: 'RATE_LIMITED', limit: 'person-operations', retryAfterSeconds: expect.any(Number) };

describe('a limited caller', () => {
  it('reads in each HTTP response what it has left, and then when to come back', async () => {
    const token = await newToken();
    for (const left of [2, 1, 0]) {
      const { status, headers } = await platform.query(ping, { token });
      expect(status).toBe(200);
      expect(headers.get('ratelimit-policy')).toBe('"person-operations";q=3;w=3600');
      expect(headers.get('ratelimit')).toMatch(new RegExp(`^"person-operations";r=${left};t=\\d+$`));
    }
    const refused = await platform.query(ping, { token });
    expect(refused.status).toBe(429);
    const [error] = refused.errors ?? [];
    expect(error?.extensions).toMatchObject(refusal);
    const seconds = error?.extensions?.retryAfterSeconds;
    expect(refused.headers.get('retry-after')).toBe(String(seconds));
    expect(refused.headers.get('ratelimit')).toBe(`"person-operations";r=0;t=${seconds}`);
    const resetAt = Date.parse(String(error?.extensions?.resetAt));
    expect(Math.abs(resetAt - Date.now() - Number(seconds) * 1000)).toBeLessThan(5_000);
  });

  it('draws on the same allowance by HTTP, WebSocket and Server-Sent Events, at every gateway', async () => {
    const token = await newToken();
    const other = await platform.startGateway();
    const live = openLiveClient({ url: other.url, token });
    try {
      const first = live.watch(ping);
      expect(await first.end).toBe('complete');
      const stream = await openEventStream(platform.gateway.url, { query: ping, token });
      expect(stream.headers.get('ratelimit')).toMatch(/^"person-operations";r=\d;/);
      await stream.end;
      await eventually(async () => (await platform.query(ping, { token })).status === 429);
      // The other gateway hears of it within a twentieth of a second.
      await eventually(async () => Array.isArray(await live.watch(ping).end));
      expect(await live.watch(ping).end).toMatchObject([{ extensions: refusal }]);
      const refused = await openEventStream(platform.gateway.url, { query: ping, token });
      expect(refused.status).toBe(429);
    } finally {
      await live.close();
    }
  });

  it('is an address where nobody signed in', async () => {
    const headers = { 'x-forwarded-for': '2001:db8:0:1::5' };
    const neighbour = { 'x-forwarded-for': '2001:db8:0:1:ffff::1' };
    for (let turn = 0; turn < 3; turn += 1) await platform.query(ping, { headers });
    expect((await platform.query(ping, { headers: neighbour })).status).toBe(429);
    expect((await platform.query(ping, { headers: { 'x-forwarded-for': '2001:db8:0:2::5' } })).status).toBe(
      200,
    );
  });

  it('pays what an operation may cost, and gets back what it did not', async () => {
    const person = { cost: 60, seconds: 3_600 };
    const gateway = await platform.startGateway({
      RATE_LIMITS: JSON.stringify({ tenant: null, client: null, person, address: null }),
    });
    const token = await newToken();
    // A page of 50 services that the tenant does not have.
    const query = '{ services(first: 50) { nodes { name } } }';
    for (let turn = 0; turn < 3; turn += 1) {
      const { status, headers } = await platform.query(query, { token, at: gateway });
      expect(status).toBe(200);
      expect(headers.get('ratelimit')).toMatch(/^"person-cost";r=5\d;/);
    }
    const refused = await platform.query(query.replace('50', '59'), { token, at: gateway });
    expect(refused.status).toBe(429);
    expect(refused.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', limit: 'person-cost' } }]);
  });

  it('pays what was estimated for what could not be brought', async () => {
    const person = { cost: 100, seconds: 3_600 };
    const gateway = await platform.startGateway({
      RATE_LIMITS: JSON.stringify({ tenant: null, client: null, person, address: null }),
    });
    const token = await newToken();
    await platform.links.systemhealth.cut();
    try {
      const query = '{ viewer { id } services(first: 50) { nodes { name } } }';
      const { headers, errors } = await platform.query(query, { token, at: gateway });
      expect(errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
      expect(headers.get('ratelimit')).toMatch(/^"person-cost";r=48;/);
    } finally {
      await platform.links.systemhealth.restore();
    }
  });

  it('pays for what is no valid operation, too', async () => {
    const token = await newToken();
    for (let turn = 0; turn < 3; turn += 1) await platform.query('{ nothing }', { token });
    expect((await platform.query(ping, { token })).status).toBe(429);
  });
});

describe('an operation that is new to a gateway', () => {
  const planning = { milliseconds: 40, seconds: 3_600 };
  const limits = { tenant: null, client: null, person: null, address: null, planning };
  const unheard = () => `query New { n${randomBytes(6).toString('hex')}: services { nodes { id name } } }`;
  const registered = 'query Registered { services { nodes { id } } }';
  const registeredWrong = '{ nothing }';
  const known = 'query Known { services { nodes { name } } }';
  let folder: string;
  let at: { url: string };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'registered-'));
    await writeFile(join(folder, 'all.json'), JSON.stringify({ registered, registeredWrong }));
    at = await platform.startGateway({
      RATE_LIMITS: JSON.stringify(limits),
      ...{ TRUSTED_DOCUMENTS: 'allowed', TRUSTED_DOCUMENTS_PATH: folder },
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Sends others until one is refused, by the way given. */
  const exhaust = (send: (query: string) => ReturnType<Platform['query']>) =>
    eventually(async () => {
      const answer = await send(unheard());
      return answer.status === 429 && answer;
    });

  it('is refused to whoever has sent too many, and to nobody else; what is known goes on', async () => {
    const [greedy, modest] = [await newToken(), await newToken()];
    await platform.query(known, { token: greedy, at });
    const refused = await exhaust((query) => platform.query(query, { token: greedy, at }));
    expect(refused.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', limit: 'planning' } }]);
    const [error] = refused.errors ?? [];
    expect(refused.headers.get('retry-after')).toBe(String(error?.extensions?.retryAfterSeconds));
    expect(await platform.metric(at, 'gateway_rate_limited_total', { policy: 'planning' })).toBe(1);

    expect((await platform.query(known, { token: greedy, at })).status).toBe(200);
    expect((await platform.query(registered, { token: greedy, at })).status).toBe(200);
    expect((await platform.query(unheard(), { token: modest, at })).status).toBe(200);
    const live = openLiveClient({ url: at.url, token: greedy });
    try {
      expect(await live.watch(unheard()).end).toMatchObject([{ extensions: { limit: 'planning' } }]);
      expect(await live.watch(known).end).toBe('complete');
    } finally {
      await live.close();
    }
  });

  it('counts, too, where it is not valid or comes with its hash', async () => {
    const invalid = await newToken();
    const wrong = () => `{ n${randomBytes(6).toString('hex')} }`;
    await eventually(async () => (await platform.query(wrong(), { token: invalid, at })).status === 429);
    const outdated = await newToken();
    await eventually(
      async () => (await platform.query(registeredWrong, { token: outdated, at })).status === 429,
    );
    const persistent = await newToken();
    await exhaust((query) => {
      const sha256Hash = createHash('sha256').update(query).digest('hex');
      const persistedQuery = { version: 1, sha256Hash };
      return platform.query(query, { token: persistent, at, extensions: { persistedQuery } });
    });
  });
});

describe('a gateway without Redis', () => {
  it('that may not let anybody through uncounted refuses all, and is not ready', async () => {
    const token = await newToken();
    const gateway = await platform.startGateway({ RATE_LIMITS_WITHOUT_REDIS: 'closed' });
    // It connects in the background.
    await eventually(async () => (await platform.query(ping, { token, at: gateway })).status === 200);
    await platform.links.redis.cut();
    try {
      await eventually(async () => (await platform.query(ping, { token, at: gateway })).status === 503);
      const refused = await platform.query(ping, { token, at: gateway });
      expect(refused.errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
      expect(refused.headers.get('retry-after')).toBe('1');
      expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(503);
    } finally {
      await platform.links.redis.restore();
    }
    const fresh = await newToken();
    await eventually(async () => (await platform.query(ping, { token: fresh, at: gateway })).status === 200);
  });
});
