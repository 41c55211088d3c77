// What developers' tools ask of a running gateway.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Platform, startPlatform } from '../testing/platform.ts';

let platform: Platform;
let viewer: string;
beforeAll(async () => {
  platform = await startPlatform();
  const { _id: tenantId } = await platform.tenant({ name: 'Acme' });
  viewer = await platform.token({
    tenantId,
    permissions: ['service:read', 'service:write', 'tenant:read', 'schema:read'],
  });
});
afterAll(() => platform?.stop());

interface Asked {
  token?: string | null;
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

async function ask(path: string, { token = viewer, method = 'GET', headers = {}, body }: Asked = {}) {
  const response = await fetch(`${platform.gateway.url}/graphql/${path}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text === '' ? null : JSON.parse(text),
  };
}
const planOf = (query: string, rest: Asked & { variables?: object } = {}) =>
  ask('plan', { method: 'POST', body: { query, variables: rest.variables }, ...rest });

describe('facts of the schema', () => {
  it('are told once and then only whether they have changed', async () => {
    const first = await ask('facts');
    expect(first.status).toBe(200);
    expect(first.body.fields['Tenant.name']).toEqual({
      subgraphs: ['arthemiz'],
      takes: ['tenant:read or tenant:create'],
      cost: { weight: null, assumedSize: null, sizedBy: [] },
    });
    const etag = first.headers.get('etag') ?? '';
    const again = await ask('facts', { headers: { 'if-none-match': etag } });
    expect(again).toMatchObject({ status: 304, text: '' });
    expect((await ask('facts', { headers: { 'if-none-match': 'W/"older"' } })).status).toBe(200);
  });

  it("are developers' to know, as are plans", async () => {
    for (const token of [null, 'forged']) {
      const refused = await ask('facts', { token });
      expect(refused).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
      expect(refused.headers.get('www-authenticate')).toBe('Bearer');
      expect((await planOf('{ viewer { subject } }', { token })).status).toBe(401);
    }
    const token = await platform.token({ permissions: ['tenant:read'] });
    expect(await ask('facts', { token })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect((await planOf('{ viewer { subject } }', { token })).status).toBe(403);
  });

  it('are read by GET, and plans by POST', async () => {
    expect((await ask('facts', { method: 'POST', body: {} })).headers.get('allow')).toBe('GET');
    expect(await ask('plan')).toMatchObject({ status: 405 });
  });
});

describe('the plan of an operation', () => {
  it('shows the fetches of all subgraphs, and neither addresses nor data', async () => {
    const { status, body, text } = await planOf('query Q { tenant { name services { nodes { name } } } }');
    expect(status).toBe(200);
    expect(body.operation).toEqual({ type: 'query', name: 'Q' });
    expect(body.plan).toMatchObject({
      kind: 'Sequence',
      nodes: [
        { kind: 'Fetch', index: 0, subgraph: 'arthemiz' },
        { kind: 'Flatten', path: 'tenant', node: { kind: 'Fetch', index: 1, subgraph: 'systemhealth' } },
      ],
    });
    expect(body.cost).toEqual({ estimated: 22, maximum: 10_000 });
    expect(text).not.toMatch(/http|127\.0\.0\.1|Acme/);
  });

  it('names the fields that the viewer may not see, where they stand, and plans nothing for them', async () => {
    const query =
      'query Q {\n  tenant {\n    events: securityEvents(first: 5) { nodes { type } }\n    name\n  }\n}';
    const { body, text } = await planOf(query);
    expect(body.denied).toEqual([
      {
        coordinate: 'Tenant.securityEvents',
        code: 'FORBIDDEN',
        message: "Tenant.securityEvents takes security-event:read, which your roles don't include.",
        line: 3,
        column: 5,
        length: 'events: securityEvents'.length,
      },
    ]);
    expect(text).not.toMatch(/"subgraph":"sentinel"/);
  });

  it('of a mutation changes nothing', async () => {
    const mutation = 'mutation { renameTenant(input: { name: "Other" }) { tenant { name } } }';
    expect((await planOf(mutation)).body.operation.type).toBe('mutation');
    const { data } = await platform.query('{ tenant { name } }', { token: viewer });
    expect(data.tenant.name).toBe('Acme');
  });

  it('of a subscription shows what opens it and what joins each event', async () => {
    const { body } = await planOf('subscription { healthChanged { status tenant { name } } }');
    expect(body.plan).toMatchObject({
      kind: 'Subscription',
      primary: { index: 0, subgraph: 'systemhealth' },
      rest: { kind: 'Flatten', node: { index: 1, subgraph: 'arthemiz' } },
    });
  });

  it('is refused for a document that is not valid', async () => {
    const { status, body } = await planOf('{ nothing }');
    expect(status).toBe(400);
    expect(body.errors[0]).toMatchObject({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
  });
});
