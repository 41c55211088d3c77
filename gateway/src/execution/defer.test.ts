// Answers in parts: what is not deferred at once, the rest as it is ready.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import { permissions } from '../../../subgraphs/arthemiz/src/roles/rules.ts';
import { openEventStream, openLiveClient } from '../testing/live-client.ts';
import { askInParts, joinParts, partsMediaType } from '../testing/parts-client.ts';
import { type Platform, startPlatform } from '../testing/platform.ts';
import type { StreamedRequest } from '../testing/streamed-response.ts';

let platform: Platform;
let tenantId: string;
let token: string;
beforeAll(async () => {
  platform = await startPlatform();
  tenantId = (await platform.tenant({ name: 'Acme' }))._id;
  token = await platform.token({ tenantId, permissions });
  for (const name of ['One', 'Two', 'Three']) await platform.health.service(tenantId, name);
});
afterEach(() => platform.links.systemhealth.thaw());
afterAll(() => platform?.stop());

const services = '... @defer(label: "h") { services(first: 2) { nodes { name } } }';
const begin = (query: string, request: Partial<StreamedRequest> & { at?: { url: string } } = {}) =>
  askInParts((request.at ?? platform.gateway).url, { query, token, ...request });
async function payloadsOf(query: string, request: Partial<StreamedRequest> = {}) {
  const answer = await begin(query, request);
  await answer.end;
  return answer.payloads();
}
const nodes = [{ name: 'One' }, { name: 'Two' }];

describe('what is deferred', () => {
  it('comes after what is not, in multipart/mixed', async () => {
    const answer = await begin(`{ tenant { name ${services} } }`);
    await answer.end;
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('multipart/mixed; boundary="-"; deferSpec=20220824');
    expect(answer.headers.get('ratelimit')).not.toBeNull();
    const head = 'content-type: application/json; charset=utf-8\r\n\r\n';
    expect(answer.text()).toBe(
      [
        `\r\n---\r\n${head}{"data":{"tenant":{"name":"Acme"}},"hasNext":true}`,
        `\r\n---\r\n${head}{"incremental":[{"data":{"services":{"nodes":[{"name":"One"},{"name":"Two"}]}},"path":["tenant"],"label":"h"}],"hasNext":false}`,
        '\r\n-----\r\n',
      ].join(''),
    );
  });

  it('does not hold up what is not', async () => {
    platform.links.systemhealth.freeze();
    const answer = await begin(`{ tenant { name ${services} } }`);
    await eventually(async () => answer.payloads().length === 1);
    expect(answer.payloads()).toEqual([{ data: { tenant: { name: 'Acme' } }, hasNext: true }]);
    platform.links.systemhealth.thaw();
    await answer.end;
    expect(answer.payloads()[1]?.incremental).toMatchObject([{ data: { services: { nodes } } }]);
  });

  it('is answered at each object of a list', async () => {
    const [first, ...rest] = await payloadsOf(
      '{ services(first: 2) { nodes { name ... @defer(label: "t") { tenant { name } } } } }',
    );
    expect(first).toEqual({ data: { services: { nodes } }, hasNext: true });
    expect(rest.flatMap(({ incremental }) => incremental)).toEqual(
      [0, 1].map((index) => ({
        data: { tenant: { name: 'Acme' } },
        path: ['services', 'nodes', index],
        label: 't',
      })),
    );
  });

  it('may defer again, and be a named fragment of the whole operation', async () => {
    const payloads = await payloadsOf(
      `query { viewer { id } ...Rest @defer(label: "outer") }
       fragment Rest on Query { tenant { slug ... @defer(label: "inner") { services(first: 1) { nodes { name } } } } }`,
    );
    expect(payloads[0]).toEqual({ data: { viewer: { id: 'per_test' } }, hasNext: true });
    expect(payloads.flatMap(({ incremental = [] }) => incremental)).toMatchObject([
      { label: 'outer', path: [], data: { tenant: { slug: expect.any(String) } } },
      { label: 'inner', path: ['tenant'], data: { services: { nodes: [{ name: 'One' }] } } },
    ]);
  });

  it('of a mutation is what is asked of its payload, and is seen through', async () => {
    const { _id: renamed } = await platform.tenant({ name: 'Before' });
    const payloads = await payloadsOf(
      `mutation { renameTenant(input: { name: "After" }) { tenant { name ... @defer { services { nodes { id } } } } } }`,
      { token: await platform.token({ tenantId: renamed, permissions }) },
    );
    expect(payloads).toEqual([
      { data: { renameTenant: { tenant: { name: 'After' } } }, hasNext: true },
      {
        incremental: [{ data: { services: { nodes: [] } }, path: ['renameTenant', 'tenant'] }],
        hasNext: false,
      },
    ]);
  });
});

describe('joined, the parts are the whole answer', () => {
  const whole = 'tenant { name slug services(first: 3) { nodes { name tenant { slug } checks { name } } } }';
  const operations = {
    'of one part': `{ tenant { name slug ... @defer { services(first: 3) { nodes { name tenant { slug } checks { name } } } } } }`,
    'at the root': `{ ... @defer { ${whole} } }`,
    'without anything at once': `{ tenant { ... @defer { name slug services(first: 3) { nodes { name tenant { slug } checks { name } } } } } }`,
    'asked twice': `{ tenant { name ... @defer { name slug services(first: 3) { nodes { name checks { name } } } } services(first: 3) { nodes { name tenant { slug } } } } }`,
    'of each object, nested': `{ tenant { name slug services(first: 3) { nodes { name ... @defer(label: "a") { tenant { slug } ... @defer(label: "b") { checks { name } } } } } } }`,
    'of a fragment in two places': `{ tenant { name slug ...S @defer } other: tenant { ...S } } fragment S on Tenant { services(first: 3) { nodes { name ... @defer { tenant { slug } checks { name } } } } }`,
    'under conditions': `query ($no: Boolean = false, $yes: Boolean = true) { tenant { name slug ... @defer(if: $no) { services(first: 3) { nodes { name } } } services(first: 3) { nodes { ... @defer(if: $yes) { tenant { slug } checks @include(if: $yes) { name } } } ... @defer @include(if: $no) { pageInfo { hasNextPage } } } } }`,
  };
  const viewers = { 'who may see all': permissions, 'who may see some': ['tenant:read', 'service:read'] };

  for (const [viewer, granted] of Object.entries(viewers)) {
    it.each(Object.entries(operations))(`%s, for viewers ${viewer}`, async (_name, query) => {
      const by = await platform.token({ tenantId, permissions: granted });
      const expected = await platform.query(query, { token: by });
      const joined = joinParts(await payloadsOf(query, { token: by }));
      expect(joined.data).toEqual(expected.data);
      const places = (errors: readonly { path?: readonly (string | number)[] | undefined }[] = []) =>
        [...new Set(errors.map(({ path }) => path?.join('.')))].sort();
      expect(places(joined.errors)).toEqual(places(expected.errors));
      if (granted !== permissions) expect(joined.errors.length).toBeGreaterThan(0);
    });
  }
});

describe('a part', () => {
  it('has the errors of what is denied in it, and no subgraph is asked', async () => {
    const before = await platform.requestsTo('systemhealth');
    const payloads = await payloadsOf(`{ tenant { name ${services} } }`, {
      token: await platform.token({ tenantId, permissions: ['tenant:read'] }),
    });
    expect(payloads).toMatchObject([
      { data: { tenant: { name: 'Acme' } }, hasNext: true },
      {
        incremental: [
          {
            data: { services: null },
            errors: [{ path: ['tenant', 'services'], extensions: { code: 'FORBIDDEN' } }],
          },
        ],
      },
    ]);
    expect(payloads[0]).not.toHaveProperty('errors');
    expect(await platform.requestsTo('systemhealth')).toBe(before);
  });

  it('has the errors of its subgraph that is down, at its place', async () => {
    await platform.links.systemhealth.cut();
    const payloads = await payloadsOf(`{ tenant { name ${services} } }`);
    await platform.links.systemhealth.restore();
    expect(payloads).toMatchObject([
      { data: { tenant: { name: 'Acme' } }, hasNext: true },
      {
        incremental: [
          {
            data: { services: null },
            errors: [{ path: ['tenant', 'services'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
          },
        ],
        hasNext: false,
      },
    ]);
    expect(payloads[0]).not.toHaveProperty('errors');
    await eventually(async () => {
      const { errors } = await platform.query('{ services { nodes { id } } }', { token });
      return errors === undefined;
    });
  });

  it('has the errors of what was fetched for it together with what is not deferred', async () => {
    const { models } = platform.subgraphs.systemhealth.service;
    const { _id: other } = await platform.tenant({ name: 'Other' });
    const broken = await platform.health.service(other, 'Broken');
    // Something that the schema cannot express: an instant that is none.
    await inTenant(other, () =>
      models.Check.collection.updateOne({ _id: broken.checkId } as object, {
        $set: { statusSince: 'never' },
      }),
    );
    const payloads = await payloadsOf(
      '{ services { pageInfo { hasNextPage } ... @defer { nodes { checks { statusSince } } } } }',
      { token: await platform.token({ tenantId: other, permissions }) },
    );
    expect(payloads[0]).toEqual({ data: { services: { pageInfo: { hasNextPage: false } } }, hasNext: true });
    const [part] = payloads[1]?.incremental ?? [];
    expect(part?.errors?.map(({ path }) => path?.join('.'))).toEqual([
      'services.nodes.0.checks.0.statusSince',
    ]);
  });

  it('of an object that is not in the answer never comes', async () => {
    const subgraph = await platform.speakForSubgraph();
    const at = await platform.startGateway(platform.urlsWith({ systemhealth: subgraph.url }));
    const underWay = begin('{ services { nodes { name ... @defer { tenant { name } } } } }', { at });
    await eventually(async () => subgraph.requests.length === 1);
    const named = (name: string | null) => ({
      __typename: 'Service',
      id: name ?? 'x',
      name,
      tenant: { id: tenantId },
    });
    subgraph.requests[0]?.answer({ data: { services: { nodes: [named('One'), named(null)] } } });
    const answer = await underWay;
    await answer.end;
    expect(answer.payloads()).toMatchObject([
      { data: { services: null }, errors: [{ path: ['services', 'nodes', 1, 'name'] }], hasNext: false },
    ]);
  });

  it('that takes too long is given up', async () => {
    const at = await platform.startGateway({ OPERATION_DEADLINE_MS: '2000' });
    platform.links.systemhealth.freeze();
    const answer = await begin(`{ tenant { name ${services} } }`, { at });
    await answer.end;
    expect(answer.payloads()).toMatchObject([
      { data: { tenant: { name: 'Acme' } }, hasNext: true },
      {
        incremental: [
          { data: null, path: ['tenant'], errors: [{ extensions: { code: 'DEADLINE_EXCEEDED' } }] },
        ],
        hasNext: false,
      },
    ]);
  });

  it('is asked for no more when its client has left', async () => {
    const subgraph = await platform.speakForSubgraph();
    const at = await platform.startGateway(platform.urlsWith({ systemhealth: subgraph.url }));
    const answer = await begin(`{ tenant { name ${services} } }`, { at });
    await eventually(async () => answer.payloads().length === 1 && subgraph.requests.length === 1);
    answer.leave();
    await eventually(async () => subgraph.requests[0]?.isAborted === true);
  });
});

describe('who gets parts', () => {
  const query = `{ tenant { name ${services} } }`;
  const whole = { data: { tenant: { name: 'Acme', services: { nodes } } } };

  it.each([
    ['names the media type alone', 'multipart/mixed, application/json'],
    ['names another form of it', 'multipart/mixed; deferSpec=20990101, application/json'],
    ['names none', 'application/json'],
  ])('no client that %s: it gets the whole at once', async (_what, accept) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept };
    const body = JSON.stringify({ query });
    const response = await fetch(`${platform.gateway.url}/graphql`, { method: 'POST', headers, body });
    expect(response.headers.get('content-type')).toMatch('application/json');
    expect(await response.json()).toEqual(whole);
  });

  it('no client whose variable says so, or that defers nothing', async () => {
    const conditional = `query ($later: Boolean! = true) { tenant { name ... @defer(if: $later) { slug } } }`;
    const accept = `${partsMediaType}, application/json`;
    const { data, headers } = await platform.query(conditional, {
      ...{ token, variables: { later: false }, headers: { accept } },
    });
    expect(data).toEqual({ tenant: { name: 'Acme', slug: expect.any(String) } });
    expect(headers.get('content-type')).toMatch('application/json');
    expect(await payloadsOf(conditional)).toHaveLength(2);
  });

  it('developers who ask what it costs, in the last part', async () => {
    const payloads = await payloadsOf(query, { headers: { 'graphql-cost': 'true' } });
    expect(payloads.map(({ extensions }) => extensions)).toEqual([
      undefined,
      { cost: { estimated: 4, actual: 4 } },
    ]);
  });

  it('clients of Server-Sent Events, as several events', async () => {
    const stream = await openEventStream(platform.gateway.url, { query, token });
    await stream.end;
    expect(stream.events().map(({ event }) => event)).toEqual(['next', 'next', 'complete']);
    const payloads = stream
      .events()
      .slice(0, 2)
      .map(({ data }) => JSON.parse(data));
    expect(payloads[0]).toEqual({ data: { tenant: { name: 'Acme' } }, hasNext: true });
    expect(joinParts(payloads)).toEqual({ ...whole, errors: [] });
  });

  it('clients over WebSocket, as several messages', async () => {
    const client = openLiveClient({ url: platform.gateway.url, token });
    const { results, end } = client.watch(query);
    expect(await end).toBe('complete');
    expect(results).toEqual([
      { data: { tenant: { name: 'Acme' } }, hasNext: true },
      { incremental: [{ data: { services: { nodes } }, path: ['tenant'], label: 'h' }], hasNext: false },
    ]);
    await client.close();
  });
});

describe('@defer', () => {
  it('is a directive of the schema that developers read', async () => {
    const { data } = await platform.query('{ __schema { directives { name locations } } }', {
      token: await platform.token({ permissions: ['schema:read'] }),
    });
    expect(data.__schema.directives).toContainEqual({
      name: 'defer',
      locations: ['FRAGMENT_SPREAD', 'INLINE_FRAGMENT'],
    });
  });

  const many = Array.from({ length: 17 }, () => '... @defer { slug }').join(' ');
  /** Deferred by so many variables, some of them twice. */
  const dependingOn = (variables: readonly string[]) =>
    `query (${variables.map((name) => `$${name}: Boolean`).join(' ')}) { tenant { ${[
      ...variables,
      ...variables,
    ]
      .map((name) => `... @defer(if: $${name}) { slug }`)
      .join(' ')} } }`;
  it.each([
    [
      'on the fields of a mutation',
      'mutation { ... @defer { renameTenant(input: { name: "X" }) { errors { message } } } }',
    ],
    ['on more than four variables', dependingOn(['a', 'b', 'c', 'd', 'e'])],
    ['in a subscription', 'subscription { healthChanged { message ... @defer { tenant { name } } } }'],
    [
      'with the label of another',
      '{ tenant { ... @defer(label: "a") { name } ... @defer(label: "a") { slug } } }',
    ],
    ['with a variable for a label', 'query ($l: String) { tenant { ... @defer(label: $l) { name } } }'],
    ['at too many places', `{ tenant { ${many} } }`],
  ])('%s is refused', async (_what, query) => {
    const { errors, data } = await platform.query(query, { token });
    expect(data).toBeUndefined();
    expect(errors?.[0]?.message).toMatch(/defer/);
  });

  it('may depend on four variables', async () => {
    const { errors } = await platform.query(dependingOn(['a', 'b', 'c', 'd']), { token });
    expect(errors).toBeUndefined();
  });

  it('does not make two operations of one', async () => {
    const series = { operation: 'Deferring', outcome: 'success' };
    await payloadsOf(`query Deferring { tenant { name ${services} } }`);
    await eventually(
      async () =>
        (await platform.metric(platform.gateway, 'graphql_operation_duration_seconds_count', series)) === 1,
    );
  });
});
