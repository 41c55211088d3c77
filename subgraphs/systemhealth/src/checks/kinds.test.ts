// Checks of every kind through the subgraph's schema: what they are given, what is shown and what is kept secret.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';
import { startTarget, type Target } from '../testing/target.ts';

let target: Target;
let platform: TestPlatform;
let copy: Copy;
let serviceId: string;
const viewer = operatorOf('ten_a');

beforeAll(async () => {
  target = await startTarget();
  platform = await testPlatform([], { TENANT_TARGET_NETWORKS: '["127.0.0.1/32"]' });
  copy = await platform.start();
  const made = await ask('mutation { createService(input: { name: "Shop" }) { service { id } } }');
  serviceId = made.data.createService.service.id;
});
afterAll(async () => {
  await platform.stop();
  await target.stop();
});

function ask(query: string, variables: object = {}) {
  return platform.execute(copy, { query, variables, viewer });
}

const shown = `id kind target hasSecrets status intervalMs degradedAfterMs latestResult { isSuccess isDegraded message }
  settings { __typename
    ... on HttpCheckSettings { method headerNames redirects statuses certificateDays assertions { source selector comparison value } }
    ... on HeartbeatCheckSettings { periodSeconds graceSeconds }
    ... on DnsCheckSettings { recordType values resolver } }`;
const errors = '{ __typename message ... on InvalidHealthInput { field } }';

async function create(input: object) {
  const query = `mutation ($input: CreateCheckInput!) { createCheck(input: $input) { heartbeatUrl check { ${shown} } errors ${errors} } }`;
  const { data } = await ask(query, { input: { serviceId, name: 'Check', ...input } });
  return data.createCheck;
}

async function update(input: object) {
  const query = `mutation ($input: UpdateCheckInput!) { updateCheck(input: $input) { check { ${shown} } errors ${errors} } }`;
  const { data } = await ask(query, { input });
  return data.updateCheck;
}

const read = async (id: string) =>
  (await ask(`query ($id: ID!) { check(id: $id) { ${shown} } }`, { id })).data.check;
const stored = (id: string) => inTenant('ten_a', () => copy.service.models.Check.findById(id).lean());

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set.`);
  return value;
}

describe('a check of a kind', () => {
  it('is made with its settings, runs by them, and shows them', async () => {
    const assertions = [{ source: 'BODY', comparison: 'EQUALS', value: 'fine' }];
    const made = await create({
      ...{ kind: 'HTTP', target: `${target.url}/fine`, degradedAfterMs: 30_000 },
      settings: { http: { method: 'GET', redirects: 2, statuses: ['200'], assertions } },
    });
    expect(made.errors).toEqual([]);
    expect(made.check.settings).toMatchObject({
      ...{ __typename: 'HttpCheckSettings', method: 'GET', redirects: 2, statuses: ['200'] },
      assertions: [{ ...assertions[0], selector: null }],
    });
    await eventually(async () =>
      expect(await read(made.check.id)).toMatchObject({ status: 'UP', degradedAfterMs: 30_000 }),
    );
    const changed = await update({
      id: made.check.id,
      settings: { http: { assertions: [{ source: 'BODY', comparison: 'EQUALS', value: 'bad' }] } },
    });
    expect(changed).toMatchObject({ errors: [], check: { status: 'UNKNOWN', settings: { redirects: 0 } } });
    await eventually(async () =>
      expect((await read(made.check.id)).latestResult).toMatchObject({ message: 'the body is not “bad”' }),
    );
  });

  it('has presets where it needs no settings, and is refused with those of another', async () => {
    const made = await create({ kind: 'DNS', target: 'dns://example.com' });
    expect(made.check.settings).toEqual({
      __typename: 'DnsCheckSettings',
      recordType: 'A',
      values: [],
      resolver: null,
    });
    const cases: Array<[object, string]> = [
      [{ kind: 'GRAPHQL', target: 'https://example.com' }, 'settings.graphql.document'],
      [{ kind: 'TCP', target: 'tcp://example.com:1', settings: { http: {} } }, 'settings.http'],
      [
        { kind: 'HTTP', target: 'https://example.com', settings: { http: { statuses: ['2xx'] } } },
        'settings.http.statuses.0',
      ],
      [
        {
          kind: 'HTTP',
          target: 'https://example.com',
          settings: { http: { headers: [{ name: 'Host', value: 'x' }] } },
        },
        'settings.http.headers.0.name',
      ],
      [
        { kind: 'HEARTBEAT', target: 'https://example.com', settings: { heartbeat: { periodSeconds: 60 } } },
        'target',
      ],
      [{ kind: 'MONGODB', target: 'mongodb://a.example/?authMechanism=MONGODB-AWS' }, 'target'],
      [{ kind: 'HTTP' }, 'target'],
    ];
    for (const [input, field] of cases) {
      const { check, errors: found } = await create(input);
      expect({ input, check, field: found[0]?.field }).toEqual({ input, check: null, field });
    }
    for (const [kind, each] of [
      ['REDIS', 'redis://10.0.0.1'],
      ['MONGODB', 'mongodb://169.254.169.254'],
      ['WEBSOCKET', 'ws://[::1]/'],
      ['GRPC', 'grpc://127.0.0.2:50051'],
      ['TLS', 'tls://192.168.0.1:443'],
      ['RABBITMQ', 'amqp://127.0.0.2'],
      ['DNS', 'dns://mongodb'],
    ])
      expect([kind, (await create({ kind, target: each })).errors]).toMatchObject([
        kind,
        [{ __typename: 'CheckTargetRefused' }],
      ]);
  });

  it('keeps user name and password encrypted, shows them to nobody, and signs in with them', async () => {
    const url = new URL(variable('AMQP_URL'));
    const made = await create({ kind: 'RABBITMQ', target: url.href });
    expect(made.errors).toEqual([]);
    expect(made.check).toMatchObject({ hasSecrets: true, target: `amqp://${url.host}` });
    await eventually(async () => expect(await read(made.check.id)).toMatchObject({ status: 'UP' }));
    const kept = JSON.stringify(await stored(made.check.id));
    expect(kept).not.toContain(url.password);
    // A change of the name alone keeps them; another target forgets them.
    await update({ id: made.check.id, name: 'Broker' });
    expect((await read(made.check.id)).hasSecrets).toBe(true);
    const moved = await update({ id: made.check.id, target: `amqp://127.0.0.1:${url.port}/other` });
    expect(moved.check).toMatchObject({ hasSecrets: false });
  });

  it('sends values of headers that it shows to nobody, and never to another target', async () => {
    const header = { name: 'X-Token', value: 'top-secret' };
    const made = await create({
      ...{ kind: 'HTTP', target: `${target.url}/a`, settings: { http: { headers: [header] } } },
    });
    expect(made.check).toMatchObject({ hasSecrets: true, settings: { headerNames: ['x-token'] } });
    expect(JSON.stringify(await stored(made.check.id))).not.toContain('top-secret');
    const kept = await update({ id: made.check.id, settings: { http: { headers: [{ name: 'X-Token' }] } } });
    expect(kept).toMatchObject({ errors: [], check: { hasSecrets: true } });
    const moved = await update({ id: made.check.id, target: `${target.url}/b` });
    expect(moved).toMatchObject({
      check: null,
      errors: [{ field: 'settings', message: 'holds no value for the header x-token' }],
    });
  });

  it('of the platform or of nobody is not changed', async () => {
    expect((await update({ id: 'chk_none', name: 'x' })).errors).toMatchObject([
      { __typename: 'CheckNotFound' },
    ]);
  });

  it('needs a key of this installation where it has a secret', async () => {
    const keyless = await testPlatform([], {
      TENANT_TARGET_NETWORKS: '["127.0.0.1/32"]',
      KEY_ENCRYPTION_KEY: '',
    });
    const poor = await keyless.start();
    const execute = (query: string, variables: object = {}) =>
      keyless.execute(poor, { query, variables, viewer });
    const { data } = await execute('mutation { createService(input: { name: "Shop" }) { service { id } } }');
    const input = {
      ...{ serviceId: data.createService.service.id, name: 'Cache', kind: 'REDIS' },
      target: 'redis://:secret@127.0.0.1',
    };
    const made = await execute(
      `mutation ($input: CreateCheckInput!) { createCheck(input: $input) { errors ${errors} } }`,
      { input },
    );
    expect(made.data.createCheck.errors).toMatchObject([{ __typename: 'CheckSecretsUnavailable' }]);
    await keyless.stop();
  });
});

describe('a heartbeat', () => {
  const call = async (url: string, options: RequestInit = {}) => {
    const { pathname } = new URL(url);
    return (await fetch(`${new URL(copy.url).origin}${pathname}`, options)).status;
  };
  const settings = { heartbeat: { periodSeconds: 10, graceSeconds: 1 } };
  /** As if its deadline had come. */
  const overdue = (id: string) =>
    acrossTenants('arranging a test', () =>
      copy.service.models.Check.updateOne(
        { _id: id },
        { $set: { 'heartbeat.awaitedSince': new Date(Date.now() - 11_100), dueAt: new Date() } },
      ),
    );

  it('is UNKNOWN until it is called, UP then, DOWN where a call is missing, and UP again with the next', async () => {
    const { check, heartbeatUrl } = await create({ kind: 'HEARTBEAT', settings });
    expect(check).toMatchObject({
      status: 'UNKNOWN',
      target: null,
      intervalMs: 10_000,
      settings: settings.heartbeat,
    });
    expect(heartbeatUrl).toMatch(/^http:\/\/localhost:8080\/health\/heartbeats\/[\w-]{43}$/);
    expect(JSON.stringify(await stored(check.id))).not.toContain(heartbeatUrl.split('/').at(-1));
    await eventually(async () => expect((await stored(check.id))?.dueAt.getFullYear()).toBe(9_999));
    expect((await read(check.id)).status).toBe('UNKNOWN');
    expect(await call(heartbeatUrl)).toBe(200);
    expect((await read(check.id)).status).toBe('UP');
    await overdue(check.id);
    await eventually(async () =>
      expect(await read(check.id)).toMatchObject({
        status: 'DOWN',
        latestResult: { message: 'no call in time' },
      }),
    );
    expect(await call(heartbeatUrl, { method: 'POST', body: 'done' })).toBe(200);
    expect((await read(check.id)).status).toBe('UP');
  });

  it('takes word of a start and of a failure', async () => {
    const { check, heartbeatUrl } = await create({ kind: 'HEARTBEAT', settings });
    expect(await call(`${heartbeatUrl}/start`)).toBe(200);
    expect((await read(check.id)).status).toBe('UNKNOWN');
    // It began and tells of no end within its grace of a second.
    await eventually(async () =>
      expect(await read(check.id)).toMatchObject({
        ...{ status: 'DOWN', latestResult: { message: 'began and told of no end' } },
      }),
    );
    expect(await call(heartbeatUrl)).toBe(200);
    expect((await read(check.id)).status).toBe('UP');
    expect(await call(`${heartbeatUrl}/fail`)).toBe(200);
    expect(await read(check.id)).toMatchObject({
      ...{ status: 'DOWN', latestResult: { message: 'the program told of a failure' } },
    });
  });

  it('is not DOWN for calls that nobody was there to take', async () => {
    const { check, heartbeatUrl } = await create({ kind: 'HEARTBEAT', settings });
    await call(heartbeatUrl);
    const longAgo = new Date(Date.now() - 3_600_000);
    await acrossTenants('arranging a test', () =>
      copy.service.models.Check.updateOne(
        { _id: check.id },
        { $set: { 'heartbeat.awaitedSince': longAgo, missingAt: longAgo, dueAt: longAgo } },
      ),
    );
    await eventually(async () =>
      expect((await stored(check.id))?.dueAt.getTime()).toBeGreaterThan(Date.now()),
    );
    expect((await read(check.id)).status).toBe('UNKNOWN');
  });

  it('has a secret URL that can be renewed, and no other', async () => {
    const { check, heartbeatUrl } = await create({ kind: 'HEARTBEAT', settings });
    const renew = `mutation ($id: ID!) { renewHeartbeatUrl(input: { id: $id }) { heartbeatUrl errors ${errors} } }`;
    const { data } = await ask(renew, { id: check.id });
    expect(await call(heartbeatUrl)).toBe(404);
    expect(await call(data.renewHeartbeatUrl.heartbeatUrl)).toBe(200);
    expect(await call(data.renewHeartbeatUrl.heartbeatUrl, { method: 'DELETE' })).toBe(405);
    expect(await call(`${heartbeatUrl}/other`)).toBe(404);
    const tcp = await create({ kind: 'TCP', target: 'tcp://example.com:1' });
    const refused = await ask(renew, { id: tcp.check.id });
    expect(refused.data.renewHeartbeatUrl.errors).toMatchObject([{ field: 'id' }]);
  });

  it('is not called while it is paused, and is awaited anew when it is resumed', async () => {
    const { check, heartbeatUrl } = await create({ kind: 'HEARTBEAT', settings });
    await call(heartbeatUrl);
    const change = (name: string) =>
      ask(`mutation ($id: ID!) { ${name}(input: { id: $id }) { errors ${errors} } }`, { id: check.id });
    await change('pauseCheck');
    expect(await call(`${heartbeatUrl}/fail`)).toBe(200);
    expect((await read(check.id)).latestResult.isSuccess).toBe(true);
    await change('resumeCheck');
    const since = (await stored(check.id))?.heartbeat?.awaitedSince?.getTime() ?? 0;
    expect(Date.now() - since).toBeLessThan(5_000);
    expect((await read(check.id)).status).toBe('UNKNOWN');
  });
});
