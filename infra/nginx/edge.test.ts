// The real nginx in front of small servers that stand where gateway and arthemiz would.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { WebSocket, WebSocketServer } from 'ws';
import type { BackingService } from '../local/backing-service.ts';
import { buildClient, type Client } from '../local/client-build.ts';
import { runCommand } from '../local/commands.ts';
import type { Installation } from '../local/installation.ts';
import { type EdgeLimits, nginx } from '../local/nginx.ts';
import { temporaryCheckout } from '../local/testing/checkout.ts';
import { atTheEnd, temporaryFolder } from '../local/testing/temporary-folder.ts';
import { temporaryInstallation } from '../local/testing/temporary-installation.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

interface Upstream {
  server: Server;
  /** host:port */
  address: string;
}

async function upstream(handle: Handler): Promise<Upstream> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atTheEnd(async () => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // it listens on a TCP port
  return { server, address: `127.0.0.1:${port}` };
}

interface Edge {
  installation: Installation;
  service: BackingService;
  port: number;
  tlsPort: number;
}

async function startEdge(options: {
  gateway: string;
  arthemiz?: string;
  systemhealth?: string;
  limits?: Partial<EdgeLimits>;
  explorerPath?: string;
  consolePath?: string;
}) {
  const installation = await temporaryInstallation();
  const [port, tlsPort] = [await installation.ports.of('public'), await installation.ports.of('public-tls')];
  const service = await nginx(installation, {
    publicPort: port,
    publicTlsPort: tlsPort,
    gatewayAddress: options.gateway,
    arthemizAddress: options.arthemiz ?? options.gateway,
    systemhealthAddress: options.systemhealth ?? options.gateway,
    explorerPath: options.explorerPath ?? '/nowhere',
    consolePath: options.consolePath ?? '/nowhere',
    limits: options.limits,
  });
  await service.start();
  atTheEnd(() => service.stop());
  return { installation, service, port, tlsPort };
}

interface Answer {
  status: number | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Unlike fetch, lets any header be sent. */
function send(
  { port }: { port: number },
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1',
      port,
      path,
      method,
      headers: { host: `localhost:${port}`, ...headers },
    });
    asked.on('error', reject).on('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: text }));
    });
    asked.end(body);
  });
}

const problemOf = ({ headers, body }: Answer) => {
  expect(headers['content-type']).toBe('application/problem+json');
  return JSON.parse(body) as { status: number; title: string };
};
const echo: Handler = (asked, answer) => {
  asked.resume().on('end', () => answer.end(JSON.stringify({ url: asked.url, headers: asked.headers })));
};
const seenBy = async (answer: Promise<Answer>) =>
  JSON.parse((await answer).body) as { url: string; headers: Record<string, string> };

let edge: Edge;
let gateway: Upstream;
beforeAll(async () => {
  gateway = await upstream(echo);
  edge = await startEdge({ gateway: gateway.address });
});

describe('the configuration', () => {
  it('is valid without a warning', async () => {
    const { dataDir, env } = edge.installation;
    const args = [
      '-t',
      '-p',
      join(dataDir, 'nginx'),
      '-c',
      join(dataDir, 'nginx', 'nginx.conf'),
      '-e',
      'stderr',
    ];
    const result = await runCommand(edge.service.source, args, { env, timeoutMs: 10_000 });
    expect(result.ok).toBe(true);
    expect(result.tail).not.toMatch(/\[(warn|error|emerg)\]/);
  });

  it('holds no secret', () => {
    const { dataDir, secrets } = edge.installation;
    const text = readFileSync(join(dataDir, 'nginx', 'nginx.conf'), 'utf8');
    for (const secret of [secrets.redisPassword, secrets.keyEncryptionKey])
      expect(text).not.toContain(secret);
  });
});

describe('what everybody gets', () => {
  it.each(['/', '/graphql', '/health/live', '/nowhere'])('security headers at %s', async (path) => {
    const { headers } = await send(edge, path);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'cross-origin-opener-policy': 'same-origin',
      'content-security-policy': expect.stringContaining("default-src 'none'; frame-ancestors 'none'"),
    });
    expect(headers['permissions-policy']).toContain('camera=()');
    expect(headers.server).toBe('nginx');
  });

  it('the way to the explorer', async () => {
    expect(await send(edge, '/')).toMatchObject({ status: 302, headers: { location: '/explorer/' } });
    expect(await send(edge, '/explorer?q=1')).toMatchObject({
      status: 302,
      headers: { location: '/explorer/?q=1' },
    });
  });

  it.each(['/metrics', '/graphql/', '/graphql/other', '/.env', '/nginx-health', '/explorer/', '/console/'])(
    'nothing at %s',
    async (path) => {
      const answer = await send(edge, path);
      expect(answer.status).toBe(404);
      expect(problemOf(answer)).toMatchObject({ status: 404, title: 'Not Found' });
    },
  );

  it('a request id: the caller’s where it is harmless, else a new one', async () => {
    const kept = await send(edge, '/graphql', { headers: { 'x-request-id': 'order-42.a' } });
    expect(kept.headers['x-request-id']).toBe('order-42.a');
    expect(JSON.parse(kept.body).headers['x-request-id']).toBe('order-42.a');
    for (const id of ['short', 'x'.repeat(65), 'a"b"c{}def']) {
      const made = await send(edge, '/graphql', { headers: { 'x-request-id': id } });
      expect(made.headers['x-request-id']).toMatch(/^[\da-f]{32}$/);
      expect(JSON.parse(made.body).headers['x-request-id']).toBe(made.headers['x-request-id']);
    }
  });
});

describe('what upstreams are told', () => {
  it('is the trace: the caller’s where it is well-formed, else a new one by the id of the request', async () => {
    const traceparent = `00-${'5'.repeat(32)}-${'6'.repeat(16)}-00`;
    const kept = await seenBy(send(edge, '/graphql', { headers: { traceparent } }));
    expect(kept.headers.traceparent).toBe(traceparent);
    for (const wrong of [
      undefined,
      'x',
      `00-${'0'.repeat(32)}-${'6'.repeat(16)}-01`,
      `${traceparent}-more`,
    ]) {
      const answer = await send(
        edge,
        '/graphql',
        wrong === undefined ? {} : { headers: { traceparent: wrong } },
      );
      const id = String(answer.headers['x-request-id']);
      expect(JSON.parse(answer.body).headers.traceparent).toBe(`00-${id}-${id.slice(0, 16)}-01`);
    }
  });

  it('is who really asks; what a client says about that is overwritten', async () => {
    const { headers } = await seenBy(
      send(edge, '/graphql', {
        headers: {
          'x-forwarded-for': '1.2.3.4',
          'x-forwarded-proto': 'https',
          'x-forwarded-host': 'evil.test',
          'x-forwarded-port': '1',
          forwarded: 'for=1.2.3.4',
          'x-real-ip': '1.2.3.4',
          authorization: 'Bearer x',
        },
      }),
    );
    expect(headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': `localhost:${edge.port}`,
      'x-forwarded-port': String(edge.port),
      host: `localhost:${edge.port}`,
      authorization: 'Bearer x',
    });
    for (const name of ['forwarded', 'x-real-ip']) expect(headers).not.toHaveProperty(name);
  });

  it.each(['passport', 'Passport', 'PASSPORT'])('never a passport of the client’s own (%s)', async (name) => {
    for (const path of ['/graphql', '/auth/x', '/health/ready']) {
      const { headers } = await seenBy(send(edge, path, { headers: { [name]: 'forged' } }));
      expect(headers).not.toHaveProperty('passport');
    }
  });

  it('is asked at its own paths', async () => {
    expect((await seenBy(send(edge, '/auth/.well-known/openid-configuration?a=1'))).url).toBe(
      '/auth/.well-known/openid-configuration?a=1',
    );
    expect((await seenBy(send(edge, '/graphql?query=%7Ba%7D'))).url).toBe('/graphql?query=%7Ba%7D');
    for (const path of ['/graphql/facts', '/graphql/plan'])
      expect((await seenBy(send(edge, path))).url).toBe(path);
  });

  it.each([
    '/metrics/../graphql',
    '/metrics/%2e%2e/auth/x',
    '/health/ready/../../auth/',
    '/graphql/..%2fauth/',
    '/graphql/../health/live',
    '/auth/..%2Fexplorer/',
    '/auth/./token',
    '/auth//token',
    '/auth/..\\explorer',
  ])('is asked nothing by a path that can be read in two ways: %s', async (path) => {
    const answer = await send(edge, path);
    expect([answer.status, problemOf(answer).status]).toEqual([400, 400]);
  });

  it('is asked what the query holds, whatever that looks like', async () => {
    expect((await seenBy(send(edge, '/auth/x?to=%2Fexplorer%2F..%2f'))).url).toBe(
      '/auth/x?to=%2Fexplorer%2F..%2f',
    );
  });
});

describe('limits', () => {
  it('refuse a body of more than 1 MiB, also one of unsaid length', async () => {
    const body = Buffer.alloc(1_048_577, 'x');
    const declared = await send(edge, '/graphql', { method: 'POST', body });
    expect([declared.status, problemOf(declared).status]).toEqual([413, 413]);
    const chunked = await send(edge, '/graphql', {
      method: 'POST',
      body,
      headers: { 'transfer-encoding': 'chunked' },
    });
    expect(chunked.status).toBe(413);
    const most = await send(edge, '/graphql', { method: 'POST', body: body.subarray(1) });
    expect(most.status).toBe(200);
  });

  it('let 16 MiB through where other products send their accesses, and say so beyond', async () => {
    const path = '/sentinel/v1/access-events';
    const body = Buffer.alloc(16 * 1_048_576, 'x');
    expect((await send(edge, path, { method: 'POST', body })).status).toBe(200);
    const refused = await send(edge, path, { method: 'POST', body: Buffer.concat([body, Buffer.from('x')]) });
    expect(problemOf(refused)).toMatchObject({ status: 413, detail: 'A request may have 16 MiB.' });
  });

  it('let a burst through and then say when to come back', async () => {
    const limited = await startEdge({
      gateway: gateway.address,
      limits: { graphqlRate: '1r/m', graphqlBurst: 2, authRate: '1r/m', authBurst: 1 },
    });
    const answers = [];
    for (let count = 0; count < 4; count += 1) answers.push(await send(limited, '/graphql'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    const refused = answers[3] as Answer; // there are four
    expect(problemOf(refused)).toMatchObject({ status: 429, title: 'Too Many Requests' });
    expect(refused.headers).toMatchObject({ 'retry-after': '1', 'x-content-type-options': 'nosniff' });
    const signIns = [
      await send(limited, '/auth/token'),
      await send(limited, '/auth'),
      await send(limited, '/auth/x'),
    ];
    expect(signIns.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect((await send(limited, '/health/live')).status).toBe(200);
  });

  it('bound the connections of one client', async () => {
    const held: ServerResponse[] = [];
    const slow = await upstream((_asked, answer) => void held.push(answer));
    const limited = await startEdge({
      gateway: slow.address,
      limits: { connections: 2 },
    });
    const waiting = [send(limited, '/graphql'), send(limited, '/graphql')];
    await eventually(() => held.length === 2);
    expect((await send(limited, '/graphql')).status).toBe(429);
    for (const answer of held) answer.end();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe('a name that is not ours', () => {
  it.each(['evil.test', 'evil.test:8080', 'localhost.evil.test'])('%s gets nothing', async (host) => {
    const answer = await send(edge, '/graphql', { headers: { host } });
    expect(answer.status).toBe(421);
    expect(problemOf(answer).title).toBe('Misdirected Request');
  });

  it.each(['localhost', '127.0.0.1', '[::1]'])('%s is ours', async (host) => {
    expect((await send(edge, '/graphql', { headers: { host } })).status).toBe(200);
  });
});

describe('an upstream', () => {
  it('that is down is a 503 that says when to come back', async () => {
    const alone = await startEdge({ gateway: '127.0.0.1:9' });
    const answer = await send(alone, '/graphql');
    expect(problemOf(answer)).toMatchObject({ status: 503, title: 'Service Unavailable' });
    expect(answer.headers['retry-after']).toBe('2');
    expect(answer.status).toBe(503);
    await alone.service.health();
  });

  it('has the word about its own errors, and about when to come back', async () => {
    const draining = await upstream((_asked, answer) =>
      answer
        .writeHead(503, {
          'retry-after': '7',
          'content-type': 'application/problem+json',
          'x-powered-by': 'x',
        })
        .end('{}'),
    );
    const other = await startEdge({ gateway: draining.address });
    const answer = await send(other, '/health/ready');
    expect([answer.status, answer.body, answer.headers['retry-after']]).toEqual([503, '{}', '7']);
    expect(answer.headers).not.toHaveProperty('x-powered-by');
  });

  it('is spoken to over connections that are kept', async () => {
    const sockets = new Set<unknown>();
    const counting = await upstream((asked, answer) => {
      sockets.add(asked.socket);
      echo(asked, answer);
    });
    const other = await startEdge({ gateway: counting.address });
    for (let count = 0; count < 5; count += 1) await send(other, '/graphql');
    expect(sockets.size).toBe(1);
  });
});

describe('live events', () => {
  it('pass as they come over Server-Sent Events', async () => {
    let live: ServerResponse | undefined;
    const streaming = await upstream((_asked, answer) => {
      live = answer.writeHead(200, { 'content-type': 'text/event-stream' });
      answer.write('data: 1\n\n');
    });
    const other = await startEdge({ gateway: streaming.address });
    const answer = await fetch(`http://127.0.0.1:${other.port}/graphql`, {
      headers: { accept: 'text/event-stream' },
    });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe('data: 1\n\n');
    // The second is sent only after the first was read: a buffer would hold the first back.
    live?.write('data: 2\n\n');
    expect((await reader?.read())?.value).toBe('data: 2\n\n');
    await reader?.cancel();
  });

  it('pass over a WebSocket, with its subprotocol, both ways, and over TLS', async () => {
    const { server, address } = await upstream(echo);
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`echo ${data}`)));
    const other = await startEdge({ gateway: address });
    const ca = readFileSync(join(other.installation.dataDir, 'tls', 'ca.pem'));
    for (const url of [`ws://localhost:${other.port}/graphql`, `wss://localhost:${other.tlsPort}/graphql`]) {
      const client = new WebSocket(url, 'graphql-transport-ws', { ca });
      const said = new Promise((resolve, reject) =>
        client.on('message', (data) => resolve(String(data))).on('error', reject),
      );
      client.on('open', () => client.send('hello'));
      expect(await said).toBe('echo hello');
      expect(client.protocol).toBe('graphql-transport-ws');
      client.terminate();
    }
    sockets.close();
  });
});

describe('TLS', () => {
  const authority = () => readFileSync(join(edge.installation.dataDir, 'tls', 'ca.pem'));
  const handshake = (options: {
    minVersion?: 'TLSv1';
    maxVersion?: 'TLSv1.1' | 'TLSv1.2';
    ALPNProtocols?: string[];
  }) =>
    new Promise<{ protocol: string | null; alpn: string | false | null }>((resolve, reject) => {
      const socket = connect(
        {
          port: edge.tlsPort,
          host: 'localhost',
          servername: 'localhost',
          ca: authority(),
          ciphers: 'DEFAULT@SECLEVEL=0',
          ...options,
        },
        () => {
          resolve({ protocol: socket.getProtocol(), alpn: socket.alpnProtocol });
          socket.destroy();
        },
      );
      socket.on('error', reject);
    });

  it('is 1.3 or 1.2 by a certificate of the local authority, and nothing older', async () => {
    expect(await handshake({ ALPNProtocols: ['h2', 'http/1.1'] })).toEqual({
      protocol: 'TLSv1.3',
      alpn: 'h2',
    });
    expect((await handshake({ maxVersion: 'TLSv1.2' })).protocol).toBe('TLSv1.2');
    await expect(handshake({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })).rejects.toThrow();
  });

  it('is told to upstreams, and plain HTTP at its port is sent there', async () => {
    const script = `fetch('https://localhost:${edge.tlsPort}/graphql').then(async (a) => console.log(await a.text(), a.headers.get('strict-transport-security')))`;
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(edge.installation.dataDir, 'tls', 'ca.pem') };
    const { stdout } = await runCommand(process.execPath, ['-e', script], { env, timeoutMs: 10_000 });
    expect(stdout).toContain('"x-forwarded-proto":"https"');
    expect(stdout.trim()).toMatch(/max-age=0$/);
    const plain = await send({ port: edge.tlsPort }, '/graphql?a=1');
    expect(plain).toMatchObject({
      status: 308,
      headers: { location: `https://localhost:${edge.tlsPort}/graphql?a=1` },
    });
    const foreign = await send({ port: edge.tlsPort }, `http://localhost:${edge.tlsPort}/x`, {
      headers: { host: 'evil.example' },
    });
    expect(foreign.headers.location).toBe(`https://localhost:${edge.tlsPort}/x`);
  });
});

describe('the pages', () => {
  it.each<Client>(['explorer', 'console'])(
    'of the %s are served at its paths, fresh, with what they need allowed and nothing more',
    async (client) => {
      const checkout = temporaryCheckout();
      await buildClient(checkout, client, process.env);
      const other = await startEdge({
        gateway: '127.0.0.1:9',
        [`${client}Path`]: join(checkout, 'clients', client, 'dist'),
      });
      for (const path of [`/${client}/`, `/${client}/callback?code=1`]) {
        const answer = await send(other, path);
        expect([answer.status, answer.body]).toEqual([200, `<h1>${client}</h1>`]);
        expect(answer.headers['cache-control']).toBe('no-cache');
        expect(answer.headers['content-security-policy']).toContain(
          `connect-src 'self' ws://localhost:${other.port}`,
        );
        expect(answer.headers['content-security-policy']).toContain("script-src 'self';");
      }
      expect((await send(other, `/${client}/assets/missing.js`)).status).toBe(404);
      expect((await send(other, `/${client}/../../package.json`)).status).not.toBe(200);
      expect((await send(other, `/${client}/assets../index.html`)).body).not.toContain('build');
    },
  );
});

describe('a public status page', () => {
  it('is one page at every name, fresh, and at nothing that is no name', async () => {
    const consolePath = temporaryFolder();
    writeFileSync(join(consolePath, 'status.html'), '<h1>Status</h1>');
    const other = await startEdge({ gateway: '127.0.0.1:9', consolePath });
    const answer = await send(other, '/status/acme');
    expect([answer.status, answer.body]).toEqual([200, '<h1>Status</h1>']);
    expect(answer.headers['cache-control']).toBe('no-cache');
    expect(answer.headers['content-security-policy']).toContain("script-src 'self';");
    expect(answer.headers.link).toBe('</status/acme/feed>; rel="alternate"; type="application/atom+xml"');
    for (const path of ['/status/', '/status/a/b', '/status/A.html'])
      expect((await send(other, path)).status).toBe(404);
  });

  it('has a feed, which says by itself how long it may be kept', async () => {
    const systemhealth = await upstream((asked, answer) => {
      answer.writeHead(200, { 'cache-control': 'public, max-age=60' }).end(asked.url);
    });
    const other = await startEdge({ gateway: '127.0.0.1:9', systemhealth: systemhealth.address });
    const answer = await send(other, '/status/acme/feed');
    expect([answer.status, answer.body]).toEqual([200, '/status/acme/feed']);
    expect(answer.headers['cache-control']).toBe('public, max-age=60');
    expect(answer.headers.link).toBeUndefined();
  });
});

describe('the access log', () => {
  it('is JSON and holds no query string', async () => {
    await send(edge, '/auth/callback?code=very-secret', { headers: { 'user-agent': 'a "quoted" one' } });
    const file = join(edge.installation.dataDir, 'logs', 'nginx-access.log');
    const line = await eventually(() => {
      const found = readFileSync(file, 'utf8')
        .split('\n')
        .find((text) => text.includes('/auth/callback'));
      return found ?? false;
    });
    expect(JSON.parse(line)).toMatchObject({
      method: 'GET',
      path: '/auth/callback',
      status: 200,
      user_agent: 'a "quoted" one',
    });
    expect(readFileSync(file, 'utf8')).not.toContain('very-secret');
    // By its owner alone, as every log.
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

it('nginx restarts with what it had, and its workers end with it', async () => {
  const { service, port } = await startEdge({ gateway: '127.0.0.1:9' });
  await service.kill();
  await expect(send({ port }, '/')).rejects.toThrow('ECONNREFUSED');
  await expect(service.health()).rejects.toThrow();
  await service.start();
  expect((await send({ port }, '/')).status).toBe(302);
});
