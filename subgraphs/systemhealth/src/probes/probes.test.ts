// Each probe against the real thing, reached through a proxy that takes it away and gives it back.
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Connection } from 'rabbitmq-client';
import { newNamespace } from '../../../chassis/src/testing/data-fixture.ts';
import { eventually } from '../../../chassis/src/testing/eventually.ts';
import {
  type InterruptibleProxy,
  startInterruptibleProxy,
} from '../../../chassis/src/testing/interruptible-proxy.ts';
import type { PlatformKind } from './kinds.ts';
import { platformProbe } from './kinds.ts';
import { measure, type Probe } from './probe.ts';

const toClose: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set.`);
  return value;
}

async function proxied(url: string): Promise<InterruptibleProxy> {
  const proxy = await startInterruptibleProxy(url);
  toClose.push(() => proxy.stop());
  return proxy;
}

function probing(kind: PlatformKind, url: string): Probe {
  const probe = platformProbe(kind, { url, namespace: 'test' });
  toClose.push(() => probe.close());
  return probe;
}

const ask = (probe: Probe, timeoutMs = 1_500) => measure(probe, { timeoutMs, now: Date.now });

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  toClose.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server's address is never a string
}

async function closedPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const services: ReadonlyArray<[PlatformKind, () => string]> = [
  ['MONGODB', () => variable('MONGODB_URI')],
  ['REDIS', () => variable('REDIS_URL')],
  ['RABBITMQ', () => variable('AMQP_URL')],
  ['TCP', () => variable('REDIS_URL').replace(/^redis/, 'tcp')],
];

describe.each(services)('a %s probe', (kind, urlOf) => {
  it('succeeds while the service answers, again over the kept connection', async () => {
    const probe = probing(kind, urlOf());
    expect(await ask(probe)).toMatchObject({ isSuccess: true, message: null });
    expect(await ask(probe)).toMatchObject({ isSuccess: true });
  });

  it('notices at once that the service was killed, and that it is back', async () => {
    const proxy = await proxied(urlOf());
    const probe = probing(kind, proxy.url);
    expect(await ask(probe)).toMatchObject({ isSuccess: true });
    await proxy.cut();
    const killed = await ask(probe);
    expect(killed).toMatchObject({ isSuccess: false, message: 'connection refused' });
    expect(killed.latencyMs).toBeLessThan(1_000);
    await proxy.restore();
    expect(await ask(probe)).toMatchObject({ isSuccess: true });
  });

  it('takes a service that restarted between two asks for up', async () => {
    const proxy = await proxied(urlOf());
    const probe = probing(kind, proxy.url);
    await ask(probe);
    await proxy.cut();
    await proxy.restore();
    expect(await ask(probe)).toMatchObject({ isSuccess: true });
  });

  it('keeps to its deadline when the service accepts and says nothing', async () => {
    if (kind === 'TCP') return; // accepting is all that it asks for
    const proxy = await proxied(urlOf());
    const probe = probing(kind, proxy.url);
    await ask(probe);
    proxy.freeze();
    const silent = await ask(probe, 300);
    expect(silent).toMatchObject({ isSuccess: false, message: 'no answer within 300 ms' });
    expect(silent.latencyMs).toBeLessThan(600);
    proxy.thaw();
    expect(await ask(probe)).toMatchObject({ isSuccess: true });
  });
});

describe('an HTTP probe', () => {
  it('succeeds with a status from 200 to 399 and follows no redirect', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const status = Number(request.url?.slice(1));
      response.writeHead(status, { location: '/200' }).end('x'.repeat(200_000));
    });
    const url = await listening(server);
    expect(await ask(probing('HTTP', `${url}/200`))).toMatchObject({
      isSuccess: true,
      message: 'HTTP status 200',
    });
    expect(await ask(probing('HTTP', `${url}/302`))).toMatchObject({
      isSuccess: true,
      message: 'HTTP status 302',
    });
    expect(await ask(probing('HTTP', `${url}/404`))).toMatchObject({
      isSuccess: false,
      message: 'HTTP status 404',
    });
    expect(await ask(probing('HTTP', `${url}/503`))).toMatchObject({
      isSuccess: false,
      message: 'HTTP status 503',
    });
    expect(asked).toEqual(['/200', '/302', '/404', '/503']);
  });

  it('fails on a closed port, a name that does not exist, and a target that never finishes', async () => {
    const port = await closedPort();
    expect(await ask(probing('HTTP', `http://127.0.0.1:${port}/`))).toMatchObject({
      message: 'connection refused',
    });
    expect(await ask(probing('HTTP', 'http://nowhere.invalid/'))).toMatchObject({ isSuccess: false });
    const dripping = createServer((_, response) => void response.writeHead(200).write('a'));
    const slow = await ask(probing('HTTP', await listening(dripping)), 200);
    expect(slow).toMatchObject({ isSuccess: false, message: 'no answer within 200 ms' });
  });

  it('notices at once that the server was stopped', async () => {
    const proxy = await proxied(await listening(createServer((_, response) => response.end())));
    const probe = probing('HTTP', proxy.url);
    expect(await ask(probe)).toMatchObject({ isSuccess: true });
    await proxy.cut();
    expect(await ask(probe)).toMatchObject({ isSuccess: false });
    await proxy.restore();
    expect(await ask(probe)).toMatchObject({ isSuccess: true });
  });
});

describe('a sign-in that is refused', () => {
  it('fails the probe of RabbitMQ without telling the password', async () => {
    const url = new URL(variable('AMQP_URL'));
    url.password = 'not-the-password';
    const refused = await ask(probing('RABBITMQ', url.href));
    expect(refused).toMatchObject({ isSuccess: false, message: 'sign-in refused' });
  });
});

// One that was given by AMQP_URL may have no management API.
const whereManaged = process.env.RABBITMQ_MANAGEMENT_URL ? describe : describe.skip;

whereManaged('the probe of the platform’s RabbitMQ', () => {
  it('measures the platform’s own queues now and then, and nobody else’s', async () => {
    const namespace = newNamespace();
    const connection = new Connection(variable('AMQP_URL'));
    toClose.push(() => connection.close());
    const work = `${namespace}.greeter.events`;
    const depths = { [work]: 3, [`${work}.dead`]: 1, [`other-${namespace}.greeter.events`]: 2 };
    const publisher = connection.createPublisher({ confirm: true });
    toClose.push(() => publisher.close());
    for (const [queue, depth] of Object.entries(depths)) {
      await connection.queueDeclare({ queue, arguments: { 'x-expires': 120_000 } });
      for (let each = 0; each < depth; each += 1) await publisher.send(queue, 'x');
    }
    const managementUrl = variable('RABBITMQ_MANAGEMENT_URL');
    const probe = platformProbe('RABBITMQ', { url: variable('AMQP_URL'), managementUrl, namespace });
    toClose.push(() => probe.close());
    const [first, second] = [await ask(probe), await ask(probe)];
    expect([first.isSuccess, second.isSuccess]).toEqual([true, true]);
    // The broker counts every five seconds, and is asked every ten.
    const found = await eventually(
      async () => {
        const { measurements = [] } = await ask(probe);
        const isCounted = measurements.some(
          ({ metric, value }) => metric === 'rabbitmq_queue_messages' && value,
        );
        return isCounted && measurements;
      },
      { timeoutMs: 60_000 },
    );
    expect(new Set(found.map(({ labels }) => labels?.queue))).toEqual(new Set([work]));
    expect(Object.fromEntries(found.map(({ metric, value }) => [metric, value]))).toMatchObject({
      ...{ rabbitmq_queue_messages_ready: 3, rabbitmq_queue_messages_unacked: 0 },
      ...{ rabbitmq_queue_consumers: 0, rabbitmq_dead_lettered_messages: 1 },
    });
    expect((await ask(probe)).measurements).toEqual([]);
  });

  it('is no outage where the management API is away', async () => {
    const managementUrl = `http://127.0.0.1:${await closedPort()}`;
    const probe = platformProbe('RABBITMQ', { url: variable('AMQP_URL'), managementUrl, namespace: 'test' });
    toClose.push(() => probe.close());
    for (let each = 0; each < 2; each += 1)
      expect(await ask(probe)).toMatchObject({ isSuccess: true, measurements: [] });
  });
});
