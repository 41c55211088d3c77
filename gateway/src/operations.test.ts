// What becomes of an operation that takes too long, or whose client has left: over HTTP, SSE and WebSocket.
import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import type { RunningGateway } from './gateway.ts';
import { openEventStream, openRawSocket } from './testing/live-client.ts';
import { type Platform, startPlatform } from './testing/platform.ts';
import type { SpokenRequest, SpokenSubgraph } from './testing/spoken-subgraph.ts';

let platform: Platform;
let systemhealth: SpokenSubgraph;
let at: RunningGateway;
let tenantId: string;
let token: string;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform?.stop());
beforeEach(async () => {
  systemhealth = await platform.speakForSubgraph();
  tenantId = (await platform.tenant({ name: 'Before' }))._id;
  const permissions = ['tenant:read', 'tenant:update', 'service:read', 'service:write'];
  token = await platform.token({ tenantId, permissions });
});
afterEach(async () => {
  await at.stop();
});

const start = async (env: Record<string, string> = {}) => {
  at = await platform.startGateway({ ...platform.urlsWith({ systemhealth: systemhealth.url }), ...env });
};
const tenantName = async () =>
  (await platform.query('{ tenant { name } }', { token, at: platform.gateway })).data.tenant.name;

const query = '{ services { nodes { id } } }';
/** One change at each of two subgraphs, one after the other. */
const changes =
  'mutation { createService(input: { name: "Till" }) { service { id } } renameTenant(input: { name: "After" }) { tenant { name } } }';
const created = { data: { createService: { service: { id: 'svc_1' } } } };

/** What systemhealth is asked first. */
const asked = (): Promise<SpokenRequest> =>
  eventually(() => {
    const [first] = systemhealth.requests;
    if (first === undefined) throw new Error('Nothing was asked.');
    return first;
  });

/** Long before the deadline of one fetch, which is ten seconds. */
const givenUp = (request: SpokenRequest | undefined) =>
  eventually(() => request?.isAborted === true, { timeoutMs: 5_000 });

/** Posts an operation. @returns what leaves before the answer has come. */
function post(text: string): () => void {
  const { port } = new URL(at.url);
  const asking = httpRequest({
    ...{ port, path: '/graphql', method: 'POST' },
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  });
  asking.on('error', () => undefined);
  asking.end(JSON.stringify({ query: text }));
  return () => asking.destroy();
}

/** Requests that the gateway has seen the end of. */
const ended = () => platform.metric(at, 'http_server_request_duration_seconds_count', { route: '/graphql' });

async function overWebSocket(text: string) {
  const raw = await openRawSocket(at.url, { headers: { authorization: `Bearer ${token}` } });
  raw.send({ type: 'connection_init' });
  await eventually(() => raw.messages.length === 1);
  raw.send({ id: '1', type: 'subscribe', payload: { query: text } });
  return {
    raw,
    /** Resolves when the gateway knows. */
    async complete() {
      raw.send({ id: '1', type: 'complete' });
      raw.send({ type: 'ping' });
      await eventually(() => raw.messages.at(-1)?.type === 'pong');
    },
  };
}

describe('after the deadline', () => {
  it('what a subgraph was asked is given up, and nothing more is asked', async () => {
    await start({ OPERATION_DEADLINE_MS: '2000' });
    const answered = platform.query(changes, { token, at });
    const first = await asked();
    expect(await answered).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'DEADLINE_EXCEEDED' } }],
    });
    await givenUp(first);
    first.answer(created);
    // Others' changes go through meanwhile, so that this one would have.
    for (const name of ['One', 'Two', 'Three']) {
      const mutation = `mutation { renameTenant(input: { name: "${name}" }) { tenant { name } } }`;
      expect((await platform.query(mutation, { token, at })).errors).toBeUndefined();
      expect(await tenantName()).toBe(name);
    }
    expect(systemhealth.requests).toHaveLength(1);
  });
});

describe('who joins an equal query that is under way', () => {
  it('has a whole deadline, and gets what comes after the deadline of who asked first', async () => {
    await start({ OPERATION_DEADLINE_MS: '1500' });
    const startedAt = performance.now();
    const early = platform.query(query, { token, at });
    const first = await asked();
    await eventually(() => performance.now() > startedAt + 750);
    const late = platform.query(query, { token, at });
    expect((await early).errors).toMatchObject([{ extensions: { code: 'DEADLINE_EXCEEDED' } }]);
    first.answer({ data: { services: { nodes: [{ id: 'svc_1' }] } } });
    expect((await late).data).toEqual({ services: { nodes: [{ id: 'svc_1' }] } });
    expect(systemhealth.requests).toHaveLength(1);
  });
});

describe('a query whose client has left', () => {
  it('over HTTP is given up', async () => {
    await start();
    const leave = post(query);
    const first = await asked();
    expect(first.isAborted).toBe(false);
    leave();
    await givenUp(first);
    expect(systemhealth.requests).toHaveLength(1);
  });

  it('over Server-Sent Events is given up', async () => {
    await start();
    const stream = await openEventStream(at.url, { query, token });
    const first = await asked();
    stream.leave();
    await givenUp(first);
  });

  it('over WebSocket is given up when its client completes it', async () => {
    await start();
    const { raw, complete } = await overWebSocket(query);
    const first = await asked();
    await complete();
    await givenUp(first);
    raw.socket.close();
  });

  it('over WebSocket is given up when its connection closes', async () => {
    await start();
    const { raw } = await overWebSocket(query);
    const first = await asked();
    raw.socket.terminate();
    await givenUp(first);
  });

  it('says nothing against the subgraph', async () => {
    await start();
    // More than it takes to give a subgraph up.
    for (let number = 1; number <= 12; number += 1) {
      const leave = post(query);
      await eventually(() => systemhealth.requests.length === number);
      leave();
      await givenUp(systemhealth.requests.at(-1));
    }
    const answered = platform.query(query, { token, at });
    const last = await eventually(() => systemhealth.requests.length === 13 && systemhealth.requests[12]);
    last?.answer({ data: { services: { nodes: [{ id: 'svc_1' }] } } });
    expect((await answered).data).toEqual({ services: { nodes: [{ id: 'svc_1' }] } });
  });
});

describe('a mutation whose client has left', () => {
  it('over HTTP is seen through', async () => {
    await start();
    const leave = post(changes);
    const first = await asked();
    const before = await ended();
    leave();
    await eventually(async () => (await ended()) > before);
    expect(first.isAborted).toBe(false);
    first.answer(created);
    await eventually(async () => (await tenantName()) === 'After');
  });

  it('over Server-Sent Events is seen through', async () => {
    await start();
    const stream = await openEventStream(at.url, { query: changes, token });
    const first = await asked();
    const before = await ended();
    stream.leave();
    await eventually(async () => (await ended()) > before);
    first.answer(created);
    await eventually(async () => (await tenantName()) === 'After');
  });

  it('over WebSocket is seen through', async () => {
    await start();
    const { raw, complete } = await overWebSocket(changes);
    const first = await asked();
    await complete();
    expect(first.isAborted).toBe(false);
    first.answer(created);
    await eventually(async () => (await tenantName()) === 'After');
    expect(raw.messages.map(({ type }) => type)).toEqual(['connection_ack', 'pong']);
    raw.socket.close();
  });
});
