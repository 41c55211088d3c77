// What is kept, before the real subgraphs: asked once, told to equals, and forgotten when an event says so.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { type Platform, startPlatform } from '../testing/platform.ts';

let platform: Platform;
let other: { url: string };
beforeAll(async () => {
  // A reading that is late is gone without, and here machines may be busy.
  const bounds = { cache: { readMs: 5_000 } };
  platform = await startPlatform({ bounds });
  other = await platform.startGateway({}, bounds);
});
afterAll(() => platform?.stop());

const permissions = ['tenant:read', 'tenant:update', 'service:read', 'service:write'];
const nameOf = '{ tenant { name slug } }';
const namesOfServices = '{ services { nodes { name tenant { name } } } }';
const create = 'mutation { createService(input: { name: "Shop" }) { service { id } } }';

let tenantId: string;
let people = 0;
const newToken = (given: { tenantId?: string; permissions?: string[] } = {}) => {
  people += 1;
  return platform.token({ tenantId, subject: `per_${people}`, permissions, ...given });
};
const ask = async (query: string, token: string, at?: { url: string }) => {
  const before = await platform.requestsTo('arthemiz');
  const { data, errors } = await platform.query(query, { token, ...(at ? { at } : {}) });
  expect(errors).toBeUndefined();
  return { data, asked: (await platform.requestsTo('arthemiz')) - before };
};
const rename = async (token: string, name: string) => {
  const mutation = `mutation { renameTenant(input: { name: "${name}" }) { tenant { name } } }`;
  const { data } = await platform.query(mutation, { token });
  expect(data).toEqual({ renameTenant: { tenant: { name } } });
};
/** Asks until it is kept: that waits for RabbitMQ to tell of changes. */
const warm = async (query: string, token: string, at?: { url: string }) =>
  eventually(async () => (await ask(query, token, at)).asked === 0);

beforeEach(async () => {
  tenantId = (await platform.tenant({ name: 'Acme' }))._id;
});

describe('an answer of root fields', () => {
  it('is asked for once and told to others of equal rights, by every gateway', async () => {
    await warm(nameOf, await newToken());
    await warm(nameOf, await newToken(), other);
    for (const at of [platform.gateway, other]) {
      const { data, asked } = await ask(nameOf, await newToken(), at);
      expect(data).toMatchObject({ tenant: { name: 'Acme' } });
      expect(asked).toBe(0);
    }
    // Its name is the client's own.
    expect((await ask(`query Mine ${nameOf}`, await newToken())).asked).toBe(0);
  });

  it('is asked for again for who has other rights, and for another tenant', async () => {
    await warm(nameOf, await newToken());
    expect((await ask(nameOf, await newToken({ permissions: ['tenant:read'] }))).asked).toBe(1);
    const globex = (await platform.tenant({ name: 'Globex' }))._id;
    const theirs = await ask(nameOf, await newToken({ tenantId: globex }));
    expect(theirs).toMatchObject({ asked: 1, data: { tenant: { name: 'Globex' } } });
  });

  it('is told as it has become: to who changed it at once, to the others when its event arrives', async () => {
    const [writer, reader] = [await newToken(), await newToken()];
    await warm(nameOf, reader);
    await rename(writer, 'Acme International');
    expect((await ask(nameOf, writer)).data).toMatchObject({ tenant: { name: 'Acme International' } });
    expect((await ask(nameOf, writer, other)).data).toMatchObject({ tenant: { name: 'Acme International' } });
    const renamed = async () => {
      const { data } = await ask(nameOf, reader, other);
      expect(data).toMatchObject({ tenant: { name: 'Acme International' } });
    };
    await eventually(renamed);
    await warm(nameOf, reader, other);
    await renamed();
  });

  it('is not kept when something in it is denied or unmarked', async () => {
    const token = await newToken();
    await warm(nameOf, token);
    const query = '{ tenant { name } viewer { id } }';
    expect((await ask(query, token)).asked).toBe(1);
    expect((await ask(query, token)).asked).toBe(1);
  });
});

describe('an entity', () => {
  it('is kept by itself, whoever brought it into the answer', async () => {
    const token = await newToken();
    await platform.query(create, { token });
    const reader = await newToken();
    await warm(namesOfServices, reader);
    const { data, asked } = await ask(namesOfServices, reader);
    expect(data).toEqual({ services: { nodes: [{ name: 'Shop', tenant: { name: 'Acme' } }] } });
    expect(asked).toBe(0);
    await rename(token, 'Acme & Sons');
    await eventually(async () => {
      const { data } = await ask(namesOfServices, reader);
      expect(data).toEqual({ services: { nodes: [{ name: 'Shop', tenant: { name: 'Acme & Sons' } }] } });
    });
  });
});

describe('on bad days', () => {
  it('subgraphs are asked without Redis, and nothing that changed meanwhile is told afterwards', async () => {
    const [writer, reader] = [await newToken(), await newToken()];
    await warm(nameOf, reader);
    await platform.links.redis.cut();
    try {
      expect(await ask(nameOf, reader)).toMatchObject({ asked: 1, data: { tenant: { name: 'Acme' } } });
      await rename(writer, 'Acme Two');
      expect(await ask(nameOf, reader)).toMatchObject({ asked: 1, data: { tenant: { name: 'Acme Two' } } });
    } finally {
      await platform.links.redis.restore();
    }
    await eventually(async () => {
      expect((await ask(nameOf, reader)).data).toMatchObject({ tenant: { name: 'Acme Two' } });
    });
    await warm(nameOf, reader);
    expect((await ask(nameOf, reader)).data).toMatchObject({ tenant: { name: 'Acme Two' } });
  });

  it('subgraphs are asked while nobody hears of changes', async () => {
    const reader = await newToken();
    await warm(nameOf, reader);
    await platform.links.rabbitmq.cut();
    try {
      await eventually(async () => (await ask(nameOf, reader)).asked === 1);
    } finally {
      await platform.links.rabbitmq.restore();
    }
    await warm(nameOf, reader);
  });
});

describe('what operators see', () => {
  it('is how often it helped, and what was forgotten', async () => {
    const token = await newToken();
    await warm(nameOf, token);
    const count = (outcome: string) =>
      platform.metric(platform.gateway, 'gateway_cache_lookups_total', { subgraph: 'arthemiz', outcome });
    const before = await count('hit');
    await ask(nameOf, token);
    expect(await count('hit')).toBe(before + 1);
    expect(await count('miss')).toBeGreaterThan(0);
    const changes = async (at: { url: string }) => platform.metric(at, 'gateway_cache_changes_total');
    expect((await changes(platform.gateway)) + (await changes(other))).toBeGreaterThan(0);
  });
});
