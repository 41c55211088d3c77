import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Connection } from 'rabbitmq-client';
import { WebSocket } from 'ws';
import { ConfigError } from './config.ts';
import { loadEventContracts } from './events.ts';
import { startSubgraph } from './subgraph.ts';
import { freePort } from './testing/free-port.ts';
import { type InterruptibleProxy, startInterruptibleProxy } from './testing/interruptible-proxy.ts';
import { createGate, sampleSubgraph } from './testing/sample-subgraph.ts';
import {
  eventually,
  execute,
  subscribe,
  type TestEnvironment,
  testEnvironment,
  testViewer,
} from './testing.ts';

const viewer = testViewer({ tenantId: 'ten_a', permissions: ['note:read', 'note:write'] });
const closedPort = '127.0.0.1:9';

let environment: TestEnvironment;
beforeAll(async () => {
  environment = await testEnvironment({ service: 'sample' });
});
afterAll(() => environment.dispose());

const readiness = async ({ url }: { url: string }) => {
  const response = await fetch(`${url}/health/ready`);
  return {
    http: response.status,
    ...((await response.json()) as { status: string; checks: Record<string, string> }),
  };
};

describe('readiness', () => {
  it('is given when everything answers', async () => {
    const running = await startSubgraph(sampleSubgraph(), environment.env);
    await running.consuming;
    expect(await readiness(running)).toEqual({
      http: 200,
      status: 'ready',
      checks: { mongodb: 'up', redis: 'up', rabbitmq: 'up', outbox: 'up' },
    });
    expect((await fetch(`${running.url}/health/live`)).status).toBe(200);
    await running.stop();
  });

  it('is degraded, and queries and mutations go on, without Redis and RabbitMQ', async () => {
    const running = await startSubgraph(sampleSubgraph(), {
      ...environment.env,
      REDIS_URL: `redis://${closedPort}`,
      AMQP_URL: `amqp://${closedPort}`,
    });
    expect(await readiness(running)).toMatchObject({
      http: 200,
      status: 'degraded',
      checks: { mongodb: 'up', redis: 'down', rabbitmq: 'down' },
    });
    const query = 'mutation { writeNote(text: "alone") { text } }';
    const { data } = await execute({ url: running.url, environment, viewer, query });
    expect(data).toEqual({ writeNote: { text: 'alone' } });
    const askedAt = performance.now();
    await running.stop();
    // Waits for no connection that would only be closed.
    expect(performance.now() - askedAt).toBeLessThan(3_000);
  });

  describe('while MongoDB is away', () => {
    let proxy: InterruptibleProxy;
    let running: Awaited<ReturnType<typeof startSubgraph>>;
    beforeAll(async () => {
      proxy = await startInterruptibleProxy(environment.env.MONGODB_URI ?? '');
      running = await startSubgraph(sampleSubgraph(), { ...environment.env, MONGODB_URI: proxy.url });
    });
    afterAll(async () => {
      await running.stop();
      await proxy.stop();
    });

    it('is refused, and given again when it is back', async () => {
      await proxy.cut();
      const away = await readiness(running);
      expect([away.http, away.status, away.checks.mongodb]).toEqual([503, 'unavailable', 'down']);
      expect((await fetch(`${running.url}/health/live`)).status).toBe(200);
      await proxy.restore();
      await eventually(async () => (await readiness(running)).status === 'ready');
    });
  });

  it('is refused while the service starts, and everything else with it', async () => {
    const port = String(await freePort());
    const proxy = await startInterruptibleProxy(environment.env.MONGODB_URI ?? '');
    proxy.freeze();
    const starting = startSubgraph(sampleSubgraph(), {
      ...environment.env,
      PORT: port,
      MONGODB_URI: proxy.url,
    });
    const url = `http://127.0.0.1:${port}`;
    expect(await eventually(() => readiness({ url }))).toMatchObject({ http: 503, status: 'starting' });
    const response = await fetch(`${url}/graphql`, { method: 'POST' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    proxy.thaw();
    const running = await starting;
    expect(await readiness(running)).toMatchObject({ http: 200 });
    await running.stop();
    await proxy.stop();
  });
});

describe('a stop', () => {
  it('finishes what is in flight, refuses new work and says that it drains', async () => {
    const gate = createGate();
    const env = { ...environment.env, SHUTDOWN_DELAY_MS: '500' };
    const running = await startSubgraph(sampleSubgraph({ gate }), env);
    const slow = execute({ url: running.url, environment, viewer, query: '{ slow }' });
    await gate.arrival;
    const stopped = running.stop();
    const probe = await fetch(`${running.url}/health/ready`);
    expect([probe.status, probe.headers.get('connection')]).toEqual([503, 'close']);
    expect(await probe.json()).toMatchObject({ status: 'draining' });
    gate.open();
    expect((await slow).data).toEqual({ slow: 'done' });
    await stopped;
    await running.stop();
    await expect(fetch(`${running.url}/health/live`)).rejects.toThrow();
  });

  it('cuts off what does not finish within the grace period', async () => {
    const gate = createGate();
    const running = await startSubgraph(sampleSubgraph({ gate }), {
      ...environment.env,
      SHUTDOWN_GRACE_MS: '30',
    });
    const slow = execute({ url: running.url, environment, viewer, query: '{ slow }' }).catch(() => 'cut off');
    await gate.arrival;
    await running.stop();
    expect(await slow).toBe('cut off');
    gate.open();
  });

  it('loses no request under load of clients that heed its readiness', async () => {
    const running = await startSubgraph(sampleSubgraph(), { ...environment.env, SHUTDOWN_DELAY_MS: '400' });
    const outcomes: unknown[] = [];
    let isReady = true;
    const balancer = async () => {
      while (isReady) {
        isReady = (await readiness(running)).http === 200;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const client = async () => {
      while (isReady) {
        const request = execute({
          url: running.url,
          environment,
          viewer,
          query: '{ notes { nodes { id } } }',
        });
        outcomes.push(await request.then(({ status }) => status, String));
      }
    };
    const load = Promise.all([balancer(), ...Array.from({ length: 8 }, client)]);
    await eventually(() => outcomes.length > 50);
    await running.stop();
    await load;
    expect(outcomes.filter((outcome) => outcome !== 200)).toEqual([]);
  });

  it('tells subscribers to come back and cuts off those that do not listen', async () => {
    const running = await startSubgraph(sampleSubgraph(), { ...environment.env, SHUTDOWN_GRACE_MS: '50' });
    const socket = new WebSocket(
      running.url.replace('http', 'ws').concat('/graphql'),
      'graphql-transport-ws',
    );
    const code = new Promise((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => socket.once('open', resolve));
    const deaf = new WebSocket(running.url.replace('http', 'ws').concat('/graphql'), 'graphql-transport-ws');
    await new Promise((resolve) => deaf.once('open', resolve));
    deaf.pause();
    const results = await subscribe({
      url: running.url,
      environment,
      viewer,
      query: 'subscription { noteWritten { id } }',
    });
    const next = results.next().catch((event: { code: number }) => event.code);
    await eventually(async () =>
      (await running.service.metrics.metrics()).includes('graphql_subscriptions_open{operation="anonymous"'),
    );
    await running.stop();
    expect(await code).toBe(1012);
    expect([1006, 1012]).toContain(await next);
    deaf.terminate();
  });
});

describe('a start', () => {
  it('fails with the names of the variables that are wrong', async () => {
    const failure = startSubgraph(sampleSubgraph(), {
      ...environment.env,
      REDIS_URL: 'http://x',
      PORT: undefined,
    });
    await expect(failure).rejects.toThrow(/PORT[\s\S]*REDIS_URL/);
    await expect(failure).rejects.toBeInstanceOf(ConfigError);
  });

  it('fails when its port is taken, and closes what it had opened', async () => {
    const first = await startSubgraph(sampleSubgraph(), environment.env);
    const second = startSubgraph(sampleSubgraph(), { ...environment.env, PORT: String(first.port) });
    await expect(second).rejects.toThrow(/PORT\) is in use by another program/);
    await first.stop();
  });

  it('fails when a worker does, and frees the port', async () => {
    const port = String(await freePort());
    const stopped: string[] = [];
    const worker = (name: string, start: () => Promise<void>) => () => ({
      name,
      start,
      stop: async () => void stopped.push(name),
    });
    const definition = {
      ...sampleSubgraph(),
      workers: [
        worker('good', async () => undefined),
        worker('bad', () => Promise.reject(new Error('broken worker'))),
      ],
    };
    await expect(startSubgraph(definition, { ...environment.env, PORT: port })).rejects.toThrow(
      'broken worker',
    );
    expect(stopped).toEqual(['good']);
    const again = await startSubgraph(sampleSubgraph(), { ...environment.env, PORT: port });
    await again.stop();
  });

  it('serves subgraphs without loaders, handlers, routes and workers', async () => {
    const { loaders: _, handlers: __, routes: ___, ...bare } = sampleSubgraph();
    const running = await startSubgraph(bare, environment.env);
    expect((await execute({ url: running.url, environment, viewer, query: '{ greeting }' })).data).toEqual({
      greeting: 'hello',
    });
    await running.stop();
  });
});

describe('events', () => {
  it('have their effect once, although two copies take them and each arrives twice', async () => {
    const copies = await Promise.all([1, 2].map(() => startSubgraph(sampleSubgraph(), environment.env)));
    await Promise.all(copies.map(({ consuming }) => consuming));
    const contracts = loadEventContracts({ source: 'arthemiz' });
    const names = Array.from({ length: 40 }, (_, index) => `name-${index}`);
    const amqp = new Connection(environment.env.AMQP_URL);
    const publisher = amqp.createPublisher({ confirm: true });
    for (const name of names) {
      const tenant = { tenantId: 'ten_copies', data: { tenantId: 'ten_copies', name } };
      const event = contracts.create('arthemiz.tenant.renamed.v1', tenant);
      const envelope = { exchange: `${environment.namespace}.events`, routingKey: event.type };
      const body = Buffer.from(JSON.stringify(event));
      await Promise.all([publisher.send(envelope, body), publisher.send(envelope, body)]);
    }
    const outcomes = async () => {
      const counted = await Promise.all(
        copies.map(({ service }) => service.metrics.getSingleMetric('events_consumed_total')?.get()),
      );
      return counted.map((metric) =>
        Object.fromEntries((metric?.values ?? []).map(({ labels, value }) => [labels.outcome, value])),
      );
    };
    const total = (of: Record<string, number>[], outcome: string) =>
      of.reduce((sum, each) => sum + (each[outcome] ?? 0), 0);
    const both = await eventually(async () => {
      const found = await outcomes();
      return total(found, 'handled') + total(found, 'duplicate') === 2 * names.length && found;
    });
    expect([total(both, 'handled'), total(both, 'duplicate')]).toEqual([names.length, names.length]);
    for (const copy of both) expect(copy.handled).toBeGreaterThan(0);
    const member = testViewer({ tenantId: 'ten_copies', permissions: ['note:read'] });
    const query = '{ notes(first: 100) { nodes { text } } }';
    const { data } = await execute({ url: copies[0]?.url ?? '', environment, viewer: member, query });
    expect(data.notes.nodes.map(({ text }: { text: string }) => text)).toEqual([...names].sort());
    await publisher.close();
    await amqp.close();
    await Promise.all(copies.map((copy) => copy.stop()));
  });

  it('reach the handlers of a subgraph and what it pushes reaches subscribers', async () => {
    const running = await startSubgraph(sampleSubgraph(), environment.env);
    await running.consuming;
    await running.service.events.publish('arthemiz.tenant.renamed.v1', {
      tenantId: 'ten_events',
      data: { tenantId: 'ten_events', name: 'Renamed' },
    });
    const member = testViewer({ tenantId: 'ten_events', permissions: ['note:read'] });
    const query = '{ notes { nodes { text } } }';
    await eventually(async () => {
      const { data } = await execute({ url: running.url, environment, viewer: member, query });
      return data.notes.nodes[0]?.text === 'Renamed';
    });
    await running.stop();
  });
});
