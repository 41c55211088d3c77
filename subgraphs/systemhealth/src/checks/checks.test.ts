// Tenants' own services and checks, through the subgraph's schema.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually, testViewer } from '@supergraph/chassis/testing';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';
import { startTarget, type Target } from '../testing/target.ts';

let target: Target;
let platform: TestPlatform;
let copy: Copy;
beforeAll(async () => {
  target = await startTarget();
  platform = await testPlatform([{ slug: 'web', name: 'Web', kind: 'HTTP', url: `${target.url}/web` }], {
    // localhost stays refused by the address that it has on most machines beside this one.
    TENANT_TARGET_NETWORKS: '["127.0.0.1/32"]',
  });
  copy = await platform.start();
  await Promise.all(['ten_a', 'ten_b'].map((tenantId) => platform.createTenant(copy, tenantId)));
});
afterAll(async () => {
  await platform.stop();
  await target.stop();
});

const viewer = operatorOf('ten_a');
const errors =
  '{ __typename message ... on InvalidHealthInput { field } ... on HealthLimitReached { limit } }';

function ask(query: string, variables: object = {}, as = viewer) {
  return platform.execute(copy, { query, variables, viewer: as });
}

async function newService(as = viewer): Promise<string> {
  const query =
    'mutation { createService(input: { name: "  Shop " }) { service { id name status checks { id } } errors { message } } }';
  const { data } = await ask(query, {}, as);
  expect(data.createService).toMatchObject({
    service: { name: 'Shop', status: 'UNKNOWN', checks: [] },
    errors: [],
  });
  return data.createService.service.id;
}

const createCheck = `mutation ($input: CreateCheckInput!) { createCheck(input: $input) {
  check { id name kind target status isPaused intervalMs service { name } latestResult { isSuccess } } errors ${errors} } }`;

async function newCheck(input: object, as = viewer) {
  const defaults = { name: 'Front page', kind: 'HTTP', target: `${target.url}/shop` };
  const { data } = await ask(createCheck, { input: { ...defaults, ...input } }, as);
  return data.createCheck;
}

async function standing(id: string) {
  const query =
    '{ services(first: 100) { nodes { id status checks { id status isPaused latestResult { message } } } } }';
  const { data } = await ask(query);
  const services: Array<{
    id: string;
    status: string;
    checks: Array<{
      id: string;
      status: string;
      isPaused: boolean;
      latestResult: { message: string } | null;
    }>;
  }> = data.services.nodes;
  const service = services.find(({ checks }) => checks.some((check) => check.id === id));
  const check = service?.checks.find((each) => each.id === id);
  if (service === undefined || check === undefined) throw new Error(`There is no check ${id}.`);
  return { service, check };
}

/** What other subgraphs are told of a check, oldest first. */
/** Beside what goes to the audit trail alone. */
async function toldOf(checkId: string): Promise<Array<[type: string, data: unknown]>> {
  const outbox = copy.service.connection.collection('outbox');
  const about = { 'event.subject': checkId, 'event.type': /^systemhealth\.check\./ };
  const entries = await outbox.find(about).sort({ _id: 1 }).toArray();
  return entries.map(({ event }) => [event.type, event.data]);
}

describe("a tenant's own check", () => {
  it('runs at once, can be paused, resumed and deleted, and counts for its service while it runs', async () => {
    const serviceId = await newService();
    const { check, errors: none } = await newCheck({ serviceId });
    expect(none).toEqual([]);
    expect(check).toMatchObject({
      kind: 'HTTP',
      status: 'UNKNOWN',
      intervalMs: 30_000,
      service: { name: 'Shop' },
    });
    await eventually(async () => (await standing(check.id)).service.status === 'UP');

    const pause = `mutation ($id: ID!) { pauseCheck(input: { id: $id }) { check { isPaused status } errors ${errors} } }`;
    expect((await ask(pause, { id: check.id })).data.pauseCheck.check).toEqual({
      isPaused: true,
      status: 'UP',
    });
    expect((await ask(pause, { id: check.id })).data.pauseCheck.check.isPaused).toBe(true);
    expect((await standing(check.id)).service.status).toBe('UNKNOWN');

    const resume = `mutation ($id: ID!) { resumeCheck(input: { id: $id }) { check { isPaused status } errors ${errors} } }`;
    const resumed = (await ask(resume, { id: check.id })).data.resumeCheck.check;
    expect(resumed).toEqual({ isPaused: false, status: 'UNKNOWN' });
    await eventually(async () => (await standing(check.id)).check.status === 'UP');
    expect((await ask(resume, { id: check.id })).data.resumeCheck.check).toEqual({
      isPaused: false,
      status: 'UP',
    });

    const remove = `mutation ($id: ID!) { deleteCheck(input: { id: $id }) { deletedCheckId errors ${errors} } }`;
    expect((await ask(remove, { id: check.id })).data.deleteCheck).toEqual({
      deletedCheckId: check.id,
      errors: [],
    });
    for (const [name, mutation] of Object.entries({
      pauseCheck: pause,
      resumeCheck: resume,
      deleteCheck: remove,
    })) {
      const { data } = await ask(mutation, { id: check.id });
      expect(data[name].errors).toMatchObject([{ __typename: 'CheckNotFound' }]);
    }
  });

  it('tells others that it was paused and resumed, and its subscribers that its status is unknown again', async () => {
    const serviceId = await newService();
    const { check } = await newCheck({ serviceId });
    await eventually(async () => (await standing(check.id)).check.status === 'UP');
    const selection = 'status previousStatus';
    const watch = await platform.watch(copy, { viewer, serviceId, selection });
    const change = (name: string) =>
      ask(`mutation ($id: ID!) { ${name}(input: { id: $id }) { check { status } errors { message } } }`, {
        id: check.id,
      });

    // Each twice: the second changes nothing, so nobody hears of it.
    for (const name of ['pauseCheck', 'pauseCheck', 'resumeCheck', 'resumeCheck']) await change(name);
    expect(await watch.next()).toEqual({ previousStatus: 'UP', status: 'UNKNOWN' });
    expect(await watch.next()).toEqual({ previousStatus: 'UNKNOWN', status: 'UP' });
    const events = `query ($id: ID!) { service(id: $id) { events { nodes { ${selection} } } } }`;
    const { data } = await ask(events, { id: serviceId });
    expect(data.service.events.nodes.slice(0, 2)).toEqual([
      { previousStatus: 'UNKNOWN', status: 'UP' },
      { previousStatus: 'UP', status: 'UNKNOWN' },
    ]);
    expect((await toldOf(check.id)).slice(1)).toEqual([
      ['systemhealth.check.paused.v1', expect.objectContaining({ status: 'UP', pausedBy: viewer.subject })],
      ['systemhealth.check.changed.v1', expect.objectContaining({ previousStatus: 'UP', status: 'UNKNOWN' })],
      ['systemhealth.check.resumed.v1', expect.objectContaining({ serviceId, resumedBy: viewer.subject })],
      ['systemhealth.check.changed.v1', expect.objectContaining({ previousStatus: 'UNKNOWN', status: 'UP' })],
    ]);
  });

  it('may be a TCP connection', async () => {
    const { check } = await newCheck({
      serviceId: await newService(),
      kind: 'TCP',
      target: target.url.replace('http', 'tcp'),
    });
    await eventually(async () => (await standing(check.id)).check.status === 'UP');
  });

  it('is refused where its input is outside of what is described, naming the field', async () => {
    const serviceId = await newService();
    const cases: Array<[object, string]> = [
      [{ name: ' ' }, 'name'],
      [{ name: 'x'.repeat(101) }, 'name'],
      [{ kind: 'MONGODB' }, 'target'],
      [{ target: 'shop' }, 'target'],
      [{ target: 'ftp://example.com' }, 'target'],
      [{ target: 'https://user:secret@example.com' }, 'target'],
      [{ kind: 'TCP', target: 'tcp://example.com' }, 'target'],
      [{ kind: 'TCP', target: 'tcp://:80' }, 'target'],
      [{ intervalMs: 4_999 }, 'intervalMs'],
      [{ intervalMs: 86_400_001 }, 'intervalMs'],
      [{ intervalMs: 5_000, timeoutMs: 5_001 }, 'timeoutMs'],
      [{ downAfterMs: -1 }, 'downAfterMs'],
    ];
    for (const [input, field] of cases) {
      const { check, errors: found } = await newCheck({ serviceId, ...input });
      expect({ input, check, field: found[0]?.field }).toEqual({ input, check: null, field });
      expect(found[0].__typename).toBe('InvalidHealthInput');
    }
    const { data } = await ask(
      `mutation { createService(input: { name: "" }) { service { id } errors ${errors} } }`,
    );
    expect(data.createService).toMatchObject({ service: null, errors: [{ field: 'name' }] });
  });

  it('is refused on loopback, private and link-local addresses and a cloud’s metadata', async () => {
    const serviceId = await newService();
    const targets = [
      'http://127.0.0.2/',
      'http://10.0.0.1/',
      'http://169.254.169.254/latest',
      'http://[::1]/',
      'http://192.168.0.1/',
    ];
    for (const each of targets) {
      const { check, errors: found } = await newCheck({ serviceId, target: each });
      expect(check).toBeNull();
      expect(found).toMatchObject([{ __typename: 'CheckTargetRefused' }]);
    }
  });

  it('is refused at probe time too, should a name lead elsewhere than when it was made', async () => {
    const { check } = await newCheck({ serviceId: await newService() });
    await inTenant('ten_a', () =>
      copy.service.models.Check.updateOne(
        { _id: check.id },
        { $set: { target: 'http://127.0.0.3:9/', dueAt: new Date(), intervalMs: 50 } },
      ),
    );
    await eventually(
      async () =>
        (await standing(check.id)).check.latestResult?.message === 'the target is not on a public address',
    );
  });

  it('needs a service of its tenant, and no more than five thousand others', async () => {
    const missing = await newCheck({ serviceId: 'svc_missing' });
    expect(missing.errors).toMatchObject([{ __typename: 'ServiceNotFound' }]);
    const serviceId = await newService(operatorOf('ten_full'));
    await inTenant('ten_full', async () => {
      const [one] = await copy.service.models.Check.create([
        {
          serviceId,
          name: 'x',
          kind: 'HTTP',
          target: `${target.url}/x`,
          intervalMs: 60_000,
          timeoutMs: 50,
          downAfterMs: 0,
          upAfterMs: 0,
          isPaused: true,
          createdAt: new Date(),
          dueAt: new Date(),
          status: 'UNKNOWN',
          statusSince: new Date(),
        },
      ]);
      const { _id, ...row } = one?.toObject() ?? {};
      await copy.service.models.Check.insertMany(Array.from({ length: 4_999 }, () => ({ ...row })));
      await copy.service.models.Service.insertMany(
        Array.from({ length: 499 }, () => ({ name: 'x', createdAt: new Date() })),
      );
    });
    const tooMany = await newCheck({ serviceId }, operatorOf('ten_full'));
    expect(tooMany.errors).toMatchObject([{ __typename: 'HealthLimitReached', limit: 5_000 }]);
    const { data } = await ask(
      `mutation { createService(input: { name: "y" }) { service { id } errors ${errors} } }`,
      {},
      operatorOf('ten_full'),
    );
    expect(data.createService.errors).toMatchObject([{ __typename: 'HealthLimitReached', limit: 500 }]);
  });
});

describe("a tenant's history", () => {
  const dayMs = 86_400_000;
  const events = () => copy.service.models.HealthEvent;
  const daysKept = (tenantId: string) =>
    inTenant(tenantId, async () =>
      (await events().find().lean()).map(
        ({ occurredAt, expiresAt }) => (expiresAt.getTime() - occurredAt.getTime()) / dayMs,
      ),
    );

  it('is kept as many days as the tenant says, and otherwise 90', async () => {
    const tenantId = 'ten_b';
    const areAll = (days: number) => async () => {
      const kept = await daysKept(tenantId);
      return kept.length > 0 && kept.every((each) => each === days);
    };
    await eventually(areAll(90));
    const word = { tenantId, retentionDays: 30, changedAt: new Date().toISOString() };
    await copy.service.events.publish('tenancy.retention.changed.v1', { tenantId, data: word });
    await eventually(areAll(30));
    expect(new Set(await daysKept('ten_a'))).toEqual(new Set([90]));
  });

  it('from before it carried its end is given one, and no index ends it by another rule', async () => {
    const { collection } = events();
    await inTenant('ten_a', () => events().updateMany({}, { $unset: { expiresAt: 1 } }));
    await collection.createIndex({ occurredAt: 1 }, { expireAfterSeconds: 90 * 86_400 });
    const later = await platform.start();
    await eventually(async () => (await daysKept('ten_a').catch(() => [0])).every((days) => days === 90));
    await eventually(async () =>
      (await collection.indexes()).every(({ key, expireAfterSeconds }) =>
        expireAfterSeconds === undefined ? true : 'expiresAt' in key,
      ),
    );
    await later.stop();
  });
});

describe("the platform's checks", () => {
  it('can be paused and not deleted', async () => {
    const { data } = await ask('{ services { nodes { name checks { id } } } }');
    const [web] = data.services.nodes.filter(({ name }: { name: string }) => name === 'Web');
    const id = web.checks[0].id;
    const removed = await ask(
      `mutation ($id: ID!) { deleteCheck(input: { id: $id }) { deletedCheckId errors ${errors} } }`,
      { id },
    );
    expect(removed.data.deleteCheck).toMatchObject({
      deletedCheckId: null,
      errors: [{ __typename: 'PlatformCheckProtected' }],
    });
  });
});

describe('another tenant', () => {
  const other = operatorOf('ten_b');
  const idOf = async () => {
    const { check } = await newCheck({ serviceId: await newService() });
    const { service } = await standing(check.id);
    return { checkId: check.id as string, serviceId: service.id };
  };

  it('neither reads, changes, nor learns the existence of services and checks', async () => {
    const { checkId, serviceId } = await idOf();
    const entities = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on Service { name } ... on Check { name } ... on Tenant { health services { nodes { name } } } } }`;
    const representations = [
      { __typename: 'Service', id: serviceId },
      { __typename: 'Check', id: checkId },
      { __typename: 'Tenant', id: 'ten_a' },
    ];
    const own = await ask(entities, { representations });
    expect(own.data._entities).toMatchObject([
      { name: 'Shop' },
      { name: 'Front page' },
      { health: expect.any(String) },
    ]);
    expect((await ask(entities, { representations }, other)).data._entities).toEqual([null, null, null]);

    const read = await ask(
      'query ($id: ID!) { service(id: $id) { name } services(first: 100) { nodes { id } } }',
      { id: serviceId },
      other,
    );
    expect(read.data.service).toBeNull();
    expect(JSON.stringify(read.data)).not.toContain(serviceId);
    expect((await newCheck({ serviceId }, other)).errors).toMatchObject([{ __typename: 'ServiceNotFound' }]);
    for (const name of ['pauseCheck', 'resumeCheck', 'deleteCheck']) {
      const { data } = await ask(
        `mutation ($id: ID!) { ${name}(input: { id: $id }) { errors ${errors} } }`,
        { id: checkId },
        other,
      );
      expect(data[name].errors).toMatchObject([{ __typename: 'CheckNotFound' }]);
    }
    expect((await standing(checkId)).check.isPaused).toBe(false);
  });

  it('is not told of changes, and a subscriber of one service hears of that one alone', async () => {
    const [first, second] = [await newService(), await newService()];
    const watching = await platform.watch(copy, { viewer, serviceId: second, selection: 'service { id }' });
    const foreign = await platform.watch(copy, { viewer: other, selection: 'tenant { id } check { name }' });
    await newCheck({ serviceId: first });
    await newCheck({ serviceId: second });
    expect(await watching.next()).toEqual({ service: { id: second } });
    const own = await newCheck({ serviceId: await newService(other), name: 'Own' }, other);
    expect(own.errors).toEqual([]);
    // Until it hears of its own, nothing of what happened before in the other tenant has come.
    for (;;) {
      const event = await foreign.next();
      expect(event.tenant.id).toBe('ten_b');
      if (event.check.name === 'Own') break;
    }
  });
});

describe('a viewer without the permission', () => {
  const weak = testViewer({ tenantId: 'ten_a', permissions: ['service:read'] });

  it('sees no check where it sees services, and makes none', async () => {
    const { data, errors: denied } = await ask('{ services { nodes { name checks { id } } } }', {}, weak);
    expect(data.services.nodes.length).toBeGreaterThan(0);
    for (const { name, checks } of data.services.nodes)
      expect([typeof name, checks]).toEqual(['string', null]);
    expect(denied?.[0]).toMatchObject({
      path: ['services', 'nodes', 0, 'checks'],
      extensions: { code: 'FORBIDDEN' },
    });
    const made = await ask(
      'mutation { createService(input: { name: "x" }) { errors { message } } }',
      {},
      weak,
    );
    expect(made).toMatchObject({
      data: { createService: null },
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
  });
});
