// The gateway's start and stop, and what operators see of it.
import { writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigError } from '@supergraph/chassis/config';
import { eventually } from '@supergraph/chassis/testing';
import { WebSocket } from 'ws';
import { startGateway } from './gateway.ts';
import { openEventStream, openLiveClient, openRawSocket, type RawSocket } from './testing/live-client.ts';
import { type Platform, startPlatform } from './testing/platform.ts';

let platform: Platform;
let tenantId: string;
let token: string;
beforeAll(async () => {
  platform = await startPlatform();
  tenantId = (await platform.tenant({ name: 'Acme' }))._id;
  token = await platform.token({ tenantId, permissions: ['tenant:read', 'service:read', 'service:write'] });
});
afterAll(() => platform?.stop());

const readiness = async ({ url }: { url: string }) => {
  const response = await fetch(`${url}/health/ready`);
  return { http: response.status, ...((await response.json()) as object) };
};

describe('the start', () => {
  it('names every variable that is missing or wrong, and no value', async () => {
    const start = startGateway({
      PORT: 'eighty',
      PASSPORT_PRIVATE_KEY: '{"d":"secret"}',
      SUBGRAPH_URLS: '["x"]',
    });
    const error = await start.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).variables.toSorted()).toEqual([
      'AMQP_URL',
      'AUDIENCE',
      'ISSUER',
      'JWKS_URL',
      'PASSPORT_PRIVATE_KEY',
      'PORT',
      'REDIS_URL',
      'SUBGRAPH_URLS',
      'SUPERGRAPH_FILE',
    ]);
    expect((error as ConfigError).message).not.toMatch(/secret|eighty/);
  });

  it('is refused where a subgraph of the supergraph has no URL', async () => {
    const { sentinel: _, ...urls } = JSON.parse(platform.gatewayEnv.SUBGRAPH_URLS ?? '') as Record<
      string,
      string
    >;
    const start = startGateway({ ...platform.gatewayEnv, SUBGRAPH_URLS: JSON.stringify(urls) });
    await expect(start).rejects.toThrow(/SUBGRAPH_URLS names no URL for sentinel/);
  });

  it.each([
    ['is not there', '/nowhere/supergraph.graphql', undefined],
    ['is no supergraph', join(tmpdir(), `no-supergraph-${process.pid}.graphql`), 'type Query { a: Int }'],
  ])('is refused with a supergraph file that %s, naming the variable', async (_, file, content) => {
    if (content !== undefined) await writeFile(file, content);
    const start = startGateway({ ...platform.gatewayEnv, SUPERGRAPH_FILE: file });
    await expect(start).rejects.toThrow(/SUPERGRAPH_FILE/);
  });

  it('is refused where the port is taken', async () => {
    const { port } = new URL(platform.gateway.url);
    await expect(startGateway({ ...platform.gatewayEnv, PORT: port })).rejects.toThrow(/in use/);
  });

  it('works without RabbitMQ, Redis and subgraphs, which only degrade it', async () => {
    const closed = '127.0.0.1:9';
    const urls = {
      arthemiz: `http://${closed}`,
      systemhealth: `http://${closed}`,
      sentinel: `http://${closed}`,
    };
    const gateway = await platform.startGateway({
      AMQP_URL: `amqp://${closed}`,
      REDIS_URL: `redis://${closed}`,
      SUBGRAPH_URLS: JSON.stringify(urls),
    });
    expect(await readiness(gateway)).toMatchObject({
      http: 200,
      status: 'degraded',
      checks: { rabbitmq: 'down', redis: 'down' },
    });
    expect((await platform.query('{ __typename }', { at: gateway })).data).toEqual({ __typename: 'Query' });
  });
});

describe('what operators see', () => {
  it('is that it lives, is ready, and why not', async () => {
    expect((await fetch(`${platform.gateway.url}/health/live`)).status).toBe(200);
    expect(await readiness(platform.gateway)).toEqual({
      http: 200,
      status: 'ready',
      checks: {
        'signing-keys': 'up',
        'access-rules': 'up',
        grants: 'up',
        rabbitmq: 'up',
        redis: 'up',
        arthemiz: 'up',
        systemhealth: 'up',
        sentinel: 'up',
        supergraph: 'up',
      },
    });
  });

  it('is which subgraph is away, at once and until it is back', async () => {
    await platform.links.sentinel.cut();
    const away = { http: 200, status: 'degraded', checks: { sentinel: 'down', arthemiz: 'up' } };
    expect(await readiness(platform.gateway)).toMatchObject(away);
    await platform.links.sentinel.restore();
    expect(await readiness(platform.gateway)).toMatchObject({ status: 'ready', checks: { sentinel: 'up' } });
  });

  it('are its metrics', async () => {
    await platform.query('query Measured { tenant { name } }', { token });
    const metric = (name: string, labels: Record<string, string>) =>
      platform.metric(platform.gateway, name, labels);
    const operation = { operation: 'Measured', type: 'query', outcome: 'success' };
    expect(await metric('graphql_operation_duration_seconds_count', operation)).toBe(1);
    const call = { target: 'arthemiz', outcome: 'success' };
    expect(await metric('outgoing_call_duration_seconds_count', call)).toBe(1);
    const request = { route: '/graphql', method: 'POST', status: '200' };
    expect(await metric('http_server_request_duration_seconds_count', request)).toBe(1);
    expect(await metric('outgoing_circuit_breaker_state', { target: 'arthemiz' })).toBe(0);
  });

  it('is nothing at other paths', async () => {
    expect((await fetch(`${platform.gateway.url}/`)).status).toBe(404);
    expect((await fetch(`${platform.gateway.url}/graphqlx`)).status).toBe(404);
  });
});

describe('the stop', () => {
  it('under load drops no request', async () => {
    const gateway = await platform.startGateway({ SHUTDOWN_DELAY_MS: '1000' });
    const statuses: number[] = [];
    let isStopping = false;
    let answeredSince = 0;
    // Clients that turn away when they are told to, as a proxy does that sees `connection: close`.
    const client = async () => {
      for (;;) {
        const answer = await platform.query('{ tenant { name services { nodes { name } } } }', {
          token,
          at: gateway,
        });
        statuses.push(answer.errors === undefined ? answer.status : 0);
        if (isStopping) answeredSince += 1;
        if (answer.headers.get('connection') === 'close') return;
      }
    };
    const clients = Array.from({ length: 8 }, client);
    await eventually(() => statuses.length > 50);
    isStopping = true;
    const stopped = gateway.stop();
    await Promise.all(clients);
    await stopped;
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    expect(answeredSince).toBeGreaterThanOrEqual(8);
    await expect(fetch(`${gateway.url}/health/live`)).rejects.toThrow();
  });

  it('is not ready while it drains, and further calls wait for the first', async () => {
    const gateway = await platform.startGateway({ SHUTDOWN_DELAY_MS: '500' });
    // An open connection, for which it waits.
    await fetch(`${gateway.url}/health/live`);
    const stops = [gateway.stop(), gateway.stop()];
    expect(await readiness(gateway)).toMatchObject({ http: 503, status: 'draining' });
    await Promise.all(stops);
  });

  it('tells WebSockets to come back with 1012, after what is under way was answered', async () => {
    const gateway = await platform.startGateway();
    const raw = await openRawSocket(gateway.url, { headers: { authorization: `Bearer ${token}` } });
    raw.send({ type: 'connection_init' });
    await eventually(() => raw.messages.length === 1);
    platform.links.systemhealth.freeze();
    const query = 'mutation { createService(input: { name: "Till" }) { service { name } } }';
    raw.send({ id: '1', type: 'subscribe', payload: { query } });
    raw.send({ type: 'ping' });
    await eventually(() => raw.messages.length === 2);
    const stopped = gateway.stop();
    platform.links.systemhealth.thaw();
    expect(await raw.closed).toMatchObject({ code: 1012 });
    await stopped;
    expect(raw.messages[2]).toMatchObject({
      id: '1',
      payload: { data: { createService: { service: { name: 'Till' } } } },
    });
  });

  it('closes each WebSocket as soon as it has nothing under way, and answers what comes meanwhile', async () => {
    const systemhealth = await platform.speakForSubgraph();
    const gateway = await platform.startGateway(platform.urlsWith({ systemhealth: systemhealth.url }));
    const open = async () => {
      const raw = await openRawSocket(gateway.url, { headers: { authorization: `Bearer ${token}` } });
      raw.send({ type: 'connection_init' });
      await eventually(() => raw.messages.length === 1);
      return raw;
    };
    const [idle, busy, busier] = [await open(), await open(), await open()];
    const create = (raw: RawSocket, id: string) => {
      const query = `mutation { createService(input: { name: "${id}" }) { service { id } } }`;
      raw.send({ id, type: 'subscribe', payload: { query } });
    };
    const answer = async (id: string) => {
      const asked = await eventually(
        () => systemhealth.requests.find(({ query }) => query.includes(id)) ?? false,
      );
      asked.answer({ data: { createService: { service: { id } } } });
    };
    const answered = (id: string) => [
      { id, type: 'next', payload: { data: { createService: { service: { id } } } } },
      { id, type: 'complete' },
    ];
    create(busy, 'one');
    create(busier, 'two');
    await eventually(() => systemhealth.requests.length === 2);
    const stopped = gateway.stop();
    expect(await idle.closed).toMatchObject({ code: 1012 });
    // Sent while the gateway stops.
    create(busier, 'three');
    await eventually(() => systemhealth.requests.length === 3);
    await answer('one');
    expect(await busy.closed).toMatchObject({ code: 1012 });
    expect(busy.messages.slice(1)).toEqual(answered('one'));
    await answer('two');
    await eventually(() => busier.messages.length === 3);
    expect(busier.socket.readyState).toBe(WebSocket.OPEN);
    await answer('three');
    expect(await busier.closed).toMatchObject({ code: 1012 });
    expect(busier.messages.slice(1)).toEqual([...answered('two'), ...answered('three')]);
    await stopped;
  });

  it('ends event streams without a complete, so that clients come back, and answers their queries', async () => {
    const gateway = await platform.startGateway();
    const live = await openEventStream(gateway.url, {
      query: 'subscription { healthChanged { id } }',
      token,
    });
    await platform.health.heard(tenantId);
    platform.links.arthemiz.freeze();
    const query = await openEventStream(gateway.url, { query: '{ tenant { name } }', token });
    const stopped = gateway.stop();
    await live.end;
    platform.links.arthemiz.thaw();
    await Promise.all([stopped, query.end]);
    expect(live.events()).toEqual([]);
    expect(query.events()[0]).toEqual({ event: 'next', data: '{"data":{"tenant":{"name":"Acme"}}}' });
  });

  it('leaves no subscription at a subgraph', async () => {
    const gateway = await platform.startGateway();
    const client = openLiveClient({ url: gateway.url, token });
    const { end } = client.watch('subscription { healthChanged { id } }');
    await platform.health.heard(tenantId);
    await gateway.stop();
    expect(await end).toMatchObject({ code: 1012 });
    await eventually(async () => (await platform.health.subscribers()) === 0);
    await client.close();
  });

  it('cuts off a client that does not close', async () => {
    const gateway = await platform.startGateway({ SHUTDOWN_GRACE_MS: '200' });
    const { port } = new URL(gateway.url);
    // A peer that opens a WebSocket and never says a word again.
    const upgraded = new Promise<() => void>((resolve) => {
      const socket = createSocket(Number(port));
      socket.once('data', () => resolve(() => socket.destroy()));
    });
    const leave = await upgraded;
    await gateway.stop();
    leave();
  });
});

function createSocket(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.write(
    [
      'GET /graphql HTTP/1.1',
      'host: gateway',
      'connection: Upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-protocol: graphql-transport-ws',
      '\r\n',
    ].join('\r\n'),
  );
  return socket;
}
