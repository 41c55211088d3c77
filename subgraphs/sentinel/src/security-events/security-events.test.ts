// Security events, from the news of an access to what an operator sees.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually, testViewer } from '@supergraph/chassis/testing';
import { type Copy, operatorOf, sumOf, type TestPlatform, testPlatform } from '../testing/platform.ts';

let platform: TestPlatform;
let copy: Copy;
beforeAll(async () => {
  platform = await testPlatform();
  copy = await platform.start();
});
afterAll(() => platform.stop());

const fields = `id type occurredAt receivedAt actor { id } clientId email ipAddress userAgent reason operationName
  coordinates requestId count tenant { id }`;
const list = `query ($first: Int, $after: String, $filter: SecurityEventFilter) {
  securityEvents(first: $first, after: $after, filter: $filter) {
    nodes { ${fields} } edges { cursor } pageInfo { hasNextPage endCursor } } }`;
const one = `query ($id: ID!) { securityEvent(id: $id) { ${fields} } }`;
const entities = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  ... on SecurityEvent { type email } ... on Tenant { id securityEvents { nodes { type } } } } }`;

let tenants = 0;
/** A tenant that no other test knows. */
function newTenant(): string {
  tenants += 1;
  return `ten_${tenants}`;
}

async function page(tenantId: string, variables: object = {}) {
  const { data, errors } = await platform.execute(copy, {
    query: list,
    variables,
    viewer: operatorOf(tenantId),
  });
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data.securityEvents;
}

/** The tenant's events, newest first, once there are so many. */
function stored(tenantId: string, count: number) {
  return eventually(async () => {
    const { nodes } = await page(tenantId, { first: 100 });
    return nodes.length === count && nodes;
  });
}

describe('a security event', () => {
  it('tells of a sign-in: who, with what, from where', async () => {
    const tenantId = newTenant();
    const { time } = await platform.tell('arthemiz.sign-in.succeeded.v1', { tenantId });
    const [event] = await stored(tenantId, 1);
    expect(event).toEqual({
      id: expect.stringMatching(/^sev_/),
      type: 'SIGN_IN_SUCCEEDED',
      occurredAt: time,
      receivedAt: expect.any(String),
      actor: { id: 'per_olivia' },
      clientId: 'explorer',
      email: 'o***@acme.test',
      ipAddress: '203.0.113.7',
      userAgent: 'Mozilla/5.0',
      reason: null,
      operationName: null,
      coordinates: [],
      requestId: null,
      count: 1,
      tenant: { id: tenantId },
    });
    expect(Date.parse(event.receivedAt)).toBeGreaterThanOrEqual(Date.parse(time));
    const { data } = await platform.execute(copy, {
      query: one,
      variables: { id: event.id },
      viewer: operatorOf(tenantId),
    });
    expect(data.securityEvent).toEqual(event);
  });

  it('tells why a sign-in failed, to the platform when nobody has the address', async () => {
    const data = { personId: null, email: 'm***@acme.test', reason: 'unknown-email' };
    await platform.tell('arthemiz.sign-in.failed.v1', { tenantId: 'ten_platform', data });
    const [event] = await stored('ten_platform', 1);
    expect(event).toMatchObject({
      type: 'SIGN_IN_FAILED',
      reason: 'unknown-email',
      actor: null,
      email: 'm***@acme.test',
    });
  });

  it.each([
    ['arthemiz.refresh-token.reused.v1', 'REFRESH_TOKEN_REUSED'],
    ['arthemiz.code.reused.v1', 'CODE_REUSED'],
  ] as const)('tells of what came again (%s): whose, and from where', async (type, shown) => {
    const tenantId = newTenant();
    await platform.tell(type, { tenantId, data: { ipAddress: '198.51.100.9' } });
    expect(await stored(tenantId, 1)).toMatchObject([
      {
        type: shown,
        actor: { id: 'per_olivia' },
        clientId: 'explorer',
        ipAddress: '198.51.100.9',
        email: null,
      },
    ]);
  });

  it('tells which programs act for whom, and how far', async () => {
    const tenantId = newTenant();
    await platform.tell('arthemiz.token.exchanged.v1', { tenantId });
    await stored(tenantId, 1);
    await platform.tell('arthemiz.consent.given.v1', { tenantId });
    const actor = { id: 'per_olivia' };
    expect(await stored(tenantId, 2)).toMatchObject([
      { type: 'CONSENT_GIVEN', actor, clientId: 'app_desk', reason: 'openid profile' },
      { type: 'TOKEN_EXCHANGED', actor, clientId: 'svc_till', reason: 'openid' },
    ]);
  });

  it('tells which fields were denied, to whom, in which request', async () => {
    const tenantId = newTenant();
    const coordinates = ['SecurityEvent.type', 'Person.email'];
    await platform.tell('gateway.field.denied.v1', { tenantId, data: { coordinates, requestId: 'r-1' } });
    const [event] = await stored(tenantId, 1);
    expect(event).toMatchObject({
      type: 'FIELD_DENIED',
      actor: { id: 'per_olivia' },
      clientId: 'explorer',
      operationName: 'Welcome',
      coordinates,
      requestId: 'r-1',
      reason: null,
    });
  });

  it('tells who asked from outside of the tenant’s networks, from where, and how often', async () => {
    const tenantId = newTenant();
    await platform.tell('gateway.address.denied.v1', { tenantId, sampledrate: 3 });
    expect(await stored(tenantId, 1)).toMatchObject([
      {
        ...{ type: 'ADDRESS_DENIED', actor: { id: 'per_olivia' }, clientId: 'explorer' },
        ...{ ipAddress: '192.0.2.7', count: 3, coordinates: [] },
      },
    ]);
  });

  it('tells how often, where an event stands for several denials', async () => {
    const tenantId = newTenant();
    const counted = () => sumOf(copy, 'sentinel_security_events_total', 'FIELD_DENIED');
    const before = await counted();
    await platform.tell('gateway.field.denied.v1', { tenantId, sampledrate: 41 });
    expect(await stored(tenantId, 1)).toMatchObject([{ count: 41 }]);
    expect((await counted()) - before).toBe(41);
  });

  it('from before denials were counted stands for one', async () => {
    const tenantId = newTenant();
    await platform.tell('gateway.field.denied.v1', { tenantId });
    await stored(tenantId, 1);
    const rows = copy.service.connection.collection('security_events');
    await inTenant(tenantId, () => rows.updateOne({ tenantId }, { $unset: { count: 1 } }));
    expect(await page(tenantId)).toMatchObject({ nodes: [{ count: 1 }] });
  });

  it('names no person where nobody was signed in, or a service client acted for itself', async () => {
    const tenantId = newTenant();
    const anonymous = { subject: 'anonymous', clientId: null, isAnonymous: true };
    await platform.tell('gateway.field.denied.v1', { tenantId, data: anonymous });
    await stored(tenantId, 1);
    const client = { subject: 'cli_robot', clientId: 'cli_robot' };
    await platform.tell('gateway.field.denied.v1', { tenantId, data: client });
    const events = await stored(tenantId, 2);
    expect(events).toMatchObject([
      { actor: null, clientId: 'cli_robot' },
      { actor: null, clientId: null },
    ]);
  });

  it('is shown under its tenant, which is another name for the same list', async () => {
    const tenantId = newTenant();
    await platform.tell('arthemiz.sign-in.succeeded.v1', { tenantId });
    const [{ id }] = await stored(tenantId, 1);
    const query = `query ($representations: [_Any!]!, $filter: SecurityEventFilter) { _entities(
      representations: $representations) { ... on Tenant { securityEvents(first: 5, filter: $filter) { nodes { id } } } } }`;
    const representations = [{ __typename: 'Tenant', id: tenantId }];
    const under = async (filter: object) => {
      const variables = { representations, filter };
      const { data } = await platform.execute(copy, { query, variables, viewer: operatorOf(tenantId) });
      return data._entities[0].securityEvents.nodes;
    };
    expect(await under({})).toEqual([{ id }]);
    expect(await under({ types: ['FIELD_DENIED'] })).toEqual([]);
  });
});

describe('an event that is delivered twice', () => {
  it('is stored and pushed once, by what is stored alone', async () => {
    const tenantId = newTenant();
    const watch = await platform.watch(copy, { viewer: operatorOf(tenantId) });
    const event = await platform.tell('arthemiz.sign-in.failed.v1', { tenantId });
    await stored(tenantId, 1);
    const counted = await sumOf(copy, 'sentinel_security_events_total', 'SIGN_IN_FAILED');
    expect(counted).toBeGreaterThan(0);
    const duplicates = await sumOf(copy, 'events_consumed_total', 'duplicate');
    await platform.redeliver(event);
    await eventually(
      async () => (await sumOf(copy, 'events_consumed_total', 'duplicate')) === duplicates + 1,
    );

    const inbox = copy.service.connection.collection<{ _id: string }>('inbox');
    expect(await inbox.countDocuments({ _id: event.id })).toBe(0);
    await platform.redeliver(event);
    await eventually(
      async () => (await sumOf(copy, 'events_consumed_total', 'duplicate')) === duplicates + 2,
    );
    expect(await sumOf(copy, 'sentinel_security_events_total', 'SIGN_IN_FAILED')).toBe(counted);

    await platform.tell('gateway.field.denied.v1', { tenantId });
    const [last, first] = await stored(tenantId, 2);
    expect([await watch.next(), await watch.next()]).toEqual([
      { id: first.id, type: 'SIGN_IN_FAILED' },
      { id: last.id, type: 'FIELD_DENIED' },
    ]);
  });

  it('is stored and pushed once by two copies that run at once', async () => {
    const tenantId = newTenant();
    const second = await platform.start();
    const consumed = async () => {
      const counts = async (outcome: string) =>
        (
          await Promise.all([copy, second].map((each) => sumOf(each, 'events_consumed_total', outcome)))
        ).reduce((sum, count) => sum + count);
      return { handled: await counts('handled'), duplicate: await counts('duplicate') };
    };
    const before = await consumed();
    const watch = await platform.watch(second, { viewer: operatorOf(tenantId), selection: 'id' });
    const count = 12;
    await Promise.all(
      Array.from({ length: count }, async () => {
        const event = await platform.tell('arthemiz.sign-in.succeeded.v1', { tenantId });
        await platform.redeliver(event);
      }),
    );
    await eventually(
      async () => {
        const { handled, duplicate } = await consumed();
        return handled + duplicate === before.handled + before.duplicate + 2 * count;
      },
      { timeoutMs: 60_000 },
    );
    expect(await consumed()).toEqual({
      handled: before.handled + count,
      duplicate: before.duplicate + count,
    });
    expect(await sumOf(second, 'events_consumed_total')).toBeGreaterThan(0);

    const ids = (await stored(tenantId, count)).map(({ id }: { id: string }) => id);
    const pushed = new Set<string>();
    for (const _ of ids) pushed.add((await watch.next()).id);
    expect([...pushed].sort()).toEqual([...ids].sort());
    await second.stop();
  });
});

describe('securityEvent', () => {
  it('pushes what is stored, with everything that a query shows of it', async () => {
    const tenantId = newTenant();
    const watch = await platform.watch(copy, { viewer: operatorOf(tenantId), selection: fields });
    await platform.tell('gateway.field.denied.v1', { tenantId });
    expect(await watch.next()).toEqual((await stored(tenantId, 1))[0]);
  });

  it('pushes the asked types alone, of the own tenant alone', async () => {
    const [own, other] = [newTenant(), newTenant()];
    const selection = 'type tenant { id }';
    const types = ['SIGN_IN_FAILED', 'FIELD_DENIED'];
    const watch = await platform.watch(copy, { viewer: operatorOf(own), types, selection });
    await platform.tell('arthemiz.sign-in.failed.v1', { tenantId: other });
    await stored(other, 1);
    await platform.tell('arthemiz.sign-in.succeeded.v1', { tenantId: own });
    await stored(own, 1);
    await platform.tell('arthemiz.sign-in.failed.v1', { tenantId: own });
    expect(await watch.next()).toEqual({ type: 'SIGN_IN_FAILED', tenant: { id: own } });
  });

  it('refuses an empty list of types, which would wait for nothing for ever', async () => {
    const watch = platform.watch(copy, { viewer: operatorOf(newTenant()), types: [] });
    await expect(watch).rejects.toThrow('name one type at least');
  });
});

describe('the list', () => {
  it('is newest first, in pages that neither repeat nor skip while events arrive', async () => {
    const tenantId = newTenant();
    for (const requestId of ['1', '2', '3', '4', '5'])
      await platform.tell('gateway.field.denied.v1', { tenantId, data: { requestId } });
    const all = await stored(tenantId, 5);
    const times = all.map(({ occurredAt }: { occurredAt: string }) => occurredAt);
    expect(times).toEqual([...times].sort().reverse());

    const first = await page(tenantId, { first: 2 });
    await platform.tell('gateway.field.denied.v1', { tenantId, data: { requestId: '6' } });
    await stored(tenantId, 6);
    const second = await page(tenantId, { first: 2, after: first.pageInfo.endCursor });
    const third = await page(tenantId, { first: 2, after: second.pageInfo.endCursor });
    expect([...first.nodes, ...second.nodes, ...third.nodes]).toEqual(all);
    expect([first, second, third].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, true, false]);
  });

  it('can be narrowed by type, person and period', async () => {
    const tenantId = newTenant();
    await platform.tell('arthemiz.sign-in.failed.v1', { tenantId });
    await stored(tenantId, 1);
    await platform.tell('arthemiz.sign-in.succeeded.v1', { tenantId, data: { personId: 'per_victor' } });
    await stored(tenantId, 2);
    await platform.tell('gateway.field.denied.v1', { tenantId });
    const [denied, succeeded, failed] = await stored(tenantId, 3);
    const found = async (filter: object | null) => (await page(tenantId, { filter })).nodes;

    expect(await found(null)).toEqual([denied, succeeded, failed]);
    expect(await found({ types: null, actorId: null, since: null, until: null })).toHaveLength(3);
    expect(await found({ types: ['SIGN_IN_FAILED', 'FIELD_DENIED'] })).toEqual([denied, failed]);
    expect(await found({ actorId: 'per_olivia' })).toEqual([denied, failed]);
    expect(await found({ actorId: 'per_olivia', types: ['SIGN_IN_FAILED'] })).toEqual([failed]);
    expect(await found({ actorId: 'per_nobody' })).toEqual([]);
    expect(await found({ since: succeeded.occurredAt })).toEqual([denied, succeeded]);
    expect(await found({ until: succeeded.occurredAt })).toEqual([failed]);
    expect(await found({ since: succeeded.occurredAt, until: denied.occurredAt })).toEqual([succeeded]);
    const after = (await page(tenantId, { first: 1, filter: { until: denied.occurredAt } })).pageInfo;
    expect(
      (await page(tenantId, { after: after.endCursor, filter: { until: denied.occurredAt } })).nodes,
    ).toEqual([failed]);
  });

  it('refuses a filter or page outside of what is described', async () => {
    const wrong = [
      { filter: { types: [] } },
      { filter: { since: 'yesterday' } },
      { filter: { until: 20_261_124 } },
      { first: 101 },
      { after: 'nowhere' },
    ];
    for (const variables of wrong) {
      const viewer = operatorOf(newTenant());
      const { data, errors } = await platform.execute(copy, { query: list, variables, viewer });
      expect({ variables, code: errors?.[0]?.extensions?.code }).toEqual({
        variables,
        code: 'BAD_USER_INPUT',
      });
      expect(data?.securityEvents ?? null).toBeNull();
    }
  });
});

describe('another tenant', () => {
  it('neither reads, counts, pages, filters, nor learns the existence of an event', async () => {
    const [own, other] = [newTenant(), newTenant()];
    for (const _ of [1, 2, 3]) await platform.tell('arthemiz.sign-in.failed.v1', { tenantId: own });
    const [event] = await stored(own, 3);
    const { edges } = await page(own);
    const viewer = operatorOf(other);

    const nothing = { nodes: [], edges: [], pageInfo: { hasNextPage: false, endCursor: null } };
    expect(await page(other, { first: 1 })).toEqual(nothing);
    expect(await page(other, { first: 1, after: edges[0].cursor })).toEqual(nothing);
    expect(await page(other, { filter: { actorId: 'per_olivia' } })).toEqual(nothing);
    const ask = (id: string) => platform.execute(copy, { query: one, variables: { id }, viewer });
    expect(await ask(event.id)).toMatchObject({ data: { securityEvent: null } });
    expect(await ask(event.id)).toEqual(await ask('sev_missing'));

    const representations = [
      { __typename: 'SecurityEvent', id: event.id },
      { __typename: 'Tenant', id: own },
    ];
    const enter = (as = viewer) =>
      platform.execute(copy, { query: entities, variables: { representations }, viewer: as });
    expect((await enter(operatorOf(own))).data._entities).toMatchObject([
      { type: 'SIGN_IN_FAILED', email: 'o***@acme.test' },
      { id: own, securityEvents: { nodes: [{}, {}, {}] } },
    ]);
    expect((await enter()).data._entities).toEqual([null, null]);
  });
});

describe('a viewer without the permission', () => {
  const tenantId = 'ten_weak';
  const weak = testViewer({ tenantId, permissions: ['tenant:read', 'person:read', 'service:read'] });

  it('gets nothing by query, by subscription, nor by the back door of _entities', async () => {
    await platform.tell('arthemiz.sign-in.failed.v1', { tenantId });
    const [{ id }] = await stored(tenantId, 1);
    const ask = (query: string, variables: object) =>
      platform.execute(copy, { query, variables, viewer: weak });
    const forbidden = { extensions: { code: 'FORBIDDEN' } };

    expect(await ask(list, {})).toMatchObject({ data: { securityEvents: null }, errors: [forbidden] });
    expect(await ask(one, { id })).toMatchObject({ data: { securityEvent: null }, errors: [forbidden] });
    await expect(platform.watch(copy, { viewer: weak })).rejects.toThrow('FORBIDDEN');

    const representations = [
      { __typename: 'SecurityEvent', id },
      { __typename: 'Tenant', id: tenantId },
    ];
    const entered = await ask(entities, { representations });
    expect(entered.data._entities).toEqual([null, { id: tenantId, securityEvents: null }]);
    const denied = (entered.errors ?? []).map(({ path, extensions }) => [path?.join('.'), extensions?.code]);
    expect(denied.sort()).toEqual([
      ['_entities.0.email', 'FORBIDDEN'],
      ['_entities.0.type', 'FORBIDDEN'],
      ['_entities.1.securityEvents', 'FORBIDDEN'],
    ]);
  });

  it('gets no more of a person than the id it came with, and without a sign-in not even that', async () => {
    const query =
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Person { id } } }';
    const variables = { representations: [{ __typename: 'Person', id: 'per_olivia' }] };
    const enter = (viewer: typeof weak) => platform.execute(copy, { query, variables, viewer });
    expect((await enter(weak)).data).toEqual({ _entities: [{ id: 'per_olivia' }] });
    expect(await enter(testViewer({ tenantId, isAnonymous: true }))).toMatchObject({
      data: { _entities: [null] },
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });
});

describe('retention', () => {
  const dayMs = 24 * 60 * 60 * 1_000;
  const say = (tenantId: string, word: { retentionDays: number | null; changedAt: string }) =>
    inTenant(tenantId, () =>
      copy.service.transaction(({ emit }) =>
        emit('tenancy.retention.changed.v1', { subject: tenantId, data: { tenantId, ...word } }),
      ),
    );
  /** For how many days each of the tenant's events is kept. */
  const daysKept = (tenantId: string) =>
    inTenant(tenantId, async () => {
      const rows = await copy.service.models.SecurityEvent.find({}, { occurredAt: 1, expiresAt: 1 }).lean();
      return rows.map(({ occurredAt, expiresAt }) => (expiresAt.getTime() - occurredAt.getTime()) / dayMs);
    });
  const areAllKept = (tenantId: string, days: number) => async () =>
    (await daysKept(tenantId)).every((kept) => kept === days);

  it('is what the tenant says: for what is stored, in however many batches, and for what comes', async () => {
    const [tenantId, other] = [newTenant(), newTenant()];
    const { SecurityEvent } = copy.service.models;
    const occurredAt = new Date(Date.now() - dayMs);
    const expiresAt = new Date(occurredAt.getTime() + 90 * dayMs);
    const row = {
      type: 'FIELD_DENIED' as const,
      occurredAt,
      receivedAt: occurredAt,
      expiresAt,
      coordinates: [],
    };
    for (const id of [tenantId, other])
      await inTenant(id, () =>
        SecurityEvent.insertMany(
          Array.from({ length: 240 }, (_, index) => ({ ...row, eventId: `e${index}` })),
        ),
      );
    await say(tenantId, { retentionDays: 30, changedAt: '2026-11-29T08:00:00.000Z' });
    await eventually(areAllKept(tenantId, 30));
    await say(tenantId, { retentionDays: 3_650, changedAt: '2026-11-29T08:00:01.000Z' });
    await eventually(areAllKept(tenantId, 3_650));
    // What was said before, and arrives late, counts no more.
    await say(tenantId, { retentionDays: 7, changedAt: '2026-11-29T08:00:00.500Z' });
    await platform.tell('arthemiz.sign-in.succeeded.v1', { tenantId });
    await eventually(async () => (await daysKept(tenantId)).length === 241);
    expect(await areAllKept(tenantId, 3_650)()).toBe(true);
    await say(tenantId, { retentionDays: null, changedAt: '2026-11-29T08:00:02.000Z' });
    await eventually(areAllKept(tenantId, 90));
    expect(await areAllKept(other, 90)()).toBe(true);
  });

  it('is given to events that had no end', async () => {
    const tenantId = newTenant();
    const { SecurityEvent } = copy.service.models;
    await platform.tell('arthemiz.sign-in.succeeded.v1', { tenantId });
    await stored(tenantId, 1);
    await inTenant(tenantId, () => SecurityEvent.updateMany({}, { $unset: { expiresAt: 1 } }));
    await platform.start();
    await eventually(areAllKept(tenantId, 90));
  });

  it('ends when the environment says, by an index of its own', async () => {
    const tenantId = newTenant();
    const short = await testPlatform();
    try {
      const brief = await short.start({ SECURITY_EVENT_RETENTION_DAYS: '7' });
      const { time } = await short.tell('arthemiz.sign-in.succeeded.v1', { tenantId });
      const collection = brief.service.connection.collection('security_events');
      const row = await eventually(() =>
        inTenant(tenantId, async () => (await collection.findOne({ tenantId })) ?? false),
      );
      expect(row.expiresAt).toEqual(new Date(Date.parse(time) + 7 * 24 * 60 * 60 * 1_000));
      expect(await collection.indexes()).toContainEqual(
        expect.objectContaining({ key: { expiresAt: 1 }, expireAfterSeconds: 0 }),
      );
    } finally {
      await short.stop();
    }
  });
});
