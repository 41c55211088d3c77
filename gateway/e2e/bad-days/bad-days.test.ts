// Bad days of a whole platform of real processes: what is served, what arrives later, and that nothing is lost.
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPassportMint } from '@supergraph/chassis/passport';
import { startSubgraph } from '@supergraph/chassis/subgraph';
import { execute, testViewer } from '@supergraph/chassis/testing';
import { eventually } from '../../../infra/local/waiting.ts';
import { definition as sentinel } from '../../../subgraphs/sentinel/src/definition.ts';
import { definition as systemhealth } from '../../../subgraphs/systemhealth/src/definition.ts';
import { type Answer, type E2ePlatform, startE2ePlatform } from '../platform.ts';

let platform: E2ePlatform;
let owner: string;
let operator: string;

const generous = { graphqlRate: '5000r/s', graphqlBurst: 2_000, authRate: '200r/s', authBurst: 200 };

beforeAll(async () => {
  platform = await startE2ePlatform({ limits: generous });
  owner = await platform.signIn('owner@acme.test');
  operator = await platform.signIn('operator@platform.test');
}, 480_000);

afterAll(async () => {
  await platform?.stop();
}, 480_000);

const welcome = `{
  tenant { name services(first: 20) { nodes { name status } } securityEvents(first: 5) { nodes { type } } }
}`;

describe('while RabbitMQ is down', () => {
  it('changes are made and fields denied; their events arrive later, each with one effect', async () => {
    const { stack } = platform;
    const viewer = await platform.signIn('viewer@globex.test');
    const globexOwner = await platform.signIn('owner@globex.test');
    await stack.services.rabbitmq.kill();

    const slug = 'made-without-rabbitmq';
    const created = await platform.execute(
      operator,
      `mutation ($input: CreateTenantInput!) { createTenant(input: $input) { tenant { id } errors { message } } }`,
      { input: { name: 'Initech', slug, idempotencyKey: 'bad-days-rabbitmq' } },
    );
    expect(created.errors).toBeUndefined();
    expect(created.data.createTenant).toMatchObject({ errors: [], tenant: { id: expect.any(String) } });
    const denied = await platform.execute(viewer, 'query NotForViewers { securityEvents { nodes { id } } }');
    expect(denied.errors?.[0]?.extensions?.code).toBe('FORBIDDEN');

    await stack.services.rabbitmq.start();
    const deniedEvents = async () => {
      const query =
        '{ securityEvents(first: 100, filter: { types: [FIELD_DENIED] }) { nodes { operationName } } }';
      const { data } = await platform.execute(globexOwner, query);
      return data.securityEvents.nodes.filter(
        (event: { operationName: string }) => event.operationName === 'NotForViewers',
      );
    };
    await eventually(async () => (await deniedEvents()).length === 1, { timeoutMs: 60_000, intervalMs: 250 });
    // The tenant's own services are provisioned by the event; the broker's return shows in a later one too.
    await eventually(async () => (await provisioned(created.data.createTenant.tenant.id)) === 8, {
      timeoutMs: 60_000,
      intervalMs: 250,
    });
    expect(await deniedEvents()).toHaveLength(1);
  }, 480_000);
});

describe('while Redis is down', () => {
  it('queries go on, and live pushes resume with it', async () => {
    const { stack } = platform;
    const live = platform.subscribe(owner, 'subscription { healthChanged { status service { name } } }');
    await stack.services.redis.kill();
    const { data, errors } = await platform.execute(owner, welcome);
    expect(errors).toBeUndefined();
    expect(data.tenant.services.nodes).toHaveLength(8);
    await stack.services.redis.start();
    // The subscription was opened before the outage, and nobody opened it again.
    await stack.processes.sentinel.kill();
    await eventually(() => live.received.some(isOf('Sentinel', 'DOWN')), { timeoutMs: 60_000 });
    await stack.processes.sentinel.start();
    await eventually(() => live.received.some(isOf('Sentinel', 'UP')), { timeoutMs: 60_000 });
    live.close();
  }, 480_000);
});

describe('while a subgraph is down', () => {
  it('its fields are null with a clear error, the rest is served, and it comes back by itself', async () => {
    const { sentinel } = platform.stack.processes;
    await sentinel.kill();
    const { data, errors } = await platform.execute(owner, welcome);
    expect(data.tenant).toMatchObject({ name: 'Acme Robotics', securityEvents: null });
    expect(data.tenant.services.nodes).toHaveLength(8);
    expect(errors).toEqual([
      expect.objectContaining({
        path: ['tenant', 'securityEvents'],
        message: expect.stringContaining('sentinel is not available right now'),
        extensions: expect.objectContaining({ code: 'SUBGRAPH_UNAVAILABLE' }),
      }),
    ]);
    await sentinel.start();
    await eventually(async () => (await platform.execute(owner, welcome)).errors === undefined, {
      timeoutMs: 60_000,
    });
  }, 480_000);
});

describe('when MongoDB is killed with -9 and restarted', () => {
  it('nothing that was acknowledged is lost', async () => {
    const { mongodb } = platform.stack.services;
    const acknowledged: string[] = [];
    let isDone = false;
    const write = async (writer: number) => {
      for (let number = 0; !isDone; number += 1) {
        const answer = await platform.execute(
          owner,
          'mutation ($input: CreateServiceInput!) { createService(input: $input) { service { id } errors { message } } }',
          { input: { name: `written ${writer}.${number}` } },
        );
        const id: string | undefined = answer.data?.createService?.service?.id;
        if (id !== undefined) acknowledged.push(id);
        else if (answer.data?.createService?.errors?.length > 0) return;
      }
    };
    const writers = [1, 2, 3, 4].map(write);
    await eventually(() => acknowledged.length >= 20, { timeoutMs: 60_000, intervalMs: 5 });
    await mongodb.kill();
    const before = acknowledged.length;
    await mongodb.start();
    await eventually(() => acknowledged.length > before, { timeoutMs: 60_000 });
    isDone = true;
    await Promise.all(writers);

    const found = new Set<string>();
    for (let after: string | null = null, more = true; more; ) {
      const { data }: Answer = await platform.execute(
        owner,
        'query ($after: String) { services(first: 100, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }',
        { after },
      );
      for (const { id } of data.services.nodes) found.add(id);
      more = data.services.pageInfo.hasNextPage;
      after = data.services.pageInfo.endCursor;
    }
    expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
  }, 480_000);
});

describe('when a process is told to stop under load', () => {
  it('the gateway answers every request of clients that leave when they are told to', async () => {
    const { gateway } = platform.stack.processes;
    const statuses: (number | undefined)[] = [];
    // As a proxy does: one kept connection each, until an answer says that it closes.
    const client = async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let isTold = false; !isTold; ) {
        const answer = await post(`${gateway.url}/graphql`, { agent, token: owner, query: welcome });
        statuses.push(answer.statusCode);
        isTold = answer.headers.connection === 'close';
      }
      agent.destroy();
    };
    const clients = Promise.all(Array.from({ length: 20 }, client));
    await eventually(() => statuses.length >= 100, { timeoutMs: 60_000 });
    await gateway.stop();
    await clients;
    await gateway.start();
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  }, 480_000);
});

describe('two copies of a subgraph', () => {
  it('handle each event once between them', async () => {
    const copy = await startSubgraph(sentinel, {
      ...platform.stack.env.sentinel,
      PORT: '0',
      LOG_LEVEL: 'silent',
    });
    try {
      await copy.consuming;
      const viewer = await platform.signIn('viewer@acme.test');
      const names = Array.from({ length: 50 }, (_, number) => `Copies${number}`);
      for (const name of names)
        await platform.execute(viewer, `query ${name} { securityEvents { nodes { id } } }`);
      const stored = async (): Promise<string[]> => {
        const query =
          '{ securityEvents(first: 100, filter: { types: [FIELD_DENIED] }) { nodes { operationName } } }';
        const { data } = await platform.execute(owner, query);
        const all: string[] = data.securityEvents.nodes.map(
          (event: { operationName: string }) => event.operationName,
        );
        return all.filter((name) => name.startsWith('Copies'));
      };
      await eventually(async () => (await stored()).length >= names.length, { timeoutMs: 60_000 });
      expect((await stored()).sort()).toEqual([...names].sort());
      // Both took part: otherwise nothing would be shown.
      const handled = await copy.service.metrics.getSingleMetric('events_consumed_total')?.get();
      const share = handled?.values.find(({ labels }) => labels.outcome === 'handled')?.value ?? 0;
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThan(names.length);
    } finally {
      await copy.stop();
    }
  }, 480_000);

  it('run each check once between them', async () => {
    const copy = await startSubgraph(systemhealth, {
      ...platform.stack.env.systemhealth,
      PORT: '0',
      LOG_LEVEL: 'silent',
    });
    try {
      const startedAt = Date.now();
      const runs = async (): Promise<number[]> => {
        const query =
          '{ services(first: 1) { nodes { checks { intervalMs results(first: 50) { nodes { observedAt } } } } } }';
        const { data } = await platform.execute(owner, query);
        const [check] = data.services.nodes[0].checks;
        expect(check.intervalMs).toBe(2_000);
        const times: number[] = check.results.nodes.map((result: { observedAt: string }) =>
          Date.parse(result.observedAt),
        );
        return times.filter((at) => at > startedAt).reverse();
      };
      await eventually(async () => (await runs()).length >= 6, { timeoutMs: 60_000, intervalMs: 500 });
      const times = await runs();
      const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0));
      // A run too many would stand right beside another.
      expect(Math.min(...pauses)).toBeGreaterThan(1_000);
    } finally {
      await copy.stop();
    }
  }, 480_000);
});

describe('another tenant', () => {
  it('learns nothing, not even that something exists', async () => {
    const globex = await platform.signIn('owner@globex.test');
    const { data } = await platform.execute(
      owner,
      '{ tenant { id } services(first: 1) { nodes { id checks { id } } } }',
    );
    const [service] = data.services.nodes;
    const answer = await platform.execute(
      globex,
      'query ($service: ID!, $missing: ID!) { own: service(id: $service) { name } none: service(id: $missing) { name } }',
      { service: service.id, missing: 'svc_there-is-none' },
    );
    expect(answer).toEqual({ data: { own: null, none: null } });
  });
});

/** Sends a query over a given connection. @returns the answer, read to its end */
function post(
  url: string,
  { agent, token, query }: { agent: Agent; token: string; query: string },
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const asked = request(url, { agent, method: 'POST', headers }, (answer) => {
      text(answer).then(() => resolve(answer), reject);
    });
    asked.once('error', reject).end(JSON.stringify({ query }));
  });
}

function isOf(name: string, status: string) {
  return ({ data }: Answer) =>
    data?.healthChanged.service?.name === name && data.healthChanged.status === status;
}

/** How many services a tenant has: asked at the subgraph as one of the tenant's own, who can't sign in yet. */
async function provisioned(tenantId: string): Promise<number> {
  const { stack } = platform;
  const mint = await createPassportMint({
    privateKey: JSON.parse(stack.env.gateway.PASSPORT_PRIVATE_KEY ?? ''),
  });
  const viewer = testViewer({ tenantId, permissions: ['service:read'] });
  const { data } = await execute({
    url: stack.processes.systemhealth.url,
    environment: { passport: (of) => mint(of, 'systemhealth') },
    query: '{ services(first: 100) { nodes { id } } }',
    viewer,
  });
  return data.services.nodes.length;
}
