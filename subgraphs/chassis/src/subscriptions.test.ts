import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { OperationFacts } from './context.ts';
import { type HttpServer, startHttpServer } from './http.ts';
import { createMetrics } from './metrics.ts';
import { loadSchema } from './schema.ts';
import { type RunningSubgraph, startSubgraph } from './subgraph.ts';
import { createSubscriptionServer } from './subscriptions.ts';
import { recordLog } from './testing/data-fixture.ts';
import { sampleSubgraph } from './testing/sample-subgraph.ts';
import {
  eventually,
  execute,
  subscribe,
  type TestEnvironment,
  testEnvironment,
  testViewer,
} from './testing.ts';
import { startTracing } from './tracing.ts';
import { anonymous, type Viewer } from './viewer.ts';

const viewer = testViewer({ tenantId: 'ten_a', permissions: ['note:read', 'note:write'] });
const written = 'subscription Written { noteWritten { text } }';

let environment: TestEnvironment;
let running: RunningSubgraph;
let aborts = 0;
beforeAll(async () => {
  environment = await testEnvironment({ service: 'sample' });
  running = await startSubgraph(sampleSubgraph({ onAbort: () => void aborts++ }), environment.env);
});
afterAll(async () => {
  await running.stop();
  await environment.dispose();
});

const open = (query: string, as: Viewer | null = viewer) =>
  subscribe({ url: running.url, environment, viewer: as, query });
const write = (text: string, as = viewer) =>
  execute({
    url: running.url,
    environment,
    viewer: as,
    query: `mutation { writeNote(text: "${text}") { id } }`,
  });
const openCount = async () => {
  const text = await (await fetch(`${running.url}/metrics`)).text();
  return Number(
    /graphql_subscriptions_open\{operation="Written",service="sample"\} (\d+)/.exec(text)?.[1] ?? 0,
  );
};
const refusal = async (query: string, as: Viewer | null = viewer): Promise<unknown> => {
  const results = await open(query, as);
  try {
    const { value } = await results.next();
    return value?.errors?.[0]?.extensions?.code ?? 'accepted';
  } catch (errors) {
    return Array.isArray(errors) ? errors[0]?.extensions?.code : errors;
  } finally {
    await results.return?.();
  }
};

/** Writes until the subscriber has received something: a subscription stands only some moment after its opening. */
async function firstText(
  results: AsyncIterableIterator<{ data?: { noteWritten: { text: string } } }>,
  text: string,
) {
  let received: string | undefined;
  const next = results.next().then(({ value }) => {
    received = value?.data?.noteWritten.text;
  });
  await eventually(async () => {
    await write(text);
    return received !== undefined;
  });
  await next;
  return received;
}

describe('a subscription', () => {
  it('brings what was committed after it was opened, through loaders fresh for each event', async () => {
    const results = await open(written);
    expect(await firstText(results, 'one')).toBe('one');
    await write('two');
    const texts = new Set<string>();
    for await (const { data } of results) {
      texts.add(data.noteWritten.text);
      if (texts.has('two')) break;
    }
    expect([...texts].at(-1)).toBe('two');
  });

  it('brings nothing of another tenant', async () => {
    const stranger = testViewer({ tenantId: 'ten_b', permissions: ['note:read', 'note:write'] });
    const theirs = await open(written, stranger);
    const received = theirs.next();
    const ours = await open(written);
    await firstText(ours, 'ours');
    await eventually(async () => {
      await write('theirs', stranger);
      return (await Promise.race([received, Promise.resolve(null)])) !== null;
    });
    expect((await received).value.data.noteWritten.text).toBe('theirs');
    await ours.return?.();
    await theirs.return?.();
  });

  it('ends its source and its signal when the subscriber completes or disconnects', async () => {
    await eventually(async () => (await openCount()) === 0);
    const before = aborts;
    const results = await open(written);
    await firstText(results, 'here');
    expect(await openCount()).toBe(1);
    await results.return?.();
    await eventually(async () => (await openCount()) === 0);
    expect(aborts).toBe(before + 1);
    const service = await (await fetch(`${running.url}/metrics`)).text();
    expect(service).toMatch(/live_subscribers\{service="sample"\} 0/);
  });

  it('completes when its source does, and is ended although its source waits for ever', async () => {
    const numbers: number[] = [];
    for await (const { data } of await open('subscription { counted(to: 3) }', anonymous))
      numbers.push(data.counted);
    expect(numbers).toEqual([1, 2, 3]);
    const stuck = await open('subscription { counted(to: 0) }', anonymous);
    const next = stuck.next();
    await stuck.return?.();
    expect((await next).done).toBe(true);
    expect((await fetch(`${running.url}/health/live`)).status).toBe(200);
  });

  it('carries queries and mutations too', async () => {
    const results = await open('{ greeting fails(how: "surprise") }', anonymous);
    const { value } = await results.next();
    expect(value.data).toEqual({ greeting: 'hello', fails: null });
    expect(JSON.stringify(value)).not.toContain('secret');
    await results.return?.();
    expect(await refusal('mutation { writeNote(text: "ws") { text } }')).toBe('accepted');
  });
});

describe('a connection', () => {
  let http: HttpServer;
  beforeAll(async () => {
    const { logger } = recordLog();
    const metrics = createMetrics('sample');
    const tracing = startTracing({ service: 'sample' });
    const schema = loadSchema(sampleSubgraph());
    const verifyPassport = () => anonymous;
    const makeContext = ({ viewer, abort }: OperationFacts) => ({ viewer, signal: abort.signal });
    const server = createSubscriptionServer({
      ...{ schema, verifyPassport, makeContext, logger, metrics, tracing },
      deadlineMs: 50,
      keepAliveMs: 100,
      maximumOperations: 2,
    });
    http = await startHttpServer({ host: '127.0.0.1', port: 0, logger, metrics, tracing });
    http.serve([{ path: '/graphql', handle: () => undefined, upgrade: server.upgrade }]);
  });
  afterAll(() => http.stop({ graceMs: 0 }));

  const connect = () => new WebSocket(`${http.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');

  it('is kept while it answers pings and ended when it does not', async () => {
    const alive = connect();
    const silent = new WebSocket(alive.url, 'graphql-transport-ws', { autoPong: false });
    let pings = 0;
    alive.on('ping', () => pings++);
    await new Promise((resolve) => silent.once('close', resolve));
    await eventually(() => pings > 2);
    expect(alive.readyState).toBe(WebSocket.OPEN);
    alive.terminate();
  });

  it('carries a bounded number of operations', async () => {
    const client = createClient({ url: `${http.url}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 });
    const stuck = [1, 2].map(() => client.iterate({ query: 'subscription { counted(to: 0) }' }));
    for (const results of stuck) void results.next();
    const third = client.iterate({ query: 'subscription { counted(to: 1) }' }).next();
    await expect(third).rejects.toEqual([expect.objectContaining({ extensions: { code: 'RATE_LIMITED' } })]);
    await client.dispose();
  });

  it('gives a query up at its deadline', async () => {
    const client = createClient({ url: `${http.url}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 });
    const { value } = await client.iterate({ query: '{ slow }' }).next();
    expect(value?.errors).toMatchObject([{ extensions: { code: 'DEADLINE_EXCEEDED' } }]);
    await client.dispose();
  });

  it('takes what the gateway lets one viewer send, with a passport beside it', async () => {
    const client = createClient({ url: `${http.url}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 });
    const query = 'query ($how: String!) { fails(how: $how) }';
    const variables = { how: 'x'.repeat(1_048_576) };
    const { value } = await client.iterate({ query, variables, extensions: { passport: 'anyone' } }).next();
    expect(value?.data).toEqual({ fails: null });
    await client.dispose();
  });

  it('is closed when it breaks the protocol of WebSocket', async () => {
    const socket = connect();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send('x'.repeat(5_000_000));
    expect([1006, 1009, 1011]).toContain(await closed);
    expect((await fetch(`${http.url}/other`)).status).toBe(404);
  });
});

describe('the WebSocket door', () => {
  it('opens to nobody without a valid passport or permission', async () => {
    expect(await refusal(written, null)).toBe('UNAUTHENTICATED');
    expect(await refusal('{ _service { sdl } }', null)).toBe('UNAUTHENTICATED');
    expect(await refusal(written, anonymous)).toBe('UNAUTHENTICATED');
    expect(await refusal(written, testViewer())).toBe('FORBIDDEN');
  });

  it('refuses wrong documents and introspection', async () => {
    expect(await refusal('subscription {')).toBe('GRAPHQL_PARSE_FAILED');
    expect(await refusal('subscription { nothing }')).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(await refusal('{ __schema { types { name } } }')).toBe('GRAPHQL_VALIDATION_FAILED');
    const conditional = 'subscription ($x: Boolean! = true) { counted(to: 1) @include(if: $x) }';
    expect(await refusal(conditional)).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(await refusal('query A { greeting } query B { greeting }')).toBe('OPERATION_RESOLUTION_FAILURE');
  });

  it('masks what breaks a source', async () => {
    expect(await refusal('subscription { counted(to: -1) }')).toBe('INTERNAL_SERVER_ERROR');
  });

  it('speaks graphql-transport-ws at /graphql and nothing else', async () => {
    const closing = (path: string, protocol: string) =>
      new Promise<unknown>((resolve) => {
        const socket = new WebSocket(running.url.replace('http', 'ws') + path, protocol);
        socket.on('close', (code) => resolve(code));
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
        socket.on('error', () => undefined);
        socket.on('open', () => socket.send('not json'));
      });
    expect(await closing('/own', 'graphql-transport-ws')).toBe(404);
    expect(await closing('/graphql', 'graphql-transport-ws')).toBe(4400);
    expect([1002, 1006, 4406]).toContain(await closing('/graphql', 'graphql-ws'));
  });
});
