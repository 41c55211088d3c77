// What an HTTP check asserts and follows, against a server of the test's own.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { certificateAuthority } from '../testing/certificates.ts';
import { ended, listening } from '../testing/listening.ts';
import { exempt, probed, settingsFor, strict } from '../testing/probed.ts';
import { askHttp, guardedAgent } from './http.ts';
import { measure } from './probe.ts';

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const asked: Asked[] = [];
let server: Server;
let elsewhere: Server;
let base: string;
let other: string;

function answering(): Server {
  return createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method, url, headers } = request;
    asked.push({ method, url, headers, body });
    if (url === '/large') return void response.end('x'.repeat(300_000));
    if (url?.startsWith('/to?')) {
      const parameters = new URLSearchParams(url.slice(4));
      return void response
        .writeHead(Number(parameters.get('status') ?? 302), { location: parameters.get('url') ?? '' })
        .end();
    }
    response
      .writeHead(Number(url?.slice(1)) || 200, { 'content-type': 'application/json', 'x-cache': 'HIT' })
      .end('{"status":"ok","depth":3}');
  });
}

beforeAll(async () => {
  [server, elsewhere] = [answering(), answering()];
  [base, other] = [
    `http://127.0.0.1:${await listening(server)}`,
    `http://127.0.0.1:${await listening(elsewhere)}`,
  ];
});
afterAll(async () => {
  await Promise.all([ended(server), ended(elsewhere)]);
});

const json = (selector: string, comparison: string, value?: string) => ({
  ...{ source: 'JSON', selector, comparison, value },
});
const to = (url: string, status = 302) => `${base}/to?status=${status}&url=${encodeURIComponent(url)}`;

describe('an HTTP check', () => {
  it('sends its method, headers and body', async () => {
    asked.length = 0;
    const settings = { method: 'POST', body: '{"a":1}' };
    const headers = { 'x-token': 'secret', 'content-type': 'application/json' };
    expect(await probed('HTTP', { url: `${base}/in`, settings, headers })).toMatchObject({ isSuccess: true });
    expect(asked).toMatchObject([{ method: 'POST', url: '/in', body: '{"a":1}', headers }]);
  });

  it('judges the status by codes and ranges', async () => {
    const ask = (status: number, statuses: string[]) =>
      probed('HTTP', { url: `${base}/${status}`, settings: { statuses } });
    expect(await ask(404, ['404'])).toMatchObject({ isSuccess: true, message: 'HTTP status 404' });
    expect(await ask(503, ['200-299', '500-503'])).toMatchObject({ isSuccess: true });
    expect(await ask(200, ['201-299'])).toMatchObject({ isSuccess: false, message: 'HTTP status 200' });
  });

  it('judges the body, values in it and headers, and measures what it saw all the same', async () => {
    const ask = (...assertions: object[]) => probed('HTTP', { url: base, settings: { assertions } });
    const held = [
      json('$.status', 'EQUALS', 'ok'),
      { source: 'HEADER', selector: 'X-Cache', comparison: 'EQUALS', value: 'HIT' },
      { source: 'BODY', comparison: 'MATCHES', value: 'depth":[0-9]' },
    ];
    expect(await ask(...held)).toMatchObject({ isSuccess: true });
    expect(await ask(...held, json('$.depth', 'LESS_THAN', '3'))).toMatchObject({
      isSuccess: false,
      message: '$.depth is not less than “3”',
      measurements: [{ metric: 'http_response_status', value: 200 }],
    });
  });

  it('reads no more than 256 KiB', async () => {
    const assertions = [{ source: 'BODY', comparison: 'CONTAINS', value: 'x' }];
    const found = await probed('HTTP', { url: `${base}/large`, settings: { assertions } });
    expect(found).toMatchObject({ isSuccess: false, message: 'the body is larger than 256 KiB' });
    expect(await probed('HTTP', { url: `${base}/large` })).toMatchObject({ isSuccess: true });
  });

  it('says of a slow answer that it is degraded', async () => {
    const settings = settingsFor('HTTP');
    const agent = guardedAgent({ guard: exempt });
    const probe = {
      ask: (signal: AbortSignal) =>
        askHttp({ url: base, headers: {}, guard: exempt }, { settings, agent, signal }),
      close: () => agent.destroy(),
    };
    const found = await measure(probe, { timeoutMs: 5_000, degradedAfterMs: 0.001, now: Date.now });
    expect(found).toMatchObject({ isSuccess: true, isDegraded: true });
    await probe.close();
  });
});

describe('a redirect', () => {
  const settings = { redirects: 2 };

  it('is followed as often as it may be, and judged where it ends', async () => {
    expect(await probed('HTTP', { url: to(to('/404')), settings })).toMatchObject({
      message: 'HTTP status 404',
    });
    expect(await probed('HTTP', { url: to(to(to('/404'))), settings })).toMatchObject({
      message: 'HTTP status 302',
    });
  });

  it('takes the body along where its status says so, and headers to the same origin alone', async () => {
    const headers = { 'x-token': 'secret' };
    const post = { ...settings, method: 'POST', body: 'b' };
    asked.length = 0;
    await probed('HTTP', { url: to('/200', 307), settings: post, headers });
    await probed('HTTP', { url: to('/200', 303), settings: post, headers });
    await probed('HTTP', { url: to(`${other}/200`, 307), settings: post, headers });
    const arrived = asked.filter(({ url }) => url === '/200');
    expect(arrived.map(({ method, body }) => [method, body])).toEqual([
      ['POST', 'b'],
      ['GET', ''],
      ['POST', 'b'],
    ]);
    expect(arrived.map(({ headers: got }) => got['x-token'])).toEqual(['secret', 'secret', undefined]);
  });

  it.each(['http://127.0.0.2/', 'http://169.254.169.254/latest', 'http://2130706434/'])(
    'to %s is refused: each hop is judged',
    async (url) => {
      expect(await probed('HTTP', { url: to(url), settings })).toMatchObject({
        isSuccess: false,
        message: 'the target is not on a public address',
      });
    },
  );

  it('to another protocol is refused', async () => {
    const found = await probed('HTTP', { url: to('file:///etc/passwd'), settings });
    expect(found.message).toBe('redirected to what is neither http nor https');
  });
});

describe('a name that turns to another address (DNS rebinding)', () => {
  it('is connected to at the address that was judged, or not at all', async () => {
    // The name server's answers, one a look-up: public first, then private.
    const answers = ['93.184.215.14', '127.0.0.1'];
    const lookedUp: string[] = [];
    const rebinding = {
      allows: strict.allows,
      lookup: ((hostname, options, callback) => {
        const address = answers[Math.min(lookedUp.length, 1)] ?? '';
        lookedUp.push(hostname);
        if (!strict.allows(address)) return callback(new Error('refused'), []);
        return options.all ? callback(null, [{ address, family: 4 }]) : callback(null, address, 4);
      }) as typeof strict.lookup,
    };
    asked.length = 0;
    const url = `${base.replace('127.0.0.1', 'rebinding.example')}/`;
    const found = await probed('HTTP', { url, guard: rebinding, timeoutMs: 500 });
    expect(found.isSuccess).toBe(false);
    expect(lookedUp).toEqual(['rebinding.example']);
    expect(asked).toEqual([]);
  });
});

describe('a certificate', () => {
  it('must last for as many days as the check wants', async () => {
    const authority = certificateAuthority();
    const secure = createTlsServer(authority.issue('127.0.0.1', { days: 20 }), (_, response) =>
      response.end('ok'),
    );
    const url = `https://127.0.0.1:${await listening(secure)}/`;
    const ask = async (certificateDays: number | null) => {
      const agent = guardedAgent({ guard: exempt, ca: authority.ca });
      const settings = settingsFor('HTTP', { certificateDays });
      const probe = {
        ask: (signal: AbortSignal) =>
          askHttp({ url, headers: {}, guard: exempt }, { settings, agent, signal }),
        close: () => agent.destroy(),
      };
      const found = await measure(probe, { timeoutMs: 5_000, now: Date.now });
      await probe.close();
      return found;
    };
    const well = await ask(19);
    expect(well).toMatchObject({ isSuccess: true });
    const left = well.measurements?.find(({ metric }) => metric === 'tls_certificate_expiry_seconds')?.value;
    expect(left).toBeGreaterThan(19 * 86_400);
    expect(await ask(21)).toMatchObject({
      isSuccess: false,
      message: 'certificate ends in 19 days, sooner than 21',
    });
    expect(await probed('HTTP', { url })).toMatchObject({
      isSuccess: false,
      message: 'certificate could not be verified',
    });
    await ended(secure);
    authority.dispose();
  });
});
