import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningSubgraph, startSubgraph } from './subgraph.ts';
import { createGate, sampleSubgraph } from './testing/sample-subgraph.ts';
import { eventually, execute, type TestEnvironment, testEnvironment, testViewer } from './testing.ts';
import { anonymous, type Viewer } from './viewer.ts';

const viewer = testViewer({ tenantId: 'ten_a', permissions: ['note:read', 'note:write'] });

let environment: TestEnvironment;
let running: RunningSubgraph;
beforeAll(async () => {
  environment = await testEnvironment({ service: 'sample' });
  running = await startSubgraph(sampleSubgraph(), environment.env);
});
afterAll(async () => {
  await running.stop();
  await environment.dispose();
});

const ask = (
  query: string,
  asked: { viewer?: Viewer | null; variables?: Record<string, unknown>; audience?: string } = {},
) => execute({ url: running.url, environment, viewer, query, ...asked });

/** Sends whatever is given, as a client that keeps no rules. */
const send = async (init: RequestInit & { passport?: string }) => {
  const passport = init.passport ?? (await environment.passport(viewer));
  const headers = { 'content-type': 'application/json', passport, ...init.headers };
  const response = await fetch(`${running.url}/graphql`, { method: 'POST', ...init, headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const codes = (result: { errors?: Array<{ extensions?: Record<string, unknown> }> }) =>
  result.errors?.map(({ extensions }) => extensions?.code);

describe('a subgraph', () => {
  it('answers queries and mutations in the tenant of the viewer', async () => {
    const written = await ask('mutation { writeNote(text: "first") { id text } }');
    expect(written).toMatchObject({ status: 200, data: { writeNote: { text: 'first' } } });
    const variables = { id: written.data.writeNote.id };
    const query = 'query Read($id: ID!) { note(id: $id) { text } }';
    expect((await ask(query, { variables })).data).toEqual({ note: { text: 'first' } });
    const stranger = testViewer({ tenantId: 'ten_b', permissions: ['note:read'] });
    expect((await ask(query, { variables, viewer: stranger })).data).toEqual({ note: null });
  });

  it('resolves entity references for the gateway, as the viewer may see them', async () => {
    const { data } = await ask('mutation { writeNote(text: "entity") { id } }');
    const variables = { representations: [{ __typename: 'Note', id: data.writeNote.id }] };
    const query =
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Note { text } } }';
    expect((await ask(query, { variables })).data).toEqual({ _entities: [{ text: 'entity' }] });
    const weak = testViewer({ tenantId: 'ten_a' });
    expect(codes(await ask(query, { variables, viewer: weak }))).toEqual(['FORBIDDEN']);
  });

  it('denies by the directives in its SDL', async () => {
    expect((await ask('{ greeting }', { viewer: anonymous })).data).toEqual({ greeting: 'hello' });
    expect(codes(await ask('{ notes { nodes { id } } }', { viewer: anonymous }))).toEqual([
      'UNAUTHENTICATED',
    ]);
    expect(codes(await ask('{ note(id: "a") { id } }', { viewer: testViewer() }))).toEqual(['FORBIDDEN']);
    expect(codes(await ask('{ unmarked }'))).toEqual(['FORBIDDEN']);
  });

  it('pages through lists and refuses pages that are too large', async () => {
    const pages = testViewer({ tenantId: 'ten_pages', permissions: ['note:read', 'note:write'] });
    for (const text of ['b', 'a', 'c']) {
      await ask('mutation ($text: String!) { writeNote(text: $text) { id } }', {
        viewer: pages,
        variables: { text },
      });
    }
    const query =
      'query ($after: String) { notes(first: 2, after: $after) { nodes { text } pageInfo { hasNextPage endCursor } } }';
    const first = await ask(query, { viewer: pages });
    expect(first.data.notes.nodes).toEqual([{ text: 'a' }, { text: 'b' }]);
    const after = first.data.notes.pageInfo.endCursor;
    expect((await ask(query, { viewer: pages, variables: { after } })).data.notes).toMatchObject({
      nodes: [{ text: 'c' }],
      pageInfo: { hasNextPage: false },
    });
    expect(codes(await ask('{ notes(first: 101) { nodes { id } } }', { viewer: pages }))).toEqual([
      'BAD_USER_INPUT',
    ]);
  });

  it('reads a bounded number of lists for one operation', async () => {
    expect((await ask('{ first: countLists(to: 1500) second: countLists(to: 500) }')).data).toEqual({
      first: 1_500,
      second: 500,
    });
    const { data, errors } = await ask('{ first: countLists(to: 1500) second: countLists(to: 501) }');
    expect(data).toEqual({ first: 1_500, second: null });
    expect(errors).toMatchObject([{ path: ['second'], extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('serves its own routes and tells their failures as problem details', async () => {
    expect(await (await fetch(`${running.url}/own/anything?x=1`)).text()).toBe('own');
    const refusal = await fetch(`${running.url}/own/refusal`);
    expect(refusal.headers.get('content-type')).toBe('application/problem+json');
    expect(await refusal.json()).toMatchObject({
      status: 404,
      code: 'NOT_FOUND',
      detail: 'There is nothing here.',
    });
    const failure = await fetch(`${running.url}/own/failure`, { headers: { 'x-request-id': 'req-1' } });
    expect(failure.headers.get('x-request-id')).toBe('req-1');
    const problem = await failure.text();
    expect(JSON.parse(problem)).toMatchObject({
      status: 500,
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(problem).not.toContain('secret');
    expect((await fetch(`${running.url}/ownish`)).status).toBe(404);
  });

  it('measures requests, operations and itself under bounded names', async () => {
    await ask('query Named { greeting }');
    const text = await (await fetch(`${running.url}/metrics`)).text();
    expect(text).toMatch(
      /operation_duration_seconds_count\{operation="Named",type="query",outcome="success",service="sample"\} 1/,
    );
    expect(text).toMatch(
      /http_server_request_duration_seconds_count\{route="\/graphql",method="POST",status="200",service="sample"/,
    );
    expect(text).toMatch(/http_server_request_duration_seconds_count\{route="unmatched"/);
    expect(text).toMatch(/process_cpu_user_seconds_total/);
  });

  it('knows the address of the client from the edge', async () => {
    const body = JSON.stringify({ query: '{ address }' });
    expect((await send({ body, headers: { 'x-forwarded-for': '203.0.113.7, 10.0.0.1' } })).text).toContain(
      '203.0.113.7',
    );
    expect((await send({ body, headers: { 'x-forwarded-for': 'nonsense' } })).text).toContain('127.0.0.1');
  });
});

describe('the door of a subgraph', () => {
  it('opens to nobody without a passport made for it, whatever is asked', async () => {
    for (const query of [
      '{ greeting }',
      '{ _service { sdl } }',
      '{ _entities(representations: []) { __typename } }',
    ]) {
      expect(await ask(query, { viewer: null })).toMatchObject({ status: 401 });
      expect(codes(await ask(query, { audience: 'other' }))).toEqual(['UNAUTHENTICATED']);
    }
    expect((await ask('{ _service { sdl } }')).data._service.sdl).toContain('type Note');
  });

  it('tells nothing about the schema', async () => {
    expect(codes(await ask('{ __schema { types { name } } }'))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    const { errors } = await ask('{ greetin }');
    expect(errors?.[0]?.message).not.toContain('greeting');
  });

  it('takes JSON by POST within its size alone', async () => {
    expect((await send({ method: 'PUT', body: '{}' })).status).toBe(405);
    expect((await send({ body: '{}', headers: { 'content-type': 'text/plain' } })).status).toBe(415);
    expect((await send({ body: '{"query":' })).status).toBe(400);
    expect((await send({ body: '[]' })).status).toBe(400);
    expect((await send({ body: JSON.stringify({ query: '{ greeting' }) })).text).toContain(
      'GRAPHQL_PARSE_FAILED',
    );
    const long = (length: number) =>
      JSON.stringify({ query: '{ greeting }', variables: { a: 'x'.repeat(length) } });
    // What the gateway makes of a client's 1 MiB.
    expect((await send({ body: long(4_000_000) })).status).toBe(200);
    expect((await send({ body: long(4_200_000) })).status).toBe(413);
  });

  it('stops reading a body that grows too large on its way', async () => {
    const chunk = new TextEncoder().encode('x'.repeat(100_000));
    let sent = 0;
    const body = new ReadableStream({
      pull: (controller) => (sent++ < 60 ? controller.enqueue(chunk) : controller.close()),
    });
    const result = await send({ body, duplex: 'half' } as RequestInit).catch(() => ({ status: 413 }));
    expect(result.status).toBe(413);
  });
});

describe('errors of a subgraph', () => {
  it('reach the client when they are about its input', async () => {
    const { errors } = await ask('{ fails(how: "input") }');
    expect(errors).toEqual([
      expect.objectContaining({
        message: 'That will not do.',
        path: ['fails'],
        extensions: { code: 'BAD_USER_INPUT' },
      }),
    ]);
  });

  it('are masked with a trace id when they are ours', async () => {
    const { errors, data } = await ask('{ fails(how: "surprise") greeting }');
    expect(data).toEqual({ fails: null, greeting: 'hello' });
    expect(errors?.[0]?.extensions).toEqual({
      code: 'INTERNAL_SERVER_ERROR',
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(JSON.stringify(errors)).not.toContain('secret');
  });

  it('say so when the database is away', async () => {
    const { errors } = await ask('{ fails(how: "database") }');
    expect(errors?.[0]?.extensions?.code).toBe('SERVICE_UNAVAILABLE');
    expect(JSON.stringify(errors)).not.toContain('mongodb');
  });
});

describe('an operation that takes too long', () => {
  it('is given up at its deadline, and its signal aborted', async () => {
    const gate = createGate();
    let aborts = 0;
    const env = { ...environment.env, OPERATION_DEADLINE_MS: '50' };
    const own = await startSubgraph(sampleSubgraph({ gate, onAbort: () => void aborts++ }), env);
    const result = await execute({ url: own.url, environment, viewer, query: '{ slow }' });
    expect([result.status, codes(result)]).toEqual([504, ['DEADLINE_EXCEEDED']]);
    await eventually(() => aborts === 1);
    gate.open();
    await own.stop();
  });
});

describe('a caller who leaves', () => {
  it('aborts the signal of the operation', async () => {
    const gate = createGate();
    let aborted: () => void = () => undefined;
    const abort = new Promise<void>((resolve) => {
      aborted = resolve;
    });
    const own = await startSubgraph(sampleSubgraph({ gate, onAbort: () => aborted() }), environment.env);
    const caller = new AbortController();
    const passport = await environment.passport(viewer);
    const request = fetch(`${own.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', passport },
      body: JSON.stringify({ query: '{ slow }' }),
      signal: caller.signal,
    }).catch(() => 'left');
    await gate.arrival;
    caller.abort();
    expect(await request).toBe('left');
    await abort;
    gate.open();
    await own.stop();
  });
});
