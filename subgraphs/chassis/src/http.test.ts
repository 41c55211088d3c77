import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { levels } from 'pino';
import { readJsonBody } from './body.ts';
import { createHealth } from './health.ts';
import { type HttpServer, type Route, startHttpServer } from './http.ts';
import { createMetrics } from './metrics.ts';
import { recordLog } from './testing/data-fixture.ts';
import { startTracing } from './tracing.ts';

const { info, warn } = levels.values;
const tracing = startTracing({ service: 'sample' });
const metrics = createMetrics('sample');
let server: HttpServer | undefined;

async function serve(routes: Route[]): Promise<HttpServer> {
  server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    logger: recordLog().logger,
    metrics,
    tracing,
  });
  server.serve(routes);
  return server;
}
afterEach(() => server?.stop({ graceMs: 0 }));

const named = (path: string): Route => ({ path, handle: (_request, response) => void response.end(path) });

describe('the HTTP server', () => {
  it('chooses the longest path that a request lies under', async () => {
    const { url } = await serve([named('/'), named('/a'), named('/a/b')]);
    const answers = ['/a', '/a/', '/a/b?x', '/a/b/c', '/ab', '/?a', '/other'];
    const texts = await Promise.all(answers.map(async (path) => (await fetch(url + path)).text()));
    expect(texts).toEqual(['/a', '/a', '/a/b', '/a/b', '/', '/', '/']);
  });

  it('finds nothing at a path that a proxy may have read as another', async () => {
    const { port } = await serve([named('/a'), named('/')]);
    const statusOf = (path: string) =>
      new Promise<number | undefined>((resolve) => {
        // Unlike fetch, sends the path as it is.
        httpRequest({ port, path }, (answer) => resolve(answer.resume().statusCode)).end();
      });
    const paths = ['/a/../b', '/a/.', '/a/..', '/a/%2e%2E/b', '/a/..%2Fb', '/a/%5cb', '/a\\b'];
    expect(await Promise.all(paths.map(statusOf))).toEqual(paths.map(() => 404));
    expect(await statusOf('/a/b.c?to=%2F..')).toBe(200);
  });

  it('gives each request an id, its own when that is harmless', async () => {
    const { url } = await serve([
      { path: '/', handle: (request, response) => void response.end(request.headers['x-request-id']) },
    ]);
    const own = await fetch(url, { headers: { 'x-request-id': 'abc-1' } });
    expect([own.headers.get('x-request-id'), await own.text()]).toEqual(['abc-1', 'abc-1']);
    const strange = await fetch(url, { headers: { 'x-request-id': '<script>' } });
    expect(strange.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('answers a refusal of the form of a request with its status and reason', async () => {
    const { url } = await serve([
      { path: '/', handle: async (request) => void (await readJsonBody(request, { maximumBytes: 10 })) },
    ]);
    const answer = await fetch(url, { method: 'POST', body: 'text' });
    expect(answer.status).toBe(415);
    expect(await answer.json()).toMatchObject({
      status: 415,
      detail: 'Send the body as application/json.',
    });
  });

  it('breaks off a response that fails in the middle', async () => {
    const { url } = await serve([
      {
        path: '/',
        handle(_request, response) {
          response.write('half');
          throw new Error('no more');
        },
      },
    ]);
    await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
  });

  it('tells those too whose request is under way when it begins to drain', async () => {
    let answer: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      void serve([
        {
          path: '/',
          handle(_request, response) {
            answer = () => void response.end();
            resolve();
          },
        },
      ]).then(({ url }) => {
        answered = fetch(url);
      });
    });
    let answered: Promise<Response> | undefined;
    await asked;
    const drained = server?.drain({ delayMs: 1_000 });
    answer();
    expect((await answered)?.headers.get('connection')).toBe('close');
    await drained;
  });

  it('refuses upgrades where nothing takes them, and all while it drains', async () => {
    const running = await serve([named('/')]);
    const upgrade = () =>
      new Promise<number | undefined>((resolve, reject) => {
        const headers = { connection: 'Upgrade', upgrade: 'websocket' };
        httpRequest(running.url, { headers }, (response) => resolve(response.resume().statusCode))
          .on('error', reject)
          .end();
      });
    expect(await upgrade()).toBe(404);
    const drained = running.drain({ delayMs: 1_000 });
    expect(await upgrade()).toBe(503);
    await drained;
  });

  it('counts methods that nobody knows as one', async () => {
    const { url } = await serve([named('/')]);
    await new Promise((resolve) =>
      httpRequest(url, { method: 'PROPFIND' }, (response) => resolve(response.resume())).end(),
    );
    expect(await metrics.registry.metrics()).toMatch(/method="other"/);
  });

  it('writes IPv6 hosts as URLs do', async () => {
    server = await startHttpServer({ host: '::1', port: 0, logger: recordLog().logger, metrics, tracing });
    expect(server.url).toBe(`http://[::1]:${server.port}`);
  });

  it('says which address it cannot listen on', async () => {
    const start = startHttpServer({
      host: '192.0.2.1',
      port: 0,
      logger: recordLog().logger,
      metrics,
      tracing,
    });
    await expect(start).rejects.toThrow('192.0.2.1:0 (HOST, PORT) cannot be listened on.');
  });
});

describe('operation labels', () => {
  it('stay few, however many names clients think of', () => {
    const { operationLabel } = createMetrics('labels');
    expect([operationLabel(null), operationLabel(''), operationLabel('x'.repeat(101))]).toEqual([
      'anonymous',
      'anonymous',
      'other',
    ]);
    const labels = Array.from({ length: 1_000 }, (_, index) => operationLabel(`name${index}`));
    expect(new Set(labels).size).toBe(201);
    expect(operationLabel('name0')).toBe('name0');
  });
});

describe('health checks', () => {
  it('have a deadline, report changes once and are shared by probes that come together', async () => {
    const { logger, lines } = recordLog();
    let looks = 0;
    let hangs = true;
    const health = createHealth({ deadlineMs: 20, logger });
    health.phase = 'ready';
    health.add({
      name: 'slow',
      necessity: 'degrading',
      check: () => {
        looks++;
        return hangs ? new Promise(() => undefined) : Promise.resolve();
      },
    });
    const [first, second] = await Promise.all([health.readiness(), health.readiness()]);
    expect([first, looks]).toEqual([{ status: 'degraded', checks: { slow: 'down' } }, 1]);
    expect(second).toBe(first);
    await health.readiness();
    hangs = false;
    expect((await health.readiness()).status).toBe('ready');
    expect(lines.map(({ level, part, state }) => ({ level, part, state }))).toEqual([
      { level: warn, part: 'slow', state: 'down' },
      { level: info, part: 'slow', state: 'up' },
    ]);
  });

  it('are no news while the service starts or drains', async () => {
    const { logger, lines } = recordLog();
    const health = createHealth({ logger });
    health.add({ name: 'cache', necessity: 'degrading', check: () => Promise.reject(new Error('not yet')) });
    for (const phase of ['starting', 'draining'] as const) {
      health.phase = phase;
      expect(await health.readiness()).toEqual({ status: phase, checks: { cache: 'down' } });
    }
    expect(lines).toEqual([]);
    health.phase = 'ready';
    await health.readiness();
    expect(lines).toMatchObject([{ level: warn, part: 'cache', state: 'down' }]);
  });

  it('tell a missing necessity from a missing convenience', async () => {
    const health = createHealth();
    expect((await health.readiness()).status).toBe('starting');
    health.phase = 'ready';
    const fail = () => Promise.reject(new Error('away'));
    health.add({ name: 'cache', necessity: 'degrading', check: fail });
    expect((await health.readiness()).status).toBe('degraded');
    health.add({ name: 'database', necessity: 'required', check: fail });
    expect((await health.readiness()).status).toBe('unavailable');
  });
});
