// Live subscriptions: real events of systemhealth, joined with arthemiz.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { createClient } from 'graphql-sse';
import type { WatchedService } from '../testing/health-changes.ts';
import { type LiveClient, openEventStream, openLiveClient } from '../testing/live-client.ts';
import { type Platform, startPlatform } from '../testing/platform.ts';

const permissions = ['tenant:read', 'service:read', 'check:read'];
let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform({ bounds: { eventStreams: { keepAliveMs: 50 } } });
});
afterAll(() => platform?.stop());

const clients: LiveClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await eventually(async () => (await platform.health.subscribers()) === 0);
});

function connect(token?: string, at = platform.gateway): LiveClient {
  const client = openLiveClient({ url: at.url, ...(token === undefined ? {} : { token }) });
  clients.push(client);
  return client;
}

async function acme(): Promise<WatchedService & { token: string }> {
  const { _id: tenantId } = await platform.tenant({ name: 'Acme' });
  const watched = await platform.health.service(tenantId, 'Till');
  return { ...watched, token: await platform.token({ tenantId, permissions }) };
}

const messagesOf = (results: readonly { data?: { healthChanged?: { message: string } } | null }[]) =>
  results.map(({ data }) => data?.healthChanged?.message);
const joined =
  'subscription Watch { healthChanged { message status service { name } check { name } tenant { name } } }';

describe('an event', () => {
  it("arrives joined with other subgraphs' fields, in the order of the commits", async () => {
    const shop = await acme();
    const { results } = connect(shop.token).watch(joined);
    await platform.health.heard(shop.tenantId);
    const names = Array.from({ length: 10 }, (_, n) => `change ${n}`);
    for (const name of names) await platform.health.change(shop, name);
    await eventually(() => results.length === names.length);
    expect(messagesOf(results)).toEqual(names);
    expect(results[0]).toEqual({
      data: {
        healthChanged: {
          message: 'change 0',
          status: 'DOWN',
          service: { name: 'Till' },
          check: { name: 'Front page' },
          tenant: { name: 'Acme' },
        },
      },
    });
  });

  it('of another tenant never arrives', async () => {
    const [mine, theirs] = [await acme(), await acme()];
    const { results } = connect(mine.token).watch('subscription { healthChanged { message } }');
    await platform.health.heard(mine.tenantId);
    await platform.health.change(theirs, 'theirs');
    await platform.health.change(mine, 'mine');
    await eventually(() => results.length > 0);
    expect(messagesOf(results)).toEqual(['mine']);
  });

  it('is filtered by the variables', async () => {
    const shop = await acme();
    const other = await platform.health.service(shop.tenantId, 'Other');
    const query =
      'subscription ($of: ID, $unused: Boolean = true) { healthChanged(serviceId: $of) { message service { name @include(if: $unused) } } }';
    const { results } = connect(shop.token).watch(query, { of: other.serviceId });
    await platform.health.heard(shop.tenantId);
    await platform.health.change(shop, 'not this');
    await platform.health.change(other, 'this');
    await eventually(() => results.length > 0);
    expect(results).toEqual([{ data: { healthChanged: { message: 'this', service: { name: 'Other' } } } }]);
  });

  it('shows null and FORBIDDEN where its viewer may not look', async () => {
    const shop = await acme();
    const token = await platform.token({ tenantId: shop.tenantId, permissions: ['service:read'] });
    const { results } = connect(token).watch(joined);
    await platform.health.heard(shop.tenantId);
    await platform.health.change(shop, 'masked');
    await eventually(() => results.length > 0);
    const [result] = results;
    expect(result?.data.healthChanged).toMatchObject({
      message: 'masked',
      service: { name: 'Till' },
      check: null,
      tenant: { name: null },
    });
    expect(result?.errors?.map(({ path, extensions }) => `${path?.join('.')} ${extensions?.code}`)).toEqual([
      'healthChanged.check.name FORBIDDEN',
      'healthChanged.tenant.name FORBIDDEN',
    ]);
  });

  it('has an error where a joined subgraph is down, and the rest', async () => {
    const shop = await acme();
    const { results } = connect(shop.token).watch(joined);
    await platform.health.heard(shop.tenantId);
    await platform.links.arthemiz.cut();
    await platform.health.change(shop, 'alone');
    await eventually(() => results.length > 0);
    await platform.links.arthemiz.restore();
    expect(results[0]).toMatchObject({
      data: { healthChanged: { message: 'alone', tenant: { name: null } } },
      errors: [{ path: ['healthChanged', 'tenant', 'name'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
    });
    await eventually(
      async () => (await platform.query('{ tenant { name } }', { token: shop.token })).errors === undefined,
    );
  });
});

describe('a subscription', () => {
  it('of twenty equal viewers is one at the subgraph, and ends there with the last of them', async () => {
    const shop = await acme();
    const watches = Array.from({ length: 20 }, () => connect(shop.token).watch(joined));
    const open = () =>
      platform.metric(platform.gateway, 'graphql_subscriptions_open', { operation: 'Watch' });
    await eventually(async () => (await open()) === 20);
    await platform.health.heard(shop.tenantId);
    expect(await platform.health.subscribers()).toBe(1);
    await platform.health.change(shop, 'for all');
    await eventually(() => watches.every(({ results }) => results.length === 1));

    for (const watch of watches.slice(1)) watch.stop();
    await eventually(async () => (await open()) === 1);
    await platform.health.change(shop, 'for one');
    await eventually(() => watches[0]?.results.length === 2);
    expect(watches[1]?.results).toHaveLength(1);
    watches[0]?.stop();
    await eventually(async () => (await platform.health.subscribers()) === 0);
    expect(await open()).toBe(0);
  });

  it('is not shared by viewers, variables or permissions that differ', async () => {
    const shop = await acme();
    const { tenantId } = shop;
    const query = 'subscription ($of: ID) { healthChanged(serviceId: $of) { message } }';
    const tokens = await Promise.all([
      platform.token({ tenantId, permissions, subject: 'per_a' }),
      platform.token({ tenantId, permissions, subject: 'per_b' }),
      platform.token({ tenantId, permissions: ['service:read'], subject: 'per_a' }),
    ]);
    for (const token of tokens) connect(token).watch(query);
    connect(tokens[0]).watch(query, { of: shop.serviceId });
    await platform.health.heard(tenantId, 4);
    expect(await platform.health.subscribers()).toBe(4);
  });

  it('that is denied is refused with an error, asked of nobody, and told to sentinel once', async () => {
    const shop = await acme();
    const token = await platform.token({ tenantId: shop.tenantId });
    const before = await platform.metric(platform.gateway, 'gateway_fields_denied_total', {
      coordinate: 'Subscription.healthChanged',
    });
    const { end, results } = connect(token).watch(
      'query Q { tenants { nodes { id } } } subscription S { healthChanged { id } }'.slice(36),
    );
    expect(await end).toMatchObject([{ path: ['healthChanged'], extensions: { code: 'FORBIDDEN' } }]);
    expect(results).toEqual([]);
    expect(await platform.health.subscribers()).toBe(0);
    const after = await platform.metric(platform.gateway, 'gateway_fields_denied_total', {
      coordinate: 'Subscription.healthChanged',
    });
    expect(after - before).toBe(1);
  });

  it('of an anonymous viewer is refused with UNAUTHENTICATED', async () => {
    const { end } = connect().watch('subscription { healthChanged { id } }');
    expect(await end).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('whose document is wrong is refused', async () => {
    const shop = await acme();
    const client = connect(shop.token);
    expect(await client.watch('subscription { nothing }').end).toMatchObject([
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
    expect(
      await client.watch('subscription { a: healthChanged { id } b: healthChanged { id } }').end,
    ).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  });
});

describe('a subgraph that goes away', () => {
  it('and comes back costs nobody a subscription', async () => {
    const shop = await acme();
    const first = connect(shop.token).watch('subscription { healthChanged { message } }');
    const second = connect(shop.token).watch('subscription { healthChanged { message tenant { name } } }');
    await platform.health.heard(shop.tenantId, 2);
    await platform.links.systemhealth.cut();
    await eventually(async () => (await platform.health.subscribers()) === 0);
    await platform.links.systemhealth.restore();
    await platform.health.heard(shop.tenantId, 2);
    await platform.health.change(shop, 'back');
    await eventually(() => first.results.length === 1 && second.results.length === 1);
    expect(messagesOf(first.results)).toEqual(['back']);
  });

  it('before a subscription opens refuses it with SUBGRAPH_UNAVAILABLE', async () => {
    const shop = await acme();
    await platform.links.systemhealth.cut();
    const { end } = connect(shop.token).watch('subscription { healthChanged { message } }');
    expect(await end).toMatchObject([
      { path: ['healthChanged'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } },
    ]);
    await platform.links.systemhealth.restore();
    const again = connect(shop.token).watch('subscription { healthChanged { message } }');
    await platform.health.heard(shop.tenantId);
    await platform.health.change(shop, 'again');
    await eventually(() => again.results.length === 1);
  });

  it('lets its subscribers leave while it is away', async () => {
    const shop = await acme();
    const { stop } = connect(shop.token).watch('subscription { healthChanged { message } }');
    await platform.health.heard(shop.tenantId);
    await platform.links.systemhealth.cut();
    stop();
    await platform.links.systemhealth.restore();
    await eventually(
      async () => (await platform.metric(platform.gateway, 'graphql_subscriptions_open')) === 0,
    );
  });
});

describe('Server-Sent Events', () => {
  const query = 'subscription { healthChanged { message tenant { name } } }';

  it('carry the same events to the client of graphql-sse', async () => {
    const shop = await acme();
    const client = createClient({
      url: `${platform.gateway.url}/graphql`,
      headers: { authorization: `Bearer ${shop.token}` },
      retryAttempts: 0,
    });
    const events = client.iterate({ query });
    const first = events.next();
    await platform.health.heard(shop.tenantId);
    await platform.health.change(shop, 'by SSE');
    expect((await first).value).toEqual({
      data: { healthChanged: { message: 'by SSE', tenant: { name: 'Acme' } } },
    });
    await events.return?.();
    client.dispose();
  });

  it('are shared with WebSocket, say that they are there, and end at the subgraph when the client leaves', async () => {
    const shop = await acme();
    const { results } = connect(shop.token).watch(query);
    const stream = await openEventStream(platform.gateway.url, { query, token: shop.token });
    expect(stream.status).toBe(200);
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(stream.headers.get('x-accel-buffering')).toBe('no');
    await eventually(
      async () => (await platform.metric(platform.gateway, 'graphql_subscriptions_open')) === 2,
    );
    await platform.health.heard(shop.tenantId);
    expect(await platform.health.subscribers()).toBe(1);
    await platform.health.change(shop, 'both');
    await eventually(() => results.length === 1 && stream.events().length === 1);
    expect(stream.events()).toEqual([{ event: 'next', data: JSON.stringify(results[0]) }]);
    await eventually(
      () =>
        stream
          .text()
          .split('\n\n')
          .filter((block) => block === ':').length > 2,
    );
    stream.leave();
    await eventually(
      async () => (await platform.metric(platform.gateway, 'graphql_subscriptions_open')) === 1,
    );
  });

  it('carry the answer of a query, and then its end', async () => {
    const { token } = await acme();
    const stream = await openEventStream(platform.gateway.url, { query: '{ tenant { name } }', token });
    await stream.end;
    expect(stream.events()).toEqual([
      { event: 'next', data: '{"data":{"tenant":{"name":"Acme"}}}' },
      { event: 'complete', data: '' },
    ]);
  });

  it('carry the refusal of a subscription, and then its end', async () => {
    const stream = await openEventStream(platform.gateway.url, { query });
    await stream.end;
    const [next, complete] = stream.events();
    expect(JSON.parse(next?.data ?? '')).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(complete).toEqual({ event: 'complete', data: '' });
  });

  it('are not begun for a document that is wrong or a token that is', async () => {
    const wrong = await openEventStream(platform.gateway.url, { query: '{ nothing }' });
    expect([wrong.status, wrong.headers.get('content-type')]).toEqual([
      400,
      'application/json; charset=utf-8',
    ]);
    const forged = await openEventStream(platform.gateway.url, { query, token: 'forged' });
    expect([forged.status, forged.headers.get('content-type')]).toEqual([
      401,
      'application/json; charset=utf-8',
    ]);
  });

  it('end with an error when the token expires', async () => {
    const { tenantId } = await acme();
    const token = await platform.token({ tenantId, permissions, expiresInSeconds: -4 });
    const stream = await openEventStream(platform.gateway.url, { query, token });
    await stream.end;
    const [next, complete] = stream.events();
    expect(JSON.parse(next?.data ?? '')).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(complete?.event).toBe('complete');
  });
});
