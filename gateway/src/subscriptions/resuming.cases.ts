// Subscriptions that go on after something in between was away: every event, once, in its order, or a word of the loss.
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startSubgraph } from '@supergraph/chassis/subgraph';
import { eventually } from '@supergraph/chassis/testing';
import { definition as systemhealth } from '../../../subgraphs/systemhealth/src/definition.ts';
import type { RunningGateway } from '../gateway.ts';
import { openHealthChanges, type WatchedService } from '../testing/health-changes.ts';
import { openEventStream } from '../testing/live-client.ts';
import type { Platform } from '../testing/platform.ts';
import { openResumingClient, type ResumingClient } from '../testing/resuming-client.ts';
import { sharedPlatform } from '../testing/shared-platform.ts';

const permissions = ['tenant:read', 'service:read', 'check:read'];
const query = 'subscription { healthChanged { message tenant { name } } }';
describe('a subscription that something in between cuts', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await sharedPlatform();
  });

  const clients: ResumingClient[] = [];
  afterEach(async () => {
    for (const client of clients.splice(0)) client.stop();
    await eventually(async () => (await platform.health.subscribers()) === 0);
  });

  async function acme(): Promise<WatchedService & { token: string }> {
    const { _id: tenantId } = await platform.tenant({ name: 'Acme' });
    const watched = await platform.health.service(tenantId, 'Till');
    return { ...watched, token: await platform.token({ tenantId, permissions }) };
  }

  interface Resuming {
    token: string;
    at?: () => RunningGateway;
    resumeAfter?: string;
  }

  function follow({ token, at = () => platform.gateway, resumeAfter }: Resuming): ResumingClient {
    const url = () => at().url;
    const client = openResumingClient({ url, token, query, ...(resumeAfter ? { resumeAfter } : {}) });
    clients.push(client);
    return client;
  }

  const messagesOf = ({ results }: Pick<ResumingClient, 'results'>) =>
    results.map(
      (result) => (result as { data: { healthChanged: { message: string } } }).data.healthChanged.message,
    );
  const named = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => `change ${from + n}`);

  async function change(shop: WatchedService, names: string[]): Promise<void> {
    for (const name of names) await platform.health.change(shop, name);
  }

  describe('a client that comes back', () => {
    it('gets what it missed, from the gateway where others have stayed, and from the log where nobody has', async () => {
      const shop = await acme();
      const staying = follow(shop);
      const first = follow(shop);
      await eventually(() => staying.cursor() !== null && first.cursor() !== null);
      await change(shop, named(0, 3));
      await eventually(() => first.results.length === 3 && staying.results.length === 3);
      first.stop();
      await change(shop, named(3, 5));
      await eventually(() => staying.results.length === 5);
      const second = follow({ ...shop, resumeAfter: first.cursor() ?? '' });
      await eventually(() => second.results.length === 2);
      expect(await platform.health.subscribers()).toBe(1);
      for (const client of [staying, second]) client.stop();
      await eventually(async () => (await platform.health.subscribers()) === 0);
      await change(shop, named(5, 7));
      const third = follow({ ...shop, resumeAfter: second.cursor() ?? '' });
      await eventually(() => third.results.length === 2);
      expect([...messagesOf(first), ...messagesOf(second), ...messagesOf(third)]).toEqual(named(0, 7));
    });

    it('that has been further behind catches up and then shares what the others have', async () => {
      const shop = await acme();
      const at = await platform.startGateway({}, { live: { recent: { events: 2, length: 10_000 } } });
      const staying = follow({ ...shop, at: () => at });
      await eventually(() => staying.cursor() !== null);
      await change(shop, named(0, 8));
      await eventually(() => staying.results.length === 8);
      const first = (staying.results[0] as { extensions: { cursor: string } }).extensions.cursor;
      const late = follow({ ...shop, at: () => at, resumeAfter: first });
      await eventually(() => late.results.length === 7);
      await eventually(async () => (await platform.health.subscribers()) === 1);
      await change(shop, named(8, 10));
      await eventually(() => late.results.length === 9 && staying.results.length === 10);
      expect(messagesOf(late)).toEqual(named(1, 10));
      expect(messagesOf(staying)).toEqual(named(0, 10));
      await at.stop();
    });

    it('knows where to go on before the first event has come', async () => {
      const shop = await acme();
      const client = follow(shop);
      await eventually(() => client.cursor() !== null);
      client.stop();
      await eventually(async () => (await platform.health.subscribers()) === 0);
      await change(shop, named(0, 1));
      const again = follow({ ...shop, resumeAfter: client.cursor() ?? '' });
      await eventually(() => again.results.length === 1);
      expect(messagesOf(again)).toEqual(named(0, 1));
    });

    it('too late is told so, with a place from which nothing will be missing', async () => {
      const shop = await acme();
      await change(shop, named(0, 1));
      const client = follow({ ...shop, resumeAfter: '1-0' });
      await eventually(() => client.results.length > 0);
      await change(shop, named(1, 2));
      await eventually(() => client.results.length > 2);
      expect(client.results[0]).toEqual({
        data: null,
        errors: [expect.objectContaining({ extensions: { code: 'EVENTS_LOST' } })],
        extensions: { gap: true, cursor: expect.stringMatching(/^\d+-\d+$/) },
      });
      expect(messagesOf({ results: client.results.slice(1) })).toEqual(named(0, 2));
    });

    it('with what is no cursor is refused', async () => {
      const { token } = await acme();
      const stream = await openEventStream(platform.gateway.url, { query, token, lastEventId: 'yesterday' });
      expect(stream.status).toBe(400);
    });

    it('by an event stream goes on after its last event id', async () => {
      const shop = await acme();
      const first = await openEventStream(platform.gateway.url, { query, token: shop.token });
      await platform.health.heard(shop.tenantId);
      await change(shop, named(0, 2));
      await eventually(() => first.events().length === 2);
      first.leave();
      await change(shop, named(2, 4));
      const lastEventId = first.ids().at(-1) ?? '';
      const second = await openEventStream(platform.gateway.url, { query, token: shop.token, lastEventId });
      await eventually(() => second.events().length === 2);
      const told = [...first.events(), ...second.events()].map(({ data }) => JSON.parse(data));
      expect(messagesOf({ results: told })).toEqual(named(0, 4));
      second.leave();
    });
  });

  describe('under events that go on, a restart', () => {
    it('of the gateway loses none, and its clients come back by themselves', async () => {
      const shop = await acme();
      let at = await platform.startGateway();
      const client = follow({ ...shop, at: () => at });
      await eventually(() => client.cursor() !== null);
      let count = 0;
      const next = () => platform.health.change(shop, `change ${count++}`);
      for (let round = 0; round < 2; round++) {
        await next();
        const before = at;
        const stopped = before.stop();
        await next();
        at = await platform.startGateway();
        await next();
        await stopped;
        await next();
      }
      await eventually(() => client.results.length >= count);
      expect(messagesOf(client)).toEqual(named(0, count));
      expect(client.closes).toEqual([1012, 1012]);
      await at.stop();
    });

    it('of the subgraph loses none of what other copies tell', async () => {
      const shop = await acme();
      const { environment, gatewayEnv } = platform;
      let copy = await startSubgraph(systemhealth, environment.env);
      const urls = JSON.parse(gatewayEnv.SUBGRAPH_URLS ?? '') as Record<string, string>;
      const at = await platform.startGateway({
        SUBGRAPH_URLS: JSON.stringify({ ...urls, systemhealth: `${copy.url}/graphql` }),
      });
      const client = follow({ ...shop, at: () => at });
      await eventually(() => client.cursor() !== null);
      await change(shop, named(0, 2));
      await copy.stop();
      await change(shop, named(2, 4));
      copy = await startSubgraph(systemhealth, { ...environment.env, PORT: String(copy.port) });
      await openHealthChanges(copy).heard(shop.tenantId);
      await change(shop, named(4, 6));
      await eventually(() => client.results.length >= 6);
      expect(messagesOf(client)).toEqual(named(0, 6));
      expect(client.closes).toEqual([]);
      client.stop();
      await at.stop();
      await copy.stop();
    });
  });
});
