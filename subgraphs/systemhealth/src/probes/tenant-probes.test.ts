// Each kind of check against the real thing: this run's MongoDB, Redis and RabbitMQ, and servers of the test's own that
// speak gRPC, WebSocket, TLS, DNS, GraphQL and Prometheus' HTTP API.
import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { type handleUnaryCall, Server, ServerCredentials } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { buildSchema, graphql } from 'graphql';
import { Redis } from 'ioredis';
import { Counter, Registry } from 'prom-client';
import { Connection } from 'rabbitmq-client';
import { WebSocketServer } from 'ws';
import { certificateAuthority } from '../testing/certificates.ts';
import { ended, listening } from '../testing/listening.ts';
import { exempt, probed, settingsFor, strict } from '../testing/probed.ts';
import { measure } from './probe.ts';
import type { AskingKind } from './tenant-probe.ts';
import { tlsProbe } from './tls.ts';

const refusal = 'the target is not on a public address';
const toClose: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set.`);
  return value;
}

const measuredIn = (found: Awaited<ReturnType<typeof probed>>, metric: string) =>
  found.measurements?.find((each) => each.metric === metric)?.value;

describe('every kind', () => {
  const targets: Array<[AskingKind, string, object]> = [
    ['HTTP', 'http://HOST:1/', {}],
    ['TCP', 'tcp://HOST:1', {}],
    ['TLS', 'tls://HOST:1', {}],
    ['GRPC', 'grpc://HOST:1', {}],
    ['GRAPHQL', 'http://HOST:1/', { document: '{ a }' }],
    ['WEBSOCKET', 'ws://HOST:1/', {}],
    ['MONGODB', 'mongodb://HOST:1/', {}],
    ['REDIS', 'redis://HOST:1', {}],
    ['RABBITMQ', 'amqp://HOST:1', {}],
    ['RABBITMQ', 'http://HOST:1/', {}],
    ['PROMETHEUS', 'http://HOST:1/', { query: 'up', comparison: 'EQUALS', value: 1 }],
  ];
  const hosts = ['127.0.0.2', '169.254.169.254', '[::1]', '[::ffff:10.0.0.1]', 'localhost', '2130706433'];

  it.each(targets)('of check refuses what is not on a public address: %s %s', async (kind, url, settings) => {
    for (const host of hosts) {
      const asking = { url: url.replace('HOST', host), settings, guard: strict };
      const found = await probed(kind, asking);
      expect([host, found.message]).toEqual([host, refusal]);
    }
  });
});

describe('a TLS check', () => {
  async function served(options: TlsOptions): Promise<string> {
    const server = createTlsServer(options, (socket) => socket.on('error', () => undefined).end());
    toClose.push(() => ended(server));
    return `tls://127.0.0.1:${await listening(server)}`;
  }

  it('wants a trusted certificate for the name that lasts', async () => {
    const authority = certificateAuthority();
    toClose.push(authority.dispose);
    const url = await served(authority.issue('shop.example', { days: 30 }));
    const ask = (settings: object, ca?: string) =>
      measure(tlsProbe({ url, headers: {}, guard: exempt }, settingsFor('TLS', settings), { ca }), {
        ...{ timeoutMs: 5_000, now: Date.now },
      });
    const named = { serverName: 'shop.example' };
    const well = await ask({ ...named, certificateDays: 29 }, authority.ca);
    expect(well).toMatchObject({ isSuccess: true, message: 'TLSv1.3' });
    expect(measuredIn(well, 'tls_certificate_expiry_seconds')).toBeGreaterThan(29 * 86_400);
    const soon = await ask({ ...named, certificateDays: 60 }, authority.ca);
    expect(soon).toMatchObject({ isSuccess: false, message: 'certificate ends in 29 days, sooner than 60' });
    const misnamed = await ask({ serverName: 'other.example' }, authority.ca);
    expect(misnamed).toMatchObject({ isSuccess: false, message: 'certificate is for another host name' });
    const untrusted = await ask(named);
    expect(untrusted).toMatchObject({ isSuccess: false, message: 'certificate could not be verified' });
    expect(measuredIn(untrusted, 'tls_certificate_expiry_seconds')).toBeGreaterThan(0);
  });

  it('fails where nobody speaks TLS', async () => {
    const url = variable('REDIS_URL').replace(/^redis:\/\/[^/@]*@?/, 'tls://');
    const { port } = new URL(url);
    const found = await probed('TLS', { url: `tls://127.0.0.1:${port}`, timeoutMs: 2_000 });
    expect(found.isSuccess).toBe(false);
  });
});

describe('a DNS check', () => {
  /** Answers by zone; what is not in it does not exist. */
  async function nameServer(zone: Readonly<Record<string, readonly string[]>>): Promise<string> {
    const socket = createSocket('udp4');
    socket.on('message', (query, { port, address }) => {
      const end = query.indexOf(0, 12) + 5;
      const name = nameIn(query);
      const records = query.readUInt16BE(end - 4) === 1 ? (zone[name] ?? null) : null;
      const header = Buffer.from(query.subarray(0, 12));
      header.writeUInt16BE(records === null ? 0x8183 : 0x8180, 2);
      header.writeUInt16BE(records?.length ?? 0, 6);
      header.writeUInt16BE(0, 10);
      const answers = (records ?? []).map((each) =>
        Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...each.split('.').map(Number)]),
      );
      socket.send(Buffer.concat([header, query.subarray(12, end), ...answers]), port, address);
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    toClose.push(() => socket.close());
    return `127.0.0.1:${socket.address().port}`;
  }

  function nameIn(query: Buffer): string {
    const labels: string[] = [];
    for (let at = 12; query[at]; at += (query[at] ?? 0) + 1)
      labels.push(query.subarray(at + 1, at + 1 + (query[at] ?? 0)).toString());
    return labels.join('.').toLowerCase();
  }

  it('finds the expected records among those of its name server', async () => {
    const resolver = await nameServer({ 'shop.example': ['192.0.2.1', '192.0.2.7'] });
    const ask = (settings: object, name = 'shop.example') =>
      probed('DNS', { url: `dns://${name}`, settings: { resolver, ...settings } });
    const well = await ask({ values: ['192.0.2.7'] });
    expect(well).toMatchObject({ isSuccess: true });
    expect(measuredIn(well, 'dns_answer_records')).toBe(2);
    expect(await ask({ values: ['192.0.2.9'] })).toMatchObject({
      isSuccess: false,
      message: 'no record “192.0.2.9”',
    });
    expect(await ask({}, 'nothing.example')).toMatchObject({
      isSuccess: false,
      message: 'host name not found',
    });
  });

  it('asks no name server on a closed address, and this machine’s own for no closed name', async () => {
    const ask = (url: string, settings: object = {}) => probed('DNS', { url, settings, guard: strict });
    expect(await ask('dns://example.com', { resolver: '10.0.0.53' })).toMatchObject({ message: refusal });
    for (const name of [
      'kubernetes.default.svc.cluster.local',
      'mongodb',
      'metadata.google.internal',
      'localhost',
    ])
      expect(await ask(`dns://${name}`)).toMatchObject({ message: refusal });
  });
});

describe('a gRPC check', () => {
  it('wants the service to be SERVING', async () => {
    const statuses: Record<string, number> = { '': 1, shop: 1, stock: 2 };
    const server = new Server();
    const bytes = { serialize: (value: Buffer) => value, deserialize: (value: Buffer) => value };
    server.addService(
      {
        check: {
          path: '/grpc.health.v1.Health/Check',
          ...{ requestStream: false, responseStream: false },
          ...{ requestSerialize: bytes.serialize, requestDeserialize: bytes.deserialize },
          ...{ responseSerialize: bytes.serialize, responseDeserialize: bytes.deserialize },
        },
      },
      {
        check: (({ request }, answer) => {
          const status = statuses[request.subarray(2).toString()];
          if (status === undefined) answer({ code: 5, details: 'unknown service at 10.0.0.5' });
          else answer(null, Buffer.from([0x08, status]));
        }) satisfies handleUnaryCall<Buffer, Buffer>,
      },
    );
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    toClose.push(() => server.forceShutdown());
    const ask = (service: string) =>
      probed('GRPC', { url: `grpc://127.0.0.1:${port}`, settings: { service } });
    expect(await ask('')).toMatchObject({ isSuccess: true, message: 'SERVING' });
    expect(await ask('shop')).toMatchObject({ isSuccess: true });
    expect(await ask('stock')).toMatchObject({ isSuccess: false, message: 'NOT_SERVING' });
    expect(await ask('x'.repeat(200))).toMatchObject({ isSuccess: false, message: 'gRPC status NOT_FOUND' });
    server.forceShutdown();
    expect(await ask('')).toMatchObject({ isSuccess: false, message: 'connection refused' });
  });
});

describe('a GraphQL check', () => {
  it('fails on errors, and where what is asserted does not hold', async () => {
    const schema = buildSchema('type Query { shop(name: String!): Shop } type Shop { open: Boolean! }');
    const rootValue = {
      shop: ({ name }: { name: string }) => {
        if (name === 'broken') throw new Error('out of order');
        return { open: name === 'corner' };
      },
    };
    const server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      const { query, variables } = JSON.parse(text);
      if (request.headers.authorization !== 'Bearer key')
        return void response.writeHead(401).end('<p>No</p>');
      const answer = await graphql({ schema, source: query, variableValues: variables, rootValue });
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
    const url = `http://127.0.0.1:${await listening(server)}/graphql`;
    toClose.push(() => ended(server));
    const ask = (name: string, headers: Record<string, string> = { authorization: 'Bearer key' }) =>
      probed('GRAPHQL', {
        ...{ url, headers },
        settings: {
          document: 'query ($name: String!) { shop(name: $name) { open } }',
          variables: JSON.stringify({ name }),
          assertions: [{ source: 'JSON', selector: '$.data.shop.open', comparison: 'EQUALS', value: 'true' }],
        },
      });
    expect(await ask('corner')).toMatchObject({ isSuccess: true });
    expect(await ask('mall')).toMatchObject({ isSuccess: false, message: '$.data.shop.open is not “true”' });
    expect(await ask('broken')).toMatchObject({ isSuccess: false, message: 'the answer has errors' });
    expect(await ask('corner', {})).toMatchObject({ message: 'no GraphQL answer, HTTP status 401' });
  });
});

describe('a WebSocket check', () => {
  it('wants the handshake, the subprotocol and the message', async () => {
    const server = new WebSocketServer({
      ...{ host: '127.0.0.1', port: 0 },
      handleProtocols: (offered) => (offered.has('chat') ? 'chat' : false),
    });
    await once(server, 'listening');
    server.on('connection', (socket) => {
      socket.on('message', (data) => socket.send(JSON.stringify({ echo: String(data) })));
    });
    toClose.push(() => {
      for (const client of server.clients) client.terminate();
      server.close();
    });
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`; // a TCP server's address is never a string
    const echo = [{ source: 'JSON', selector: '$.echo', comparison: 'EQUALS', value: 'hello' }];
    expect(await probed('WEBSOCKET', { url })).toMatchObject({ isSuccess: true });
    const chat = { subprotocol: 'chat', send: 'hello', assertions: echo };
    expect(await probed('WEBSOCKET', { url, settings: chat })).toMatchObject({ isSuccess: true });
    expect(await probed('WEBSOCKET', { url, settings: { ...chat, send: 'bye' } })).toMatchObject({
      ...{ isSuccess: false, message: '$.echo is not “hello”' },
    });
    expect(await probed('WEBSOCKET', { url, settings: { subprotocol: 'mail' } })).toMatchObject({
      ...{ isSuccess: false, message: 'subprotocol was not taken' },
    });
    const silent = await probed('WEBSOCKET', { url, settings: { assertions: echo }, timeoutMs: 300 });
    expect(silent.message).toBe('no answer within 300 ms');
    const plain = createServer((_, response) => response.writeHead(404).end());
    const port = await listening(plain);
    toClose.push(() => ended(plain));
    expect(await probed('WEBSOCKET', { url: `ws://127.0.0.1:${port}/` })).toMatchObject({
      message: 'no WebSocket, HTTP status 404',
    });
  });
});

describe('a Prometheus check', () => {
  /** Speaks the server's HTTP API, with the values of our own metrics: the name of a metric is all of PromQL that it knows. */
  async function prometheus(registry: Registry): Promise<string> {
    const server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      const answer = (status: number, body: object) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (request.url !== '/prefix/api/v1/query') return void answer(404, {});
      const query = new URLSearchParams(text).get('query') ?? '';
      if (query.includes('('))
        return void answer(400, { status: 'error', errorType: 'bad_data', error: 'parse error' });
      const values = (await registry.getSingleMetric(query)?.get())?.values ?? [];
      const result = values.map(({ labels, value }) => ({
        metric: labels,
        value: [1_800_000_000.5, String(value)],
      }));
      answer(200, { status: 'success', data: { resultType: 'vector', result } });
    });
    toClose.push(() => ended(server));
    return `http://127.0.0.1:${await listening(server)}/prefix/`;
  }

  it('wants every value as expected, and one at least', async () => {
    const registry = new Registry();
    const jobs = new Counter({
      name: 'jobs_total',
      help: 'Jobs.',
      labelNames: ['queue'],
      registers: [registry],
    });
    jobs.inc({ queue: 'mail' }, 3);
    jobs.inc({ queue: 'bills' }, 8);
    const url = await prometheus(registry);
    const ask = (query: string, comparison: string, value: number) =>
      probed('PROMETHEUS', { url, settings: { query, comparison, value } });
    const well = await ask('jobs_total', 'LESS_THAN', 9);
    expect(well).toMatchObject({ isSuccess: true });
    expect(measuredIn(well, 'prometheus_query_value')).toBe(3);
    expect(await ask('jobs_total', 'LESS_THAN', 8)).toMatchObject({
      message: 'a value is not less than “8”',
    });
    expect(await ask('nothing_total', 'LESS_THAN', 8)).toMatchObject({ message: 'the query has no value' });
    expect(await ask('sum(', 'LESS_THAN', 8)).toMatchObject({ message: 'the query was refused: bad_data' });
  });
});

describe('a MongoDB check', () => {
  it('reads the state of the server, its connections and its replicas', async () => {
    const url = variable('MONGODB_URI').replace(/\/[^/]*$/, '/');
    const found = await probed('MONGODB', { url, settings: { maximumConnectionsRatio: 1 } });
    expect(found).toMatchObject({ isSuccess: true, message: null });
    expect(measuredIn(found, 'mongodb_connections_current')).toBeGreaterThan(0);
    expect(measuredIn(found, 'mongodb_replica_members')).toBe(1);
    expect(measuredIn(found, 'mongodb_replica_members_healthy')).toBe(1);
    const bounded = await probed('MONGODB', { url, settings: { maximumConnectionsRatio: 0 } });
    expect(bounded).toMatchObject({
      isSuccess: false,
      message: expect.stringContaining('connections ratio'),
    });
  });
});

describe('a Redis check', () => {
  it('reads hits, memory and evictions, and keeps to its bounds', async () => {
    const url = variable('REDIS_URL');
    const client = new Redis(url);
    const key = `checks-test:${randomUUID()}`;
    await client.set(key, 'x', 'PX', 10_000);
    await client.get(key);
    await client.get(`${key}:missing`);
    await client.quit();
    const found = await probed('REDIS', { url });
    expect(found).toMatchObject({ isSuccess: true });
    expect(measuredIn(found, 'redis_memory_used_bytes')).toBeGreaterThan(100_000);
    expect(measuredIn(found, 'redis_hit_ratio')).toBeGreaterThan(0);
    expect(measuredIn(found, 'redis_evicted_keys_total')).toBeGreaterThanOrEqual(0);
    const bounded = await probed('REDIS', { url, settings: { minimumHitRatio: 1 } });
    expect(bounded.message).toMatch(/^hit ratio 0\.\d+ is below 1$/);
    const full = await probed('REDIS', { url, settings: { maximumMemoryRatio: 0 } });
    expect(full.message).toMatch(/^memory ratio .* is above 0$|^maxmemory is not set$/);
  });
});

describe('a RabbitMQ check', () => {
  it('signs in by AMQP', async () => {
    const url = variable('AMQP_URL');
    expect(await probed('RABBITMQ', { url })).toMatchObject({ isSuccess: true });
    const wrong = new URL(url);
    wrong.password = 'wrong';
    expect(await probed('RABBITMQ', { url: wrong.href })).toMatchObject({ message: 'sign-in refused' });
  });

  // One that was given by AMQP_URL may have no management API.
  const whereManaged = process.env.RABBITMQ_MANAGEMENT_URL ? it : it.skip;

  whereManaged(
    'reads the depth of a queue, its consumers and its dead letters from the management API',
    async () => {
      const url = variable('RABBITMQ_MANAGEMENT_URL');
      const connection = new Connection(variable('AMQP_URL'));
      const [queue, dead] = [`checks-test-${randomUUID()}`, `checks-test-dead-${randomUUID()}`];
      for (const each of [queue, dead])
        await connection.queueDeclare({ queue: each, arguments: { 'x-expires': 60_000 } });
      const publisher = connection.createPublisher({ confirm: true });
      for (let each = 0; each < 3; each += 1) await publisher.send(queue, 'x');
      await publisher.send(dead, 'x');
      toClose.push(async () => {
        await publisher.close();
        await connection.close();
      });
      const ask = (settings: object) =>
        probed('RABBITMQ', { url, settings: { queue, deadLetterQueue: dead, ...settings } });
      // The API counts every five seconds.
      await eventually(async () => {
        const found = await ask({});
        expect(found).toMatchObject({ isSuccess: true });
        expect(measuredIn(found, 'rabbitmq_queue_messages_ready')).toBe(3);
        expect(measuredIn(found, 'rabbitmq_dead_lettered_messages')).toBe(1);
      });
      expect(await ask({ maximumReady: 2 })).toMatchObject({ message: '3 messages are ready, more than 2' });
      expect(await ask({ minimumConsumers: 1 })).toMatchObject({ message: '0 consumers, fewer than 1' });
      expect(await ask({ maximumDeadLettered: 0 })).toMatchObject({
        message: '1 dead-lettered messages, more than 0',
      });
      expect(await ask({ queue: 'nowhere' })).toMatchObject({ message: 'no such queue' });
      const wrong = new URL(url);
      wrong.password = 'wrong';
      expect(await probed('RABBITMQ', { url: wrong.href })).toMatchObject({ message: 'sign-in refused' });
    },
  );
});
