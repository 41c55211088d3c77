// Accesses that other products tell of.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { testViewer } from '@supergraph/chassis/testing';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';

let platform: TestPlatform;
let copy: Copy;
beforeAll(async () => {
  platform = await testPlatform();
  copy = await platform.start();
});
afterAll(() => platform.stop());

let tenants = 0;
function newTenant(): string {
  tenants += 1;
  return `ten_x${tenants}`;
}

const mutation = `mutation ($ndjson: String!) { ingestAccessEvents(input: { ndjson: $ndjson }) {
  acceptedCount duplicates refusals { line uid path message } errors { field message } } }`;
const list = `{ securityEvents(first: 100) { nodes { type occurredAt product className activity actorName actor { id }
  email ipAddress reason count } } }`;

const sender = (tenantId: string) => testViewer({ tenantId, permissions: ['security-event:write'] });
const send = (tenantId: string, events: readonly (object | string)[]) =>
  platform.execute(copy, {
    query: mutation,
    variables: {
      ndjson: events.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join('\n'),
    },
    viewer: sender(tenantId),
  });
async function sent(tenantId: string, events: readonly (object | string)[]) {
  const { data, errors } = await send(tenantId, events);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data.ingestAccessEvents;
}
async function listed(tenantId: string) {
  const { data } = await platform.execute(copy, { query: list, viewer: operatorOf(tenantId) });
  return data.securityEvents.nodes;
}

const time = Date.parse('2026-11-28T08:00:00.000Z');
const logon = (uid: string, more: object = {}) => ({
  ...{ class_uid: 3002, activity_id: 1, status_id: 2, time: Date.now(), status_detail: 'bad password' },
  metadata: { uid, product: { name: 'Till' } },
  user: { uid: 'u-1', name: 'olivia', email_addr: 'olivia@acme.test' },
  src_endpoint: { ip: '203.0.113.9' },
  ...more,
});

describe('accesses that another product tells of', () => {
  it('are stored as it tells them, and shown with its words', async () => {
    const tenantId = newTenant();
    const answer = await sent(tenantId, [logon('a-1', { time, count: 3, device: { hostname: 'till-7' } })]);
    expect(answer).toEqual({ acceptedCount: 1, duplicates: [], refusals: [], errors: [] });
    expect(await listed(tenantId)).toEqual([
      {
        ...{
          type: 'EXTERNAL',
          occurredAt: '2026-11-28T08:00:00.000Z',
          product: 'Till',
          count: 3,
          actor: null,
        },
        ...{ className: 'Authentication', activity: 'Logon', actorName: 'olivia', email: 'o***@acme.test' },
        ...{ ipAddress: '203.0.113.9', reason: 'bad password' },
      },
    ]);
  });

  it('are taken once by their uid, in one call and in several, of each tenant', async () => {
    const [tenantId, other] = [newTenant(), newTenant()];
    expect(await sent(tenantId, [logon('b-1'), logon('b-2'), logon('b-1')])).toMatchObject({
      ...{ acceptedCount: 2, duplicates: ['b-1'] },
    });
    expect(await sent(tenantId, [logon('b-2'), logon('b-3')])).toMatchObject({
      ...{ acceptedCount: 1, duplicates: ['b-2'] },
    });
    expect(await sent(other, [logon('b-1')])).toMatchObject({ acceptedCount: 1, duplicates: [] });
    expect(await listed(tenantId)).toHaveLength(3);
  });

  it('are refused one by one, with the line and the place, and the others are taken', async () => {
    const tenantId = newTenant();
    const answer = await sent(tenantId, [
      logon('c-1'),
      'no json {',
      '',
      logon('c-2', { class_uid: 1001 }),
      logon('c-3', { src_endpoint: { ip: 'nowhere' } }),
      logon('', {}),
      logon('c-4', { metadata: { uid: 'c-4', product: { name: 'Supergraph' } } }),
      logon('c-5', { unmapped: { blob: 'x'.repeat(9_000) } }),
    ]);
    expect(answer).toMatchObject({ acceptedCount: 1, duplicates: [], errors: [] });
    expect(answer.refusals.map(({ line, uid, path }: Record<string, unknown>) => [line, uid, path])).toEqual([
      [2, null, ''],
      [4, 'c-2', 'class_uid'],
      [5, 'c-3', 'src_endpoint.ip'],
      [6, '', 'metadata.uid'],
      [7, 'c-4', 'metadata.product.name'],
      [8, null, ''],
    ]);
  });

  it('are 1,000 at most, and need a permission', async () => {
    const tenantId = newTenant();
    const answer = await sent(
      tenantId,
      Array.from({ length: 1_001 }, () => '{}'),
    );
    expect(answer).toMatchObject({ acceptedCount: 0, errors: [{ field: 'ndjson' }] });
    const { errors } = await platform.execute(copy, {
      ...{ query: mutation, variables: { ndjson: '{}' }, viewer: operatorOf(tenantId) },
    });
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  });

  it('are sent away where too many calls wait, with when to come again, and lost by none', async () => {
    const tenantId = newTenant();
    const calls = Array.from({ length: 12 }, (_, call) =>
      Array.from({ length: 100 }, (__, index) => logon(`d-${call}-${index}`)),
    );
    const answers = await Promise.all(calls.map((events) => send(tenantId, events)));
    const refused = answers.filter(({ errors }) => errors !== undefined);
    for (const { errors } of refused)
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 1 });
    expect(refused.length).toBeGreaterThan(0);
    const rows = copy.service.connection.collection('security_events');
    const count = await inTenant(tenantId, () => rows.countDocuments({ tenantId }));
    expect(count).toBe(100 * (calls.length - refused.length));
  });

  it('go through rules that look at their product', async () => {
    const tenantId = newTenant();
    const sigma = [
      'title: Three failures at a till',
      'level: high',
      'correlation: { type: event_count, rules: [failed], group-by: [user.uid], timespan: 5m, condition: { gte: 3 } }',
      '---',
      'title: A failure at a till',
      'name: failed',
      'logsource: { product: till, service: authentication }',
      'detection: { selection: { status_id: 2 }, condition: selection }',
    ].join('\n');
    const examples = [
      { name: 'three', events: JSON.stringify([1, 2, 3].map((uid) => logon(`${uid}`))), isFound: true },
      { name: 'one', events: JSON.stringify([logon('1')]), isFound: false },
    ];
    const create = `mutation ($input: CreateDetectionRuleInput!) { createDetectionRule(input: $input) {
      errors { __typename message } } }`;
    const viewer = testViewer({ tenantId, permissions: ['detection-rule:write', 'finding:read'] });
    const made = await platform.execute(copy, {
      query: create,
      variables: { input: { sigma, examples } },
      viewer,
    });
    expect(made.data.createDetectionRule.errors).toEqual([]);
    await sent(tenantId, [logon('e-1'), logon('e-2'), logon('e-3')]);
    const query = '{ findings(first: 10) { nodes { title evidenceCount subjects { value } } } }';
    const { data } = await platform.execute(copy, { query, viewer });
    expect(data.findings.nodes).toEqual([
      { title: 'Three failures at a till', evidenceCount: 3, subjects: [{ value: 'u-1' }] },
    ]);
  });
});
