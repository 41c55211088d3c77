// GraphQL over HTTP as clients see it.
import { request as httpRequest } from 'node:http';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import type { Platform } from '../testing/platform.ts';
import { sharedPlatform } from '../testing/shared-platform.ts';

let platform: Platform;
let token: string;
beforeAll(async () => {
  platform = await sharedPlatform();
  token = await platform.token({ permissions: ['schema:read'] });
});

const post = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${platform.gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const get = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${platform.gateway.url}/graphql?${new URLSearchParams(parameters)}`, { headers });
const codesOf = async (response: Response) =>
  ((await response.json()) as { errors: Array<{ extensions: { code: string } }> }).errors.map(
    ({ extensions }) => extensions.code,
  );

describe('the GraphQL over HTTP specification', () => {
  it('is kept in every audit', async () => {
    const fetchFn = (input: string, init: RequestInit = {}) =>
      fetch(input, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });
    const audits = serverAudits({ url: `${platform.gateway.url}/graphql`, fetchFn });
    const results = await Promise.all(audits.map((audit) => audit.fn()));
    const reasons = results.flatMap((result) =>
      result.status === 'ok' ? [] : [`${result.name}: ${result.reason}`],
    );
    expect(reasons).toEqual([]);
    expect(results).toHaveLength(61);
  });
});

describe('a request', () => {
  it('by GET carries a query', async () => {
    const response = await get({
      query: 'query Q($yes: Boolean!) { __typename @include(if: $yes) } query R { x: __typename }',
      operationName: 'Q',
      variables: '{"yes":true}',
    });
    expect([response.status, await response.json()]).toEqual([200, { data: { __typename: 'Query' } }]);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('by GET carries no mutation', async () => {
    const response = await get(
      { query: 'mutation { renameTenant(input: { name: "x" }) { tenant { id } } }' },
      { authorization: `Bearer ${token}` },
    );
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, POST');
  });

  it.each([
    ['PUT', 405],
    ['DELETE', 405],
    ['HEAD', 405],
  ])('by %s is refused', async (method, status) => {
    expect((await fetch(`${platform.gateway.url}/graphql`, { method })).status).toBe(status);
  });

  it.each([
    ['of another content type', '{"query":"{ __typename }"}', { 'content-type': 'text/plain' }, 415],
    ['of a form', 'query=%7B__typename%7D', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['that is no JSON', '{', {}, 400],
    ['that is a batch', '[{"query":"{ __typename }"}]', {}, 400],
    ['without a query', '{}', {}, 400],
    ['with variables that are a list', '{"query":"{ __typename }","variables":[]}', {}, 400],
    ['that is too large', JSON.stringify({ query: `{ __typename } # ${'x'.repeat(1_048_576)}` }), {}, 413],
    ['whose answer nobody could read', '{"query":"{ __typename }"}', { accept: 'text/html' }, 406],
  ])('%s is refused', async (_, body, headers, status) => {
    const response = await post(body, headers);
    expect(response.status).toBe(status);
    expect(await codesOf(response)).toEqual(['BAD_REQUEST']);
  });

  it('whose parameters by GET are no JSON is refused', async () => {
    expect((await get({ query: '{ __typename }', variables: '{' })).status).toBe(400);
  });

  it('for a subscription is sent to where it is served', async () => {
    const body = { query: 'subscription { healthChanged { id } }' };
    const response = await post(body, { authorization: `Bearer ${token}` });
    expect(response.status).toBe(406);
    expect(await response.text()).toMatch(/text\/event-stream or over WebSocket/);
  });

  it('that breaks off leaves the gateway well', async () => {
    const { port } = new URL(platform.gateway.url);
    await new Promise<void>((resolve) => {
      const cut = httpRequest({
        ...{ port, path: '/graphql', method: 'POST' },
        headers: { 'content-type': 'application/json', 'content-length': 100 },
      });
      cut.on('error', () => resolve());
      cut.write('{"query":');
      cut.once('socket', (socket) => socket.once('connect', () => setImmediate(() => cut.destroy())));
      cut.once('close', () => resolve());
    });
    expect((await post({ query: '{ __typename }' })).status).toBe(200);
  });

  it('keeps its id, or gets one', async () => {
    const given = await post({ query: '{ __typename }' }, { 'x-request-id': 'my-id-1' });
    expect(given.headers.get('x-request-id')).toBe('my-id-1');
    const made = await post({ query: '{ __typename }' }, { 'x-request-id': 'not ok!' });
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is counted by its kind and outcome', async () => {
    const count = (labels: Record<string, string>) =>
      platform.metric(platform.gateway, 'graphql_operation_duration_seconds_count', labels);
    const before = await Promise.all([
      count({ type: 'invalid' }),
      count({ operation: 'Counted', outcome: 'partial' }),
    ]);
    await post({ query: '{ nothing }' });
    const query = 'query Counted { __typename securityEvents { nodes { id } } }';
    await post({ query }, { authorization: `Bearer ${token}` });
    // A stranger's name is no label.
    await post({ query });
    expect([
      await count({ type: 'invalid' }),
      await count({ operation: 'Counted', outcome: 'partial' }),
    ]).toEqual(before.map((value) => value + 1));
  });
});

describe('an answer', () => {
  const accept = 'application/graphql-response+json';

  it('has the form that the client likes best', async () => {
    const response = await post({ query: '{ __typename }' }, { accept });
    expect(response.headers.get('content-type')).toBe(`${accept}; charset=utf-8`);
  });

  it('to an invalid document is 400 where the client can tell whose it is, else 200', async () => {
    expect((await post({ query: '{ nothing }' }, { accept })).status).toBe(400);
    const plain = await post({ query: '{ nothing }' });
    expect(plain.status).toBe(200);
    expect(await codesOf(plain)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });

  it('to a wrong token is 401 in the same form', async () => {
    const response = await post({ query: '{ __typename }' }, { accept, authorization: 'Bearer x' });
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toBe(`${accept}; charset=utf-8`);
    expect(response.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    expect(await codesOf(response)).toEqual(['UNAUTHENTICATED']);
  });
});

describe('a document', () => {
  it('may be twenty levels deep, however its fragments are spread', async () => {
    const nested = (levels: number) => {
      const fragments = Array.from(
        { length: levels },
        (_, n) =>
          `fragment F${n} on Service { tenant { services { nodes { ${n === levels - 1 ? 'id' : `...F${n + 1}`} } } } }`,
      );
      return `{ services { nodes { ...F0 } } } ${fragments.join(' ')}`;
    };
    // 2 + 3 a fragment, and the leaf.
    expect(await (await post({ query: nested(5) })).json()).not.toHaveProperty(
      'errors.0.extensions.code',
      'GRAPHQL_VALIDATION_FAILED',
    );
    const deep = await post({ query: nested(6) });
    expect(await deep.text()).toMatch(/21 levels deep; 20 are allowed/);
  });

  it('may have 5,000 tokens', async () => {
    // Sixteen tokens beside the types.
    const query = (types: number) =>
      `{ securityEvents(filter: { types: [${'FIELD_DENIED '.repeat(types)}] }) { __typename } }`;
    expect(await codesOf(await post({ query: query(4_984) }))).not.toContain('GRAPHQL_PARSE_FAILED');
    expect(await codesOf(await post({ query: query(4_985) }))).toEqual(['GRAPHQL_PARSE_FAILED']);
  });

  it('may have 2,000 fields, those of fragments counted where they are spread', async () => {
    const query = (spreads: number) =>
      `{ viewer { ${Array.from({ length: spreads }, (_, n) => `...F${n}`).join(' ')} } } ${Array.from({ length: spreads }, (_, n) => `fragment F${n} on Viewer { ...Ten }`).join(' ')} fragment Ten on Viewer { ${Array.from({ length: 10 }, (_, n) => `f${n}: __typename`).join(' ')} }`;
    const ask = (spreads: number) => post({ query: query(spreads) }, { authorization: `Bearer ${token}` });
    expect(await (await ask(199)).json()).toHaveProperty('data.viewer.f9', 'Viewer');
    expect(await (await ask(200)).text()).toMatch(/has 2001 fields; 2000 are allowed/);
  });

  it('that doubles with each level is refused before it costs anything', async () => {
    const levels = Array.from(
      { length: 15 },
      (_, n) =>
        `fragment L${n} on Tenant { a: services { nodes { tenant { ...L${n + 1} } } } b: services { nodes { tenant { ...L${n + 1} } } } }`,
    );
    const query = `{ tenant { ...L0 } } ${levels.join(' ')} fragment L15 on Tenant { name }`;
    const startedAt = performance.now();
    expect(await codesOf(await post({ query }))).toContain('GRAPHQL_VALIDATION_FAILED');
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('may make twenty changes', async () => {
    const changes = (count: number) =>
      `mutation { ${Array.from({ length: count }, (_, n) => `m${n}: pauseCheck(input: { id: "none" }) { check { id } }`).join(' ')} }`;
    expect(await codesOf(await post({ query: changes(21) }))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(await codesOf(await post({ query: changes(20) }))).not.toContain('GRAPHQL_VALIDATION_FAILED');
  });

  it('nested so deep that the parser gives up is refused as text', async () => {
    const query = `{ securityEvents(filter: { actorId: ${'['.repeat(4_900)} }) { nodes { id } } }`;
    expect(await codesOf(await post({ query }))).toEqual(['GRAPHQL_PARSE_FAILED']);
  });

  it('whose condition is given null is refused', async () => {
    const query = 'query ($on: Boolean = true) { tenant { name @include(if: $on) } }';
    expect(await codesOf(await post({ query, variables: { on: null } }))).toEqual(['BAD_USER_INPUT']);
  });

  it('tells names of the schema to developers alone, in variables either', async () => {
    const query = 'query ($f: SecurityEventFilter) { securityEvents(filter: $f) { nodes { id } } }';
    const body = { query, variables: { f: { typs: [1] } } };
    expect(await (await post(body, { authorization: `Bearer ${token}` })).text()).toMatch(/Did you mean/);
    expect(await (await post(body)).text()).not.toMatch(/Did you mean/);
  });

  it('that subscribes on a condition is refused', async () => {
    for (const condition of ['@include(if: $on)', '@skip(if: true)']) {
      const query = `subscription ($on: Boolean = true) { healthChanged ${condition} { id } }`;
      const answer = await post({ query }, { accept: 'text/event-stream' });
      expect([answer.status, await answer.text()]).toEqual([
        400,
        expect.stringContaining("A subscription's field can't be conditional"),
      ]);
    }
  });

  it('that is cyclic is refused', async () => {
    const query = '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }';
    expect(await codesOf(await post({ query }))).toContain('GRAPHQL_VALIDATION_FAILED');
  });

  it('with a misspelt field tells what was meant to developers alone', async () => {
    const body = { query: '{ viewr { id } }' };
    const known = await post(body, { authorization: `Bearer ${token}` });
    expect(await known.text()).toMatch(/Did you mean/);
    const stranger = await post(body);
    expect(await stranger.text()).not.toMatch(/Did you mean/);
  });
});
