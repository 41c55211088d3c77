// The graphql-transport-ws protocol, by sockets that keep to it and sockets that don't.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { WebSocket } from 'ws';
import { openRawSocket, type RawSocket } from '../testing/live-client.ts';
import { type Platform, startPlatform } from '../testing/platform.ts';

const permissions = ['tenant:read', 'service:read', 'service:write'];
const limits = { initialisationMs: 500, operations: 3, unsentBytes: 65_536 };
let platform: Platform;
let tenantId: string;
let token: string;
beforeAll(async () => {
  platform = await startPlatform({ bounds: { webSockets: { limits } } });
  tenantId = (await platform.tenant({ name: 'Acme' }))._id;
  token = await platform.token({ tenantId, permissions });
});
afterAll(() => platform?.stop());

const watch = 'subscription { healthChanged { message } }';
const subscribe = (id: string, query: string) => ({ id, type: 'subscribe', payload: { query } });

/** A socket whose connection_init was acknowledged. */
async function initialised(given: { token?: string | null } = {}): Promise<RawSocket> {
  const raw = await openRawSocket(platform.gateway.url);
  const shown = given.token === undefined ? token : given.token;
  raw.send({ type: 'connection_init', payload: shown === null ? {} : { Authorization: `Bearer ${shown}` } });
  await eventually(() => raw.messages.length === 1);
  expect(raw.messages.pop()).toEqual({ type: 'connection_ack' });
  return raw;
}

describe('a connection', () => {
  it('that never initialises is closed with 4408', async () => {
    const { closed } = await openRawSocket(platform.gateway.url);
    expect(await closed).toMatchObject({ code: 4408 });
  });

  it('that initialises twice is closed with 4429', async () => {
    const raw = await initialised();
    raw.send({ type: 'connection_init' });
    expect(await raw.closed).toMatchObject({ code: 4429 });
  });

  it('that subscribes before it was acknowledged is closed with 4401', async () => {
    const raw = await openRawSocket(platform.gateway.url);
    raw.send(subscribe('1', '{ __typename }'));
    expect(await raw.closed).toMatchObject({ code: 4401 });
  });

  it.each([['1'], ['ü'.repeat(100)], ['x'.repeat(5_000)]])(
    'that uses the id %.5s twice is closed with 4409',
    async (id) => {
      const raw = await initialised();
      raw.send(subscribe(id, watch));
      raw.send(subscribe(id, watch));
      expect(await raw.closed).toMatchObject({ code: 4409 });
      await eventually(async () => (await platform.health.subscribers()) === 0);
    },
  );

  it.each([
    ['{'],
    ['[]'],
    ['{"type":"what"}'],
    ['{"type":"subscribe","id":"1"}'],
    ['{"type":"subscribe","id":"","payload":{"query":"{ __typename }"}}'],
    ['{"type":"next","id":"1","payload":{}}'],
    ['{"type":"connection_ack"}'],
  ])('that says %s is closed with 4400', async (message) => {
    const raw = await initialised();
    raw.send(message);
    expect(await raw.closed).toMatchObject({ code: 4400 });
  });

  it('without the subprotocol is closed with 4406', async () => {
    const { closed } = await openRawSocket(platform.gateway.url, { protocols: [] });
    expect(await closed).toMatchObject({ code: 4406 });
  });

  it('that offers another subprotocol is not given it', async () => {
    await expect(openRawSocket(platform.gateway.url, { protocols: ['graphql-ws'] })).rejects.toThrow(
      /subprotocol/,
    );
  });

  it('to another path is refused', async () => {
    await expect(openRawSocket(`${platform.gateway.url}/health/live`)).rejects.toThrow(/404/);
  });

  it('is pinged, and ended when it does not answer', async () => {
    const at = await platform.startGateway({}, { webSockets: { keepAliveMs: 300 } });
    const answering = await openRawSocket(at.url);
    answering.send({ type: 'connection_init' });
    const silent = new WebSocket(`${at.url.replace('http', 'ws')}/graphql`, ['graphql-transport-ws'], {
      autoPong: false,
    });
    silent.once('open', () => silent.send('{"type":"connection_init"}'));
    const code = await new Promise((resolve) => silent.once('close', resolve));
    expect(code).toBe(1006);
    expect(answering.socket.readyState).toBe(WebSocket.OPEN);
    answering.socket.close();
  });

  it('may ping and pong', async () => {
    const raw = await initialised();
    raw.send({ type: 'pong' });
    raw.send({ type: 'ping' });
    raw.send({ type: 'ping', payload: { a: 1 } });
    await eventually(() => raw.messages.length === 2);
    expect(raw.messages).toEqual([{ type: 'pong' }, { type: 'pong', payload: { a: 1 } }]);
    raw.socket.close();
  });

  it('with a message that is too large is closed with 1009', async () => {
    const raw = await initialised();
    raw.send(subscribe('1', `{ __typename } # ${'x'.repeat(1_048_576)}`));
    expect(await raw.closed).toMatchObject({ code: 1009 });
  });
});

describe('an operation', () => {
  it('that is a query or a mutation has one result and then its end', async () => {
    const raw = await initialised();
    raw.send(subscribe('q', '{ tenant { name } }'));
    await eventually(() => raw.messages.length === 2);
    raw.send(subscribe('m', 'mutation { createService(input: { name: "Till" }) { service { name } } }'));
    await eventually(() => raw.messages.length === 4);
    expect(raw.messages).toEqual([
      { id: 'q', type: 'next', payload: { data: { tenant: { name: 'Acme' } } } },
      { id: 'q', type: 'complete' },
      { id: 'm', type: 'next', payload: { data: { createService: { service: { name: 'Till' } } } } },
      { id: 'm', type: 'complete' },
    ]);
    raw.socket.close();
  });

  it('sends nothing after the client completed it', async () => {
    const raw = await initialised();
    const watched = await platform.health.service(tenantId);
    raw.send(subscribe('live', watch));
    await platform.health.heard(tenantId);
    raw.send({ id: 'live', type: 'complete' });
    raw.send(subscribe('query', '{ tenant { name } }'));
    raw.send({ id: 'query', type: 'complete' });
    raw.send({ id: 'never', type: 'complete' });
    await eventually(async () => (await platform.health.subscribers()) === 0);
    await platform.health.change(watched, 'unseen');
    raw.send(subscribe('again', '{ __typename }'));
    await eventually(() => raw.messages.length === 2);
    expect(raw.messages.map(({ id }) => id)).toEqual(['again', 'again']);
    raw.socket.close();
  });

  it('beyond the limit is refused, and has room again when another ended', async () => {
    const raw = await initialised();
    for (const id of ['1', '2', '3', '4']) raw.send(subscribe(id, watch));
    await eventually(() => raw.messages.length === 1);
    expect(raw.messages.pop()).toMatchObject({
      id: '4',
      type: 'error',
      payload: [{ extensions: { code: 'RATE_LIMITED' } }],
    });
    raw.send({ id: '1', type: 'complete' });
    raw.send(subscribe('5', '{ __typename }'));
    await eventually(() => raw.messages.length === 2);
    expect(raw.messages[0]).toMatchObject({ id: '5', type: 'next' });
    raw.socket.close();
  });

  it('that its client has left still counts until it has ended', async () => {
    const raw = await initialised();
    for (const id of ['1', '2', '3']) {
      raw.send(subscribe(id, 'mutation { createService(input: { name: "Left" }) { service { id } } }'));
      raw.send({ id, type: 'complete' });
    }
    raw.send(subscribe('4', '{ __typename }'));
    await eventually(() => raw.messages.length === 1);
    expect(raw.messages.pop()).toMatchObject({
      id: '4',
      payload: [{ extensions: { code: 'RATE_LIMITED' } }],
    });
    await eventually(async () => {
      raw.send(subscribe(`again ${raw.messages.length}`, '{ __typename }'));
      const seen = raw.messages.length;
      await eventually(() => raw.messages.length > seen);
      return raw.messages.some(({ type }) => type === 'next');
    });
    raw.socket.close();
  });

  it("is refused above the connection's rate, which says when to come again", async () => {
    const raw = await initialised();
    const isRefusal = (code: string) => (message: unknown) =>
      JSON.stringify(message).includes(`"code":"${code}"`);
    // A burst of twice the limit, then fifty a second: fewer than a loop sends, though not at once on a busy machine.
    await eventually(async () => {
      const before = raw.messages.length;
      for (let number = 0; number < 200; number += 1)
        raw.send(subscribe(`q${before + number}`, '{ nothing }'));
      await eventually(() => raw.messages.length === before + 200);
      return raw.messages.some(isRefusal('RATE_LIMITED'));
    });
    const told = raw.messages.find(isRefusal('RATE_LIMITED'));
    expect(told).toMatchObject({ type: 'error', payload: [{ extensions: { retryAfterSeconds: 1 } }] });
    expect(isRefusal('GRAPHQL_VALIDATION_FAILED')(raw.messages[0])).toBe(true);
    raw.socket.close();
  });

  it('may be tried again under an id that was refused', async () => {
    const raw = await initialised();
    raw.send(subscribe('1', '{ nothing }'));
    raw.send(subscribe('1', '{ __typename }'));
    await eventually(() => raw.messages.length === 3);
    expect(raw.messages.map(({ type }) => type)).toEqual(['error', 'next', 'complete']);
    raw.socket.close();
  });

  it('has a request id, as its denial shows', async () => {
    const raw = await initialised();
    raw.send(subscribe('1', 'query Sockets { roles { name } }'));
    const seer = await platform.token({ tenantId, permissions: ['security-event:read'] });
    const query = '{ securityEvents { nodes { operationName requestId } } }';
    await eventually(async () => {
      const { data } = await platform.query(query, { token: seer });
      expect(data.securityEvents.nodes).toEqual([
        { operationName: 'Sockets', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      ]);
      return true;
    });
    raw.socket.close();
  });
});

describe('a token', () => {
  it('may stand in the header of the request that opened the socket', async () => {
    const headers = { authorization: `Bearer ${token}` };
    const raw = await openRawSocket(platform.gateway.url, { headers });
    raw.send({ type: 'connection_init' });
    await eventually(() => raw.messages.length === 1);
    raw.send(subscribe('1', '{ viewer { id } }'));
    await eventually(() => raw.messages.length === 3);
    expect(raw.messages[1]).toMatchObject({ payload: { data: { viewer: { id: 'per_test' } } } });
    raw.socket.close();
  });

  it.each([['forged'], ['a.b.c']])('of the form %s is refused with 4403', async (bad) => {
    const raw = await openRawSocket(platform.gateway.url);
    raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${bad}` } });
    expect(await raw.closed).toMatchObject({ code: 4403 });
  });

  it('in no form at all is refused, not taken for none', async () => {
    for (const authorization of ['', 'x', 42, {}]) {
      const raw = await openRawSocket(platform.gateway.url);
      raw.send({ type: 'connection_init', payload: { authorization } });
      expect(await raw.closed).toMatchObject({ code: 4403 });
    }
  });

  it('that cannot be verified now closes with 1013', async () => {
    await platform.links.keys.cut();
    const gateway = await platform.startGateway();
    const raw = await openRawSocket(gateway.url);
    raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    expect(await raw.closed).toMatchObject({ code: 1013 });
    await platform.links.keys.restore();
  });

  it('that expires ends the connection with 4403, and no event follows', async () => {
    const watched = await platform.health.service(tenantId);
    // Counts for five seconds longer than it says: this one for two or three seconds more.
    const short = await platform.token({ tenantId, permissions, expiresInSeconds: -2 });
    const raw = await initialised({ token: short });
    raw.send(subscribe('live', watch));
    await platform.health.heard(tenantId);
    await platform.health.change(watched, 'before');
    await eventually(() => raw.messages.length === 1);
    expect(await raw.closed).toMatchObject({ code: 4403, reason: 'The access token has expired' });
    const late = Date.now() - (Number(decoded(short).exp) + 5) * 1000;
    expect(late).toBeGreaterThanOrEqual(-5);
    expect(late).toBeLessThan(1_000);
    await platform.health.change(watched, 'after');
    expect(await platform.health.subscribers()).toBe(0);
    expect(raw.messages).toHaveLength(1);
  });

  it('that has expired runs nothing more for a client that does not close', async () => {
    const short = await platform.token({ tenantId, permissions, expiresInSeconds: -3 });
    const raw = await initialised({ token: short });
    const before = await platform.requestsTo('systemhealth');
    // A client that hears nothing goes on talking.
    const stream = streamOf(raw);
    stream.pause();
    await eventually(() => Date.now() > (Number(decoded(short).exp) + 5) * 1000 + 100);
    raw.send(subscribe('1', 'mutation { createService(input: { name: "Late" }) { service { id } } }'));
    await platform.query('{ __typename }');
    stream.resume();
    expect(await raw.closed).toMatchObject({ code: 4403 });
    expect(raw.messages).toEqual([]);
    expect(await platform.requestsTo('systemhealth')).toBe(before);
  });
});

describe('a client that does not read', () => {
  it('is dropped with 4408, and the others get what they are due', async () => {
    const watched = await platform.health.service(tenantId);
    const slow = await initialised();
    const quick = await initialised();
    // Half a megabyte an event: a socket's buffers hold several.
    const large = `subscription { healthChanged { ${Array.from({ length: 999 }, (_, n) => `m${n}: message`).join(' ')} } }`;
    slow.send(subscribe('live', large));
    quick.send(subscribe('live', large));
    await platform.health.heard(tenantId);
    const open = () => platform.metric(platform.gateway, 'graphql_subscriptions_open');
    await eventually(async () => (await open()) === 2);
    const stream = streamOf(slow);
    stream.pause();
    let told = 0;
    await eventually(
      async () => {
        await platform.health.change(watched, 'x'.repeat(500));
        told += 1;
        return (await open()) === 1;
      },
      { timeoutMs: 60_000 },
    );
    await eventually(() => quick.messages.length === told);
    stream.resume();
    expect(await slow.closed).toMatchObject({ code: 4408, reason: 'Too slow: more than 65536 bytes unread' });
    expect(slow.messages.length).toBeLessThan(told);
    quick.socket.close();
  });
});

/** The connection under a WebSocket, to stop reading from it. */
function streamOf({ socket }: RawSocket): { pause(): void; resume(): void } {
  return (socket as unknown as { _socket: { pause(): void; resume(): void } })._socket; // ws keeps it there
}

function decoded(jwt: string): { exp?: number } {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as { exp?: number };
}
