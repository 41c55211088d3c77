import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { addressGuard } from './addresses.ts';
import { createLogger } from './logging.ts';
import { createMetrics } from './metrics.ts';
import { createOutgoing, type Outgoing, OutgoingError } from './outgoing.ts';
import { eventually } from './testing.ts';
import { startTracing } from './tracing.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let answer: Answer;
let requests: IncomingMessage[] = [];
const server = createServer((request, response) => {
  requests.push(request);
  answer(request, response);
});
const metrics = createMetrics('sample');
const logger = createLogger({ service: 'sample', level: 'silent' });
let url: string;
let outgoing: Outgoing;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
afterEach(async () => {
  await outgoing.close();
  requests = [];
});

const fresh = () => {
  outgoing = createOutgoing({ metrics, logger });
  return outgoing;
};
const failing: Answer = (_request, response) => void response.writeHead(503).end();
const outcome = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'success',
    (error: unknown) => (error instanceof OutgoingError ? error.outcome : String(error)),
  );

describe('an outgoing HTTP call', () => {
  it('gives back status, headers and body, and passes the trace on', async () => {
    answer = (_request, response) => void response.writeHead(404, { 'x-a': 'b' }).end('nothing');
    const tracing = startTracing({ service: 'sample' });
    const client = fresh().http('echo');
    const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    const result = await tracing.serve({ name: 'work', carrier: { traceparent } }, () =>
      client.request({ url }),
    );
    await tracing.stop();
    expect(result).toMatchObject({ status: 404, body: 'nothing', headers: { 'x-a': 'b' } });
    expect(requests[0]?.headers.traceparent).toMatch(new RegExp(`^00-${'1'.repeat(32)}-`));
  });

  it('is repeated when that is safe, with success in the end', async () => {
    answer = (request, response) =>
      requests.length < 3 ? failing(request, response) : void response.end('at last');
    const client = fresh().http('flaky', { firstPauseMs: 1 });
    expect(await client.request({ url })).toMatchObject({ status: 200, body: 'at last' });
    expect(requests).toHaveLength(3);
  });

  it('is repeated a bounded number of times', async () => {
    answer = failing;
    expect(await outcome(fresh().http('down', { firstPauseMs: 1, attempts: 2 }).request({ url }))).toBe(
      'failure',
    );
    expect(requests).toHaveLength(2);
  });

  it('is not repeated when that could do something twice', async () => {
    answer = failing;
    const client = fresh().http('payments', { firstPauseMs: 1 });
    expect(await outcome(client.request({ url, method: 'POST', body: '{}' }))).toBe('failure');
    expect(requests).toHaveLength(1);
    await outcome(client.request({ url, method: 'POST', body: '{}', repetition: 'safe' }));
    expect(requests).toHaveLength(4);
  });

  it('ends at its deadline, and names the target instead of the address', async () => {
    answer = () => undefined;
    const call = fresh().http('silent', { deadlineMs: 30 }).request({ url });
    await expect(call).rejects.toThrow('silent did not answer in time.');
    let attempts = 0;
    const guard = outgoing.guard('silent too', { deadlineMs: 30, firstPauseMs: 1 });
    const work = () => new Promise(() => void attempts++);
    expect(await outcome(guard.run(work, { repetition: 'safe' }))).toBe('deadline');
    expect(attempts).toBe(1);
  });

  it('does not read more of a body than allowed', async () => {
    answer = (_request, response) => void response.end('x'.repeat(5_000));
    const client = fresh().http('chatty', { maximumResponseBytes: 1_000, attempts: 1 });
    expect(await outcome(client.request({ url }))).toBe('failure');
  });

  it('goes to no address that may not be called, by number and by name', async () => {
    answer = (_request, response) => void response.end('secret');
    const { port } = new URL(url);
    const client = fresh().http('chosen by a tenant', { addresses: addressGuard([]), attempts: 1 });
    for (const host of ['127.0.0.1', 'localhost', '2130706433'])
      expect(await outcome(client.request({ url: `http://${host}:${port}/` }))).toBe('failure');
    expect(requests).toHaveLength(0);
    const exempt = addressGuard(['127.0.0.0/8', '::1/128']);
    const allowed = outgoing.http('exempt', { addresses: exempt });
    expect(await allowed.request({ url })).toMatchObject({ body: 'secret' });
  });

  it('comes from one client per target', () => {
    const { http } = fresh();
    expect(http('same')).toBe(http('same'));
  });
});

describe('a circuit', () => {
  it('opens after failures in a row and rejects at once', async () => {
    answer = failing;
    const client = fresh().http('fragile', { breakAfter: 3, breakForMs: 60_000, attempts: 1 });
    const guard = outgoing.guard('fragile');
    for (let calls = 0; calls < 3; calls++) expect(await outcome(client.request({ url }))).toBe('failure');
    expect(guard.isOpen).toBe(true);
    expect(await outcome(client.request({ url }))).toBe('rejected');
    expect(requests).toHaveLength(3);
    expect(await metrics.registry.metrics()).toMatch(
      /outgoing_circuit_breaker_state\{target="fragile",service="sample"\} 1/,
    );
  });

  it('closes when the target is well again, and not before', async () => {
    answer = failing;
    const client = fresh().http('patient', { breakAfter: 1, breakForMs: 1, attempts: 1 });
    const guard = outgoing.guard('patient');
    await eventually(async () => (await outcome(client.request({ url }))) === 'failure');
    await eventually(async () => (await outcome(client.request({ url }))) === 'failure'); // one call tried again
    expect(guard.isOpen).toBe(true);
    answer = (_request, response) => void response.end('well');
    await eventually(async () => (await outcome(client.request({ url }))) === 'success');
    expect(guard.isOpen).toBe(false);
  });

  it('takes no notice of refusals and of callers that leave', async () => {
    class Refused extends Error {}
    const guard = fresh().guard('strict', { breakAfter: 1, isRefusal: (error) => error instanceof Refused });
    const refused = guard.run(() => Promise.reject(new Refused('no')), { repetition: 'safe' });
    await expect(refused).rejects.toBeInstanceOf(Refused);
    const caller = new AbortController();
    const left = guard.run(() => new Promise(() => undefined), { repetition: 'safe', signal: caller.signal });
    caller.abort();
    expect(await outcome(left)).toBe('failure');
    expect(await outcome(guard.run(async () => 1, { repetition: 'safe', signal: caller.signal }))).toBe(
      'failure',
    );
    expect(guard.isOpen).toBe(false);
  });

  it('stops repeating when the deadline comes during a pause', async () => {
    const guard = fresh().guard('slow to fail', { deadlineMs: 20, firstPauseMs: 100_000 });
    const call = guard.run(() => Promise.reject(new Error('no')), { repetition: 'safe' });
    expect(await outcome(call)).toBe('deadline');
  });
});
