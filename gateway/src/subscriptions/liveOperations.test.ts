// Live subscriptions: real events of systemhealth, joined with arthemiz.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startSubgraph } from '@supergraph/chassis/subgraph';
import { eventually } from '@supergraph/chassis/testing';
import { definition as systemhealth } from '../../../subgraphs/systemhealth/src/definition.ts';
import type { GatewayBounds } from '../bounds.ts';
import { openHealthChanges, type WatchedService } from '../testing/health-changes.ts';
import { type LiveClient, openLiveClient } from '../testing/live-client.ts';
import { type Platform, startPlatform } from '../testing/platform.ts';
import type { SpokenSubscription } from '../testing/spoken-subgraph.ts';

const permissions = ['tenant:read', 'service:read', 'check:read'];
let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
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

  it('whose join takes long is not overtaken by the next', async () => {
    const shop = await acme();
    const { results } = connect(shop.token).watch(joined);
    await platform.health.heard(shop.tenantId);
    const failures = () =>
      platform.metric(platform.gateway, 'outgoing_call_duration_seconds_count', {
        target: 'arthemiz',
        outcome: 'failure',
      });
    const names: string[] = [];
    for (let round = 0; round < 5; round++) {
      const before = await failures();
      await platform.links.arthemiz.cut();
      await platform.health.change(shop, `slow ${round}`);
      await eventually(async () => (await failures()) > before);
      await platform.links.arthemiz.restore();
      await platform.health.change(shop, `quick ${round}`);
      names.push(`slow ${round}`, `quick ${round}`);
      await eventually(() => results.length === names.length);
    }
    expect(messagesOf(results)).toEqual(names);
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

  it('of two people with equal rights is one at the subgraph, asked for by neither', async () => {
    const shop = await acme();
    const { tenantId } = shop;
    const people = ['per_a', 'per_b'].map((subject, n) => ({
      subject,
      permissions: n === 0 ? permissions : [...permissions].reverse(),
      claims: { client_id: `client_${n}` },
    }));
    const tokens = await Promise.all(people.map((person) => platform.token({ tenantId, ...person })));
    const watches = tokens.map((token) => connect(token).watch(joined));
    const open = () =>
      platform.metric(platform.gateway, 'graphql_subscriptions_open', { operation: 'Watch' });
    await eventually(async () => (await open()) === 2);
    await platform.health.heard(tenantId);
    expect(await platform.health.subscribers()).toBe(1);
    await platform.health.change(shop, 'for both');
    await eventually(() => watches.every(({ results }) => results.length === 1));
    expect(watches[0]?.results).toEqual(watches[1]?.results);
  });

  it('is not shared where tenants, variables, roles or permissions differ', async () => {
    const shop = await acme();
    const { tenantId } = shop;
    const query = 'subscription ($of: ID) { healthChanged(serviceId: $of) { message } }';
    const tokens = await Promise.all([
      platform.token({ tenantId, permissions }),
      platform.token({ tenantId, permissions, roles: ['viewer'] }),
      platform.token({ tenantId, permissions: ['service:read'] }),
      platform.token({ tenantId: (await acme()).tenantId, permissions }),
    ]);
    for (const token of tokens) connect(token).watch(query);
    connect(tokens[0]).watch(query, { of: shop.serviceId });
    await platform.health.heard(tenantId, 5);
    expect(await platform.health.subscribers()).toBe(5);
  });

  it('that is denied is refused with an error, asked of nobody, and told to sentinel once', async () => {
    const shop = await acme();
    const token = await platform.token({ tenantId: shop.tenantId });
    const before = await platform.metric(platform.gateway, 'gateway_fields_denied_total', {
      coordinate: 'Subscription.healthChanged',
    });
    const { end, results } = connect(token).watch('subscription { healthChanged { id } }');
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

describe('a gauge', () => {
  const gauge = 'subscription { serviceStatus { name tenant { name } } }';

  it('tells of each change while its joins keep up, and the latest of each service when they do not', async () => {
    const till = await acme();
    const shelf = await platform.health.service(till.tenantId, 'Shelf');
    const at = await platform.startGateway({}, { live: { conflateAfter: 1 } });
    const { results } = connect(till.token, at).watch(gauge);
    await platform.health.heard(till.tenantId);
    await platform.health.change(till, 'quick');
    await eventually(() => results.length === 1);
    platform.links.arthemiz.freeze();
    for (const service of [till, shelf, till, shelf, till]) await platform.health.change(service, 'slow');
    // Heard by the gateway as well: behind those, over the same connection.
    const seen = connect(till.token, at).watch('subscription { healthChanged { message } }');
    await platform.health.heard(till.tenantId, 2);
    await platform.health.change(shelf, 'last');
    await eventually(() => seen.results.length === 1);
    platform.links.arthemiz.thaw();
    const names = () => results.map(({ data }) => data?.serviceStatus?.name);
    await eventually(() => results.length === 4);
    expect(names()).toEqual(['Till', 'Till', 'Till', 'Shelf']);
    await at.stop();
  });
});

describe('a subgraph that ends a subscription', () => {
  const query = 'subscription { healthChanged { message tenant { name } } }';
  const refused = [{ message: 'Too many.', extensions: { code: 'RATE_LIMITED' } }];

  /** A gateway whose systemhealth says what the test tells it to. */
  async function spoken(bounds: GatewayBounds = {}) {
    const systemhealth = await platform.speakForSubgraph();
    const at = await platform.startGateway(platform.urlsWith({ systemhealth: systemhealth.url }), bounds);
    return {
      at,
      nth: (number: number): Promise<SpokenSubscription> =>
        eventually(() => {
          const subscription = systemhealth.subscriptions[number - 1];
          if (subscription === undefined) throw new Error(`There is no subscription number ${number}.`);
          return subscription;
        }),
    };
  }

  it.each<[string, (subscription: SpokenSubscription) => void, unknown]>([
    ['completes', (subscription) => subscription.complete(), 'complete'],
    ['fails', (subscription) => subscription.fail(refused), refused],
  ])(
    'and %s it while joins are under way tells its subscribers after these, and others get one of their own',
    async (_, finish, end) => {
      const { tenantId, token } = await acme();
      const { at, nth } = await spoken();
      const event = (message: string) => ({
        data: { healthChanged: { message, tenant: { __typename: 'Tenant', id: tenantId } } },
      });
      const early = connect(token, at).watch(query);
      const first = await nth(1);
      platform.links.arthemiz.freeze();
      first.next(event('first'));
      finish(first);
      await first.heard();
      const late = connect(token, at).watch(query);
      const second = await nth(2);
      platform.links.arthemiz.thaw();
      expect(await early.end).toEqual(end);
      expect(messagesOf(early.results)).toEqual(['first']);
      second.next(event('second'));
      await eventually(() => late.results.length === 1);
      expect(messagesOf(late.results)).toEqual(['second']);
      second.complete();
      expect(await late.end).toBe('complete');
      await at.stop();
    },
  );

  it('is joined with one request for all events that come while another is under way, each with its own', async () => {
    const { tenantId, token } = await acme();
    const { at, nth } = await spoken();
    const event = (message: string, id: string) => ({
      data: { healthChanged: { message, tenant: { __typename: 'Tenant', id } } },
    });
    const calls = () =>
      platform.metric(at, 'outgoing_call_duration_seconds_count', { target: 'arthemiz', outcome: 'success' });
    const { results } = connect(token, at).watch(query);
    const subscription = await nth(1);
    const before = await calls();
    platform.links.arthemiz.freeze();
    subscription.next(event('first', tenantId));
    const underWay = { subgraph: 'arthemiz', state: 'under_way' };
    await eventually(async () => (await platform.metric(at, 'gateway_subgraph_fetches', underWay)) === 1);
    for (const [message, id] of [
      ['second', 'ten_unknown'],
      ['third', tenantId],
      ['fourth', 'ten_unknown'],
    ] as const) {
      subscription.next(event(message, id));
      // Not in one piece.
      await subscription.heard();
    }
    platform.links.arthemiz.thaw();
    await eventually(() => results.length === 4);
    expect(
      results.map(({ data }) => [data?.healthChanged?.message, data?.healthChanged?.tenant?.name]),
    ).toEqual([
      ['first', 'Acme'],
      ['second', null],
      ['third', 'Acme'],
      ['fourth', null],
    ]);
    expect((await calls()) - before).toBe(2);
    subscription.complete();
    await at.stop();
  });

  it('is ended by the gateway when it has no log and tells more than can be joined', async () => {
    const { tenantId, token } = await acme();
    const { at, nth } = await spoken({ live: { maximumWaiting: 3 } });
    const { end, results } = connect(token, at).watch(query);
    const subscription = await nth(1);
    platform.links.arthemiz.freeze();
    for (let n = 0; n < 4; n++) {
      const tenant = { __typename: 'Tenant', id: tenantId };
      subscription.next({ data: { healthChanged: { message: `waiting ${n}`, tenant } } });
    }
    expect(await end).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
    platform.links.arthemiz.thaw();
    expect(results).toEqual([]);
    await at.stop();
  });

  it('with an error that is no client’s to know shows nothing but the trace to quote', async () => {
    const { token } = await acme();
    const { at, nth } = await spoken();
    const { end } = connect(token, at).watch(query);
    const errors = [
      {
        message: 'connect ECONNREFUSED 10.0.0.1',
        path: ['healthChanged'],
        extensions: { code: 'ODD', serviceName: 'systemhealth', stacktrace: ['at secret.ts'] },
      },
      { message: 'Not now.', extensions: { code: 'SERVICE_UNAVAILABLE', serviceName: 'systemhealth' } },
    ];
    (await nth(1)).fail(errors);
    const told = await end;
    expect(told).toMatchObject([
      {
        message: expect.stringMatching(/^Something went wrong on our side\. Quote trace/),
        path: ['healthChanged'],
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      },
      { message: 'Not now.', extensions: { code: 'SERVICE_UNAVAILABLE' } },
    ]);
    expect(JSON.stringify(told)).not.toMatch(/ECONNREFUSED|systemhealth|secret/);
    await at.stop();
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

  it('in good order, and comes back on its port, costs nobody a subscription either', async () => {
    const { _id: tenantId } = await platform.tenant();
    const { environment, gatewayEnv } = platform;
    const copy = await startSubgraph(systemhealth, environment.env);
    const urls = JSON.parse(gatewayEnv.SUBGRAPH_URLS ?? '') as Record<string, string>;
    const at = await platform.startGateway({
      SUBGRAPH_URLS: JSON.stringify({ ...urls, systemhealth: `${copy.url}/graphql` }),
    });
    const token = await platform.token({ tenantId, permissions });
    const { results } = connect(token, at).watch('subscription { healthChanged { message } }');
    await openHealthChanges(copy).heard(tenantId);
    await copy.stop();
    const again = await startSubgraph(systemhealth, { ...environment.env, PORT: String(copy.port) });
    const health = openHealthChanges(again);
    await health.heard(tenantId);
    await health.change(await health.service(tenantId), 'from the next process');
    await eventually(() => results.length > 0);
    expect(messagesOf(results)).toEqual(['from the next process']);
    await at.stop();
    await again.stop();
  });

  it('without a word is noticed by its silence, also by those who come meanwhile', async () => {
    const shop = await acme();
    const at = await platform.startGateway({}, { subgraphEvents: { keepAliveMs: 50, connectMs: 500 } });
    const { results } = connect(shop.token, at).watch('subscription { healthChanged { message } }');
    await platform.health.heard(shop.tenantId);
    platform.links.systemhealth.freeze();
    const interrupted = () => platform.metric(at, 'gateway_subscriptions_interrupted_total');
    await eventually(async () => (await interrupted()) > 1);
    const late = connect(shop.token, at).watch('subscription { healthChanged { id } }');
    expect(await late.end).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
    platform.links.systemhealth.thaw();
    await eventually(async () => {
      await platform.health.change(shop, 'heard again');
      return results.length > 0;
    });
    expect(results[0]).toEqual({ data: { healthChanged: { message: 'heard again' } } });
    await at.stop();
  });

  it('while events of a topic with a log wait for their joins loses none, however many come', async () => {
    const shop = await acme();
    const at = await platform.startGateway({}, { live: { maximumWaiting: 3 } });
    const { results } = connect(shop.token, at).watch(joined);
    await platform.health.heard(shop.tenantId);
    platform.links.arthemiz.freeze();
    const names = Array.from({ length: 10 }, (_, n) => `waiting ${n}`);
    for (const name of names) await platform.health.change(shop, name);
    platform.links.arthemiz.thaw();
    await eventually(() => results.length === names.length);
    expect(messagesOf(results)).toEqual(names);
    await at.stop();
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
