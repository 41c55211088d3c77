// Fetches from a subgraph that says what a test tells it to, over real connections that a test can cut and freeze.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '@supergraph/chassis/logging';
import { createMetrics } from '@supergraph/chassis/metrics';
import { createOutgoing } from '@supergraph/chassis/outgoing';
import { createPassportMint, createPassportVerifier, passportHeader } from '@supergraph/chassis/passport';
import { eventually, testViewer } from '@supergraph/chassis/testing';
import {
  type InterruptibleProxy,
  startInterruptibleProxy,
} from '@supergraph/chassis/testing/interruptible-proxy';
import { startTracing } from '@supergraph/chassis/tracing';
import type { Viewer } from '@supergraph/chassis/viewer';
import { exportJWK, generateKeyPair } from 'jose';
import type { OperationContext } from '../context.ts';
import { type SpokenRequest, type SpokenSubgraph, startSpokenSubgraph } from '../testing/spoken-subgraph.ts';
import { createFetchingViewers, type FetchingViewers } from './fetchingViewers.ts';
import { Cancellation } from './resilience/cancellation.ts';
import { createSubgraphClient, type SubgraphBounds, type SubgraphClient } from './subgraphClient.ts';
import { createSubgraphMetrics } from './subgraphMetrics.ts';

const logger = createLogger({ service: 'gateway', level: 'silent' });
const keys = await generateKeyPair('EdDSA', { extractable: true });
let subgraph: SpokenSubgraph;
let link: InterruptibleProxy;
let viewers: FetchingViewers;
const opened: SubgraphClient[] = [];
beforeAll(async () => {
  subgraph = await startSpokenSubgraph();
  link = await startInterruptibleProxy(subgraph.url);
  viewers = createFetchingViewers(await createPassportMint({ privateKey: await exportJWK(keys.privateKey) }));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((client) => client.close()));
});
afterAll(async () => {
  await link.stop();
  await subgraph.stop();
});

function openClient(bounds: SubgraphBounds = {}) {
  const metrics = createMetrics('gateway');
  const outgoing = createOutgoing({ metrics, logger });
  const client = createSubgraphClient({
    ...{ name: 'shop', url: link.url, viewers, outgoing, logger, metrics: createSubgraphMetrics(metrics) },
    ...bounds,
  });
  opened.push(client);
  return {
    client,
    async metric(name: string, labels: Record<string, string>) {
      const { values = [] } = (await metrics.registry.getSingleMetric(name)?.get()) ?? {};
      const wanted = Object.entries(labels);
      const found = values.filter((each) => wanted.every(([label, value]) => each.labels[label] === value));
      return found.reduce((sum, { value }) => sum + value, 0);
    },
  };
}

const me = testViewer({ tenantId: 'ten_a', permissions: ['shop:read'] });
const contextOf = (given: Partial<OperationContext> & { viewer?: Viewer } = {}): OperationContext => {
  const { viewer = me, ...rest } = given;
  const session = {
    ...{ viewer, issuedAt: 0, expiresAt: Number.POSITIVE_INFINITY },
    onChange: () => () => undefined,
  };
  return { session, requestId: 'req-1', ipAddress: '192.0.2.7', ...rest };
};
let queries = 0;
/** A query that no other test asks. */
const newQuery = () => {
  queries += 1;
  return { body: JSON.stringify({ query: `{ q${queries} }` }), kind: 'query' as const };
};
const asked = (fetch: { body: string }) => {
  const { query } = JSON.parse(fetch.body) as { query: string };
  return subgraph.requests.filter((request) => request.query === query);
};
/** The nth request for a fetch, when it has come. */
const arrival = (fetch: { body: string }, nth = 1): Promise<SpokenRequest> =>
  eventually(async () => {
    const request = asked(fetch)[nth - 1];
    if (!request) throw new Error(`${fetch.body} has not been asked ${nth} times`);
    return request;
  });
const outcome = (fetch: Promise<string>) =>
  fetch.then(
    () => 'answered',
    (error: unknown) => (error as { outcome: unknown }).outcome, // every failure is a SubgraphUnavailable
  );

describe('a fetch', () => {
  it('carries what is asked with a passport, the request id, the address and the trace', async () => {
    const { client } = openClient();
    const tracing = startTracing({ service: 'gateway' });
    const fetch = newQuery();
    const answer = tracing.serve({ name: 'test', carrier: {} }, () => client.fetch(fetch, contextOf()));
    const { headers, answer: say } = await arrival(fetch);
    say({ data: { name: 'Zoë' } });
    expect(await answer).toBe('{"data":{"name":"Zoë"}}');
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-request-id': 'req-1',
      'x-forwarded-for': '192.0.2.7',
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/),
    });
    const publicKey = await exportJWK(keys.publicKey);
    const verify = await createPassportVerifier({ publicKey, audience: 'shop' });
    expect(await verify(headers[passportHeader])).toMatchObject({ subject: me.subject, tenantId: 'ten_a' });
  });

  it('fails for an answer that is too large, or none of GraphQL’s; that is not asked again', async () => {
    const { client, metric } = openClient({ maximumAnswerBytes: 1_000, attempts: 1 });
    const large = newQuery();
    const tooLarge = outcome(client.fetch(large, contextOf()));
    (await arrival(large)).answer({ data: 'x'.repeat(2_000) });
    expect(await tooLarge).toBe('failure');
    const refused = openClient();
    const bad = newQuery();
    const badRequest = outcome(refused.client.fetch(bad, contextOf()));
    (await arrival(bad)).answer({}, 400);
    expect(await badRequest).toBe('failure');
    expect(asked(bad)).toHaveLength(1);
    expect(await metric('outgoing_circuit_breaker_state', { target: 'shop' })).toBe(0);
  });

  it('is given up at its deadline, all attempts included', async () => {
    const { client } = openClient({ deadlineMs: 60 });
    const fetch = newQuery();
    expect(await outcome(client.fetch(fetch, contextOf()))).toBe('deadline');
    const { isAborted } = await eventually(async () => {
      const request = await arrival(fetch);
      if (!request.isAborted) throw new Error('still under way');
      return request;
    });
    expect(isAborted).toBe(true);
  });
});

describe('identical queries of a viewer', () => {
  it('that are under way at once are asked once', async () => {
    const { client, metric } = openClient();
    const fetch = newQuery();
    const again = testViewer({ tenantId: 'ten_a', permissions: ['shop:read'] });
    const all = [me, me, again].map((viewer) => client.fetch({ ...fetch }, contextOf({ viewer })));
    (await arrival(fetch)).answer({ data: 1 });
    expect(await Promise.all(all)).toEqual(['{"data":1}', '{"data":1}', '{"data":1}']);
    expect(asked(fetch)).toHaveLength(1);
    expect(await metric('gateway_subgraph_fetches_shared_total', { subgraph: 'shop' })).toBe(2);
    const later = client.fetch(fetch, contextOf());
    (await arrival(fetch, 2)).answer({ data: 2 });
    expect(await later).toBe('{"data":2}');
  });

  it('are each asked for another viewer, and from another address', async () => {
    const { client } = openClient();
    const fetch = newQuery();
    const other = testViewer({ tenantId: 'ten_a', permissions: ['shop:read', 'shop:write'] });
    const all = [{}, { viewer: other }, { ipAddress: '192.0.2.8' }].map((given) =>
      client.fetch(fetch, contextOf(given)),
    );
    for (const nth of [1, 2, 3]) (await arrival(fetch, nth)).answer({ data: nth });
    await Promise.all(all);
    expect(asked(fetch)).toHaveLength(3);
  });

  it('are asked again once a mutation of theirs has ended, though it failed', async () => {
    const { client } = openClient();
    const query = newQuery();
    for (const status of [200, 500]) {
      const before = asked(query).length;
      const mutation = { ...newQuery(), kind: 'mutation' as const };
      const early = client.fetch(query, contextOf());
      const first = await arrival(query, before + 1);
      const changed = outcome(client.fetch(mutation, contextOf()));
      const shared = client.fetch(query, contextOf());
      (await arrival(mutation)).answer({ data: 'changed' }, status);
      await changed;
      const late = client.fetch(query, contextOf());
      (await arrival(query, before + 2)).answer({ data: 'new' });
      expect(await late).toBe('{"data":"new"}');
      first.answer({ data: 'old' });
      expect(await Promise.all([early, shared])).toEqual(['{"data":"old"}', '{"data":"old"}']);
      expect(asked(query)).toHaveLength(before + 2);
    }
  });

  it('are asked for each event that they complete: an earlier answer may not know of it', async () => {
    const { client } = openClient();
    const fetch = newQuery();
    const both = [1, 2].map(() => client.fetch(fetch, { ...contextOf(), isOfEvent: true }));
    for (const nth of [1, 2]) (await arrival(fetch, nth)).answer({ data: nth });
    expect(new Set(await Promise.all(both)).size).toBe(2);
  });

  it('are no mutations: each is asked', async () => {
    const { client } = openClient();
    const mutation = { ...newQuery(), kind: 'mutation' as const };
    const both = [client.fetch(mutation, contextOf()), client.fetch(mutation, contextOf())];
    for (const nth of [1, 2]) (await arrival(mutation, nth)).answer({ data: nth });
    expect(new Set(await Promise.all(both)).size).toBe(2);
  });

  it('go on when one leaves, and are given up when all have', async () => {
    const { client } = openClient();
    const fetch = newQuery();
    const leaving = [new Cancellation(), new Cancellation()];
    const left = leaving.map((cancellation) => outcome(client.fetch(fetch, contextOf({ cancellation }))));
    const request = await arrival(fetch);
    leaving[0]?.cancel();
    expect(await left[0]).toBe('left');
    expect(request.isAborted).toBe(false);
    leaving[1]?.cancel();
    expect(await left[1]).toBe('left');
    // Whoever comes now does not wait for what is being given up.
    const late = client.fetch(fetch, contextOf());
    (await arrival(fetch, 2)).answer({ data: 'late' });
    expect(await late).toBe('{"data":"late"}');
    await eventually(async () => expect(request.isAborted).toBe(true));
  });
});

describe('a query that has been under way for half of its deadline', () => {
  it('is asked anew for who comes then, for whom the rest would be too short', async () => {
    const { client } = openClient({ deadlineMs: 2_000 });
    const fetch = newQuery();
    const early = outcome(client.fetch(fetch, contextOf()));
    await arrival(fetch);
    // It has been under way for longer.
    const startedAt = performance.now();
    await eventually(() => performance.now() > startedAt + 1_000);
    const late = client.fetch(fetch, contextOf());
    const request = await arrival(fetch, 2);
    expect(await early).toBe('deadline');
    request.answer({ data: 'late' });
    expect(await late).toBe('{"data":"late"}');
  });
});

describe('a subgraph that is slow', () => {
  it('takes so many fetches at once; so many wait their turn, and others are refused at once', async () => {
    const { client, metric } = openClient({ connections: 2, waiting: 1 });
    const fetches = [newQuery(), newQuery(), newQuery(), newQuery()];
    const [first, second, third, fourth] = fetches.map((fetch) => client.fetch(fetch, contextOf()));
    expect(await outcome(fourth ?? Promise.resolve(''))).toBe('overloaded');
    const states = async () => [
      await metric('gateway_subgraph_fetches', { state: 'under_way' }),
      await metric('gateway_subgraph_fetches', { state: 'waiting' }),
    ];
    expect(await states()).toEqual([2, 1]);
    for (const fetch of fetches.slice(0, 2)) (await arrival(fetch)).answer({ data: 1 });
    await Promise.all([first, second]);
    for (const fetch of fetches.slice(2, 3)) (await arrival(fetch)).answer({ data: 1 });
    await third;
    expect(await states()).toEqual([0, 0]);
  });

  it('gives the turn of one that left to the next', async () => {
    const { client } = openClient({ connections: 1 });
    const [first, second, third] = [newQuery(), newQuery(), newQuery()];
    const leaving = new Cancellation();
    const served = client.fetch(first, contextOf());
    const left = outcome(client.fetch(second, contextOf({ cancellation: leaving })));
    const last = client.fetch(third, contextOf());
    leaving.cancel();
    expect(await left).toBe('left');
    (await arrival(first)).answer({ data: 1 });
    (await arrival(third)).answer({ data: 3 });
    expect(await Promise.all([served, last])).toEqual(['{"data":1}', '{"data":3}']);
    expect(asked(second)).toHaveLength(0);
  });
});

describe('a subgraph that fails', () => {
  it('is asked again for queries, never for mutations', async () => {
    const { client } = openClient();
    const query = newQuery();
    const answer = client.fetch(query, contextOf());
    (await arrival(query)).answer({}, 503);
    (await arrival(query, 2)).answer({}, 500);
    (await arrival(query, 3)).answer({ data: 'at last' });
    expect(await answer).toBe('{"data":"at last"}');
    const mutation = { ...newQuery(), kind: 'mutation' as const };
    const failed = outcome(client.fetch(mutation, contextOf()));
    (await arrival(mutation)).answer({}, 503);
    expect(await failed).toBe('failure');
    expect(asked(mutation)).toHaveLength(1);
  });

  it('is left alone after so many failures, then tried by one, which lets the others in again', async () => {
    const { client, metric } = openClient({ breakAfter: 2, breakForMs: 50, attempts: 1, deadlineMs: 2_000 });
    const state = () => metric('outgoing_circuit_breaker_state', { target: 'shop' });
    await link.cut();
    expect(await outcome(client.fetch(newQuery(), contextOf()))).toBe('failure');
    expect(await outcome(client.fetch(newQuery(), contextOf()))).toBe('failure');
    expect(await outcome(client.fetch(newQuery(), contextOf()))).toBe('rejected');
    expect(await state()).toBe(1);
    await link.restore();
    const probe = newQuery();
    const tried = await eventually(async () => {
      const fetch = client.fetch(probe, contextOf());
      await Promise.race([arrival(probe), fetch]);
      return { fetch };
    });
    expect(await state()).toBe(2);
    expect(await outcome(client.fetch(newQuery(), contextOf()))).toBe('rejected');
    (await arrival(probe)).answer({ data: 1 });
    await tried.fetch;
    expect(await state()).toBe(0);
  });

  it('gets no more retries than its budget', async () => {
    const { client, metric } = openClient({ breakAfter: 1_000, connections: 200 });
    await link.cut();
    await Promise.all(Array.from({ length: 18 }, () => outcome(client.fetch(newQuery(), contextOf()))));
    await link.restore();
    const retries = (made: string) => metric('gateway_subgraph_retries_total', { outcome: made });
    // Ten that are always allowed, a few that grew meanwhile, and a fifth of 18.
    expect(await retries('made')).toBeGreaterThanOrEqual(10);
    expect(await retries('made')).toBeLessThanOrEqual(20);
    expect(await retries('withheld')).toBeGreaterThan(0);
  });
});
