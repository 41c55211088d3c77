// GraphQL over Server-Sent Events as clients see it.
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { createClient } from 'graphql-sse';
import type { WatchedService } from '../testing/health-changes.ts';
import { openEventStream, openLiveClient } from '../testing/live-client.ts';
import { type Platform, startPlatform } from '../testing/platform.ts';

const permissions = ['tenant:read', 'service:read'];
let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform({
    bounds: { eventStreams: { keepAliveMs: 50, maximumUnsentBytes: 65_536 } },
  });
});
afterAll(() => platform?.stop());
afterEach(() => eventually(async () => (await platform.health.subscribers()) === 0));

async function acme(): Promise<WatchedService & { token: string }> {
  const { _id: tenantId } = await platform.tenant({ name: 'Acme' });
  const watched = await platform.health.service(tenantId, 'Till');
  return { ...watched, token: await platform.token({ tenantId, permissions }) };
}

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
    const client = openLiveClient({ url: platform.gateway.url, token: shop.token });
    const { results } = client.watch(query);
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
    await client.close();
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
    const token = await platform.token({ tenantId, permissions, expiresInSeconds: -3 });
    const stream = await openEventStream(platform.gateway.url, { query, token });
    await stream.end;
    const [next, complete] = stream.events();
    expect(JSON.parse(next?.data ?? '')).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(complete?.event).toBe('complete');
  });

  it('leave nothing open for a client that left while its token was verified', async () => {
    const { token, tenantId } = await acme();
    platform.links.keys.freeze();
    const at = await platform.startGateway();
    const asking = get(at.url, { query, token });
    const count = (name: string) => platform.metric(at, name, { route: '/graphql' });
    const ended = () => count('http_server_request_duration_seconds_count');
    await received(at, asking);
    asking.destroy();
    await eventually(async () => (await ended()) === 1);
    platform.links.keys.thaw();
    // Whoever asks with the same token later has to wait as long.
    const later = await openEventStream(at.url, { query, token });
    await platform.health.heard(tenantId);
    expect(await platform.metric(at, 'graphql_subscriptions_open')).toBe(1);
    later.leave();
    await eventually(async () => (await platform.metric(at, 'graphql_subscriptions_open')) === 0);
    await at.stop();
  });

  it('are not begun any more when the gateway stops', async () => {
    const { token } = await acme();
    platform.links.keys.freeze();
    const at = await platform.startGateway();
    const asking = get(at.url, { query, token });
    const answered = new Promise<IncomingMessage>((resolve) => asking.once('response', resolve));
    await received(at, asking);
    const stopped = at.stop();
    await eventually(() =>
      fetch(`${at.url}/health/live`).then(
        () => false,
        () => true,
      ),
    );
    platform.links.keys.thaw();
    const response = await answered;
    expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '1']);
    expect(JSON.parse(await text(response))).toMatchObject({
      errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }],
    });
    await stopped;
  });

  it('are cut off for a client that does not read', async () => {
    const shop = await acme();
    // Half a megabyte an event: a socket's buffers hold several.
    const large = `subscription { healthChanged { ${Array.from({ length: 999 }, (_, n) => `m${n}: message`).join(' ')} } }`;
    const response = await new Promise<IncomingMessage>((resolve) => {
      const { port } = new URL(platform.gateway.url);
      const asking = httpRequest({
        ...{ port, path: '/graphql', method: 'POST' },
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream',
          authorization: `Bearer ${shop.token}`,
        },
      });
      asking.once('response', resolve);
      asking.end(JSON.stringify({ query: large }));
    });
    await platform.health.heard(shop.tenantId);
    response.pause();
    await eventually(
      async () => {
        await platform.health.change(shop, 'x'.repeat(500));
        return (await platform.health.subscribers()) === 0;
      },
      { timeoutMs: 60_000 },
    );
    response.on('error', () => undefined);
    const cut = new Promise((resolve) => response.once('close', resolve));
    response.resume();
    await cut;
    expect(response.complete).toBe(false);
  });
});

/** Asks for an event stream by GET, which has no body to wait for. */
function get(url: string, { query, token }: { query: string; token: string }): ClientRequest {
  const asking = httpRequest(`${url}/graphql?${new URLSearchParams({ query })}`, {
    headers: { accept: 'text/event-stream', authorization: `Bearer ${token}` },
  });
  asking.on('error', () => undefined);
  asking.end();
  return asking;
}

/** Resolves when the gateway has a request that it does not answer yet. */
async function received(at: { url: string }, asking: ClientRequest): Promise<void> {
  await eventually(() => asking.socket?.connecting === false && asking.writableFinished);
  // Requests are taken in the order in which they come.
  await fetch(`${at.url}/health/live`);
}
