// Queries and mutations over several subgraphs, on good days and bad ones.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import { permissions } from '../../../subgraphs/arthemiz/src/roles/rules.ts';
import { type Platform, type Request, type SubgraphName, startPlatform } from '../testing/platform.ts';

let platform: Platform;
let tenantId: string;
let token: string;
beforeAll(async () => {
  platform = await startPlatform();
  tenantId = (await platform.tenant({ name: 'Acme' }))._id;
  token = await platform.token({ tenantId, permissions });
  for (const name of ['One', 'Two', 'Three']) await platform.health.service(tenantId, name);
});
afterAll(() => platform?.stop());

const ask = (query: string, request: Request = {}) => platform.query(query, { token, ...request });

/** Takes a subgraph away, does the work, and gives it back, with the gateway asking it again. */
async function without(name: SubgraphName, work: () => Promise<void>): Promise<void> {
  await platform.links[name].cut();
  try {
    await work();
  } finally {
    await platform.links[name].restore();
    const probe = {
      arthemiz: '{ viewer { id } }',
      systemhealth: '{ services { nodes { id } } }',
      sentinel: '{ securityEvents { nodes { id } } }',
    };
    await eventually(async () => (await ask(probe[name])).errors === undefined);
  }
}

describe('a query', () => {
  it('joins three subgraphs', async () => {
    const { data, errors } = await ask(
      '{ tenant { name services(first: 5) { nodes { name tenant { name slug } checks { name } } } securityEvents { nodes { type } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.tenant).toMatchObject({
      name: 'Acme',
      services: {
        nodes: ['One', 'Two', 'Three'].map((name) => ({
          name,
          tenant: { name: 'Acme' },
          checks: [{ name: 'Front page' }],
        })),
      },
      securityEvents: { nodes: [] },
    });
  });

  it('passes variables on, with the defaults of the operation', async () => {
    const query =
      'query ($first: Int = 1, $after: String) { services(first: $first, after: $after) { nodes { name } } }';
    expect((await ask(query)).data.services.nodes).toHaveLength(1);
    expect((await ask(query, { variables: { first: 2 } })).data.services.nodes).toHaveLength(2);
  });

  it('whose variables do not fit is told so, and nothing is asked', async () => {
    const before = await platform.requestsTo('systemhealth');
    const query =
      'query ($first: Int, $id: ID!) { services(first: $first) { nodes { id } } service(id: $id) { id } }';
    const answer = await ask(query, { variables: { first: 'many' } });
    expect(answer.data).toBeUndefined();
    expect(answer.errors?.map(({ extensions }) => extensions?.code)).toEqual([
      'BAD_USER_INPUT',
      'BAD_USER_INPUT',
    ]);
    expect(await platform.requestsTo('systemhealth')).toBe(before);
  });

  it('is chosen by its name among several', async () => {
    const query = 'query A { viewer { id } } query B { tenant { name } }';
    expect((await ask(query, { operationName: 'B' })).data).toEqual({ tenant: { name: 'Acme' } });
    for (const operationName of [undefined, 'C']) {
      const { errors } = await ask(query, operationName === undefined ? {} : { operationName });
      expect(errors).toMatchObject([{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }]);
    }
  });

  it('for nothing but __typename asks no subgraph', async () => {
    expect((await ask('{ __typename }')).data).toEqual({ __typename: 'Query' });
  });

  it('is introspected beside data', async () => {
    const { data } = await ask('query ($t: String!) { __type(name: $t) { kind } viewer { id } }', {
      variables: { t: 'Tenant' },
    });
    expect(data).toEqual({ __type: { kind: 'OBJECT' }, viewer: { id: 'per_test' } });
  });

  it("has a subgraph's refusal of its input at its path", async () => {
    const { data, errors } = await ask('{ services(after: "no cursor") { nodes { id } } viewer { id } }');
    expect(data).toEqual({ services: null, viewer: { id: 'per_test' } });
    expect(errors).toMatchObject([{ path: ['services'], extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(errors?.[0]?.extensions).not.toHaveProperty('serviceName');
  });

  it("shows a subgraph's own failure by nothing but the trace to quote", async () => {
    const { models } = platform.subgraphs.systemhealth.service;
    const broken = await platform.health.service(tenantId, 'Broken');
    // Something that the schema cannot express: an instant that is none.
    await inTenant(tenantId, () =>
      models.Check.collection.updateOne({ _id: broken.checkId } as object, {
        $set: { statusSince: 'never' },
      }),
    );
    const query = 'query ($id: ID!) { service(id: $id) { checks { statusSince } } }';
    const { errors } = await ask(query, { variables: { id: broken.serviceId } });
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(/^Something went wrong on our side\. Quote trace [0-9a-f]{32}/),
        extensions: { code: 'INTERNAL_SERVER_ERROR', traceId: expect.stringMatching(/^[0-9a-f]{32}$/) },
      },
    ]);
    expect(JSON.stringify(errors)).not.toMatch(/systemhealth|stack|Date/);
  });

  it('that takes too long is given up', async () => {
    const gateway = await platform.startGateway({ OPERATION_DEADLINE_MS: '50' });
    platform.links.systemhealth.freeze();
    const { data, errors } = await ask('{ services { nodes { id } } }', { at: gateway });
    platform.links.systemhealth.thaw();
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'DEADLINE_EXCEEDED' } }]);
  });
});

describe('a subgraph that is down', () => {
  it('costs its fields, each with an error at its path; the rest is served', async () => {
    await without('systemhealth', async () => {
      const { status, data, errors } = await ask(
        '{ tenant { name health services { nodes { id } } } v: viewer { id } services { nodes { id } } }',
      );
      expect(status).toBe(200);
      expect(data).toEqual({
        tenant: { name: 'Acme', health: null, services: null },
        v: { id: 'per_test' },
        services: null,
      });
      expect(errors?.map(({ path }) => path?.join('.')).sort()).toEqual([
        'services',
        'tenant.health',
        'tenant.services',
      ]);
      expect(new Set(errors?.map(({ extensions }) => extensions?.code))).toEqual(
        new Set(['SUBGRAPH_UNAVAILABLE']),
      );
    });
  });

  it('is told at each place of a list of entities', async () => {
    await without('arthemiz', async () => {
      const { data, errors } = await ask('{ services(first: 2) { nodes { name tenant { name } } } }');
      expect(data.services.nodes).toEqual([
        { name: 'One', tenant: { name: null } },
        { name: 'Two', tenant: { name: null } },
      ]);
      expect(errors?.map(({ path }) => path?.join('.'))).toEqual([
        'services.nodes.0.tenant.name',
        'services.nodes.1.tenant.name',
      ]);
    });
  });

  it('is told at twenty places at most', async () => {
    const { _id: crowded } = await platform.tenant();
    for (let n = 0; n < 25; n++) await platform.health.service(crowded, `S${n}`);
    await without('arthemiz', async () => {
      const { data, errors } = await ask('{ services(first: 50) { nodes { tenant { slug } } } }', {
        token: await platform.token({ tenantId: crowded, permissions }),
      });
      expect(data.services.nodes).toHaveLength(25);
      expect(errors).toHaveLength(20);
    });
  });

  it('degrades readiness while it is given up, and is asked again soon', async () => {
    await without('sentinel', async () => {
      const ready = async () =>
        (await (await fetch(`${platform.gateway.url}/health/ready`)).json()) as object;
      await eventually(async () => {
        await ask('{ securityEvents { nodes { id } } }');
        expect(await ready()).toMatchObject({
          status: 'degraded',
          checks: { sentinel: 'down', arthemiz: 'up' },
        });
        return true;
      });
      expect((await fetch(`${platform.gateway.url}/health/ready`)).status).toBe(200);
    });
  });

  it('and whose answers are no GraphQL is treated alike', async () => {
    const at = await platform.startGateway({
      SUBGRAPH_URLS: JSON.stringify({
        ...JSON.parse(platform.gatewayEnv.SUBGRAPH_URLS ?? ''),
        sentinel: `${platform.subgraphs.sentinel.url}/health/live`,
        systemhealth: `${platform.subgraphs.systemhealth.url}/nowhere`,
      }),
    });
    const { data, errors } = await ask(
      '{ securityEvents { nodes { id } } services { nodes { id } } viewer { id } }',
      { at },
    );
    expect(data).toEqual({ securityEvents: null, services: null, viewer: { id: 'per_test' } });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual([
      'SUBGRAPH_UNAVAILABLE',
      'SUBGRAPH_UNAVAILABLE',
    ]);
  });
});

describe('what failed on the way', () => {
  const attempts = (outcome: string) =>
    platform.metric(platform.gateway, 'outgoing_call_duration_seconds_count', {
      target: 'systemhealth',
      outcome,
    });

  it('is tried again when it is a query', async () => {
    await without('systemhealth', async () => {
      const before = await attempts('failure');
      await ask('{ services { nodes { id } } }');
      expect((await attempts('failure')) - before).toBe(3);
    });
  });

  it('is never tried again when it is a mutation', async () => {
    await without('systemhealth', async () => {
      const before = await attempts('failure');
      const mutation = 'mutation { createService(input: { name: "Till" }) { service { id } } }';
      const { data, errors } = await ask(mutation);
      expect(data).toEqual({ createService: null });
      expect(errors).toMatchObject([
        { path: ['createService'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } },
      ]);
      expect((await attempts('failure')) - before).toBe(1);
    });
  });
});

describe('mutations', () => {
  it('run, one after the other, and their payload is joined', async () => {
    const { data, errors } = await ask(
      'mutation ($a: String!) { a: createService(input: { name: $a }) { service { name tenant { name } } errors { message } } b: renameTenant(input: { name: "Acme" }) { tenant { name } } }',
      { variables: { a: 'Till' } },
    );
    expect(errors).toBeUndefined();
    expect(data.a).toEqual({ service: { name: 'Till', tenant: { name: 'Acme' } }, errors: [] });
    expect(data.b).toEqual({ tenant: { name: 'Acme' } });
  });

  it('that are denied are not run', async () => {
    const before = await platform.requestsTo('systemhealth');
    const viewer = await platform.token({ tenantId, permissions: ['service:read'] });
    const { errors } = await ask('mutation { createService(input: { name: "Till" }) { service { id } } }', {
      token: viewer,
    });
    expect(errors).toMatchObject([{ path: ['createService'], extensions: { code: 'FORBIDDEN' } }]);
    expect(await platform.requestsTo('systemhealth')).toBe(before);
  });
});
