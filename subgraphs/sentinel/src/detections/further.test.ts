// What Sigma can't say, what is not to be found, and what is found again: through the platform.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';

let platform: TestPlatform;
let copy: Copy;
beforeAll(async () => {
  platform = await testPlatform();
  copy = await platform.start();
});
afterAll(() => platform?.stop());

let tenants = 0;
function newTenant(): string {
  tenants += 1;
  return `ten_d${tenants}`;
}

async function ask(tenantId: string, query: string, variables: object = {}) {
  const { data, errors } = await platform.execute(copy, { query, variables, viewer: operatorOf(tenantId) });
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

const stored = async (tenantId: string) =>
  (await ask(tenantId, '{ securityEvents(first: 100) { nodes { id } } }')).securityEvents.nodes.length;

const list = `{ findings(first: 50) { nodes { id ruleId severity subjects { field value } evidenceCount
  evidence(first: 50) { nodes { occurredAt } } } } }`;
// biome-ignore lint/suspicious/noExplicitAny: tests read what they selected
async function findings(tenantId: string): Promise<any[]> {
  return (await ask(tenantId, list)).findings.nodes;
}

const dayMs = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * dayMs).toISOString();
const signIn = (tenantId: string, time: string, data: object = {}) =>
  platform.tell('arthemiz.sign-in.succeeded.v1', { tenantId, time, data });

describe('a person’s habits', () => {
  it('are the same whatever the order in which their sign-ins arrive', async () => {
    const home = [30, 29, 28, 27, 26, 25, 24, 23, 22].map((days) => ({ time: daysAgo(days), data: {} }));
    const away = [10, 9].map((days) => ({ time: daysAgo(days), data: { ipAddress: '198.51.100.7' } }));
    const events = [...home, ...away];
    const outcome = async (order: typeof events) => {
      const tenantId = newTenant();
      for (const { time, data } of order) await signIn(tenantId, time, data);
      await eventually(async () => (await stored(tenantId)) === order.length);
      return (await findings(tenantId)).map(({ ruleId, subjects, evidence }) => ({
        ...{ ruleId, subjects },
        evidence: evidence.nodes.map(({ occurredAt }: { occurredAt: string }) => occurredAt),
      }));
    };
    const expected = await outcome(events);
    expect(expected).toEqual([
      {
        ruleId: 'new-network',
        subjects: [
          { field: 'actor.user.uid', value: 'per_olivia' },
          { field: 'src_endpoint.network', value: '198.51.0.0/16' },
        ],
        evidence: [away[0]?.time],
      },
    ]);
    expect(await outcome([...events].reverse())).toEqual(expected);
    const [last, ...others] = [...away].reverse();
    expect(await outcome([...home, ...(last ? [last] : []), ...others])).toEqual(expected);
  });

  it('wake nobody up who disabled the detector', async () => {
    const tenantId = newTenant();
    const { disableDetectionRule } = await ask(
      tenantId,
      'mutation { disableDetectionRule(input: { id: "dormant-account" }) { rule { isEnabled isSigma title } } }',
    );
    expect(disableDetectionRule.rule).toMatchObject({ isEnabled: false, isSigma: false });
    const other = newTenant();
    for (const tenant of [tenantId, other]) for (const days of [60, 1]) await signIn(tenant, daysAgo(days));
    await eventually(async () => (await findings(other)).length === 1);
    await eventually(async () => (await stored(tenantId)) === 2);
    expect(await findings(tenantId)).toEqual([]);
    const [finding] = await findings(other);
    const replay = `mutation { replayFinding(input: { id: "${finding.id}" }) { outcome eventCount missingCount } }`;
    expect((await ask(other, replay)).replayFinding).toEqual({
      ...{ outcome: 'SAME', eventCount: 1, missingCount: 0 },
    });
  });
});

describe('a canary', () => {
  it('is found at once, whatever came of touching it, in its tenant alone', async () => {
    const [tenantId, other] = [newTenant(), newTenant()];
    const make = `mutation { createCanary(input: { name: "Old backup", kind: CLIENT, value: "key_decoy" }) {
      canary { id } errors { message } } }`;
    expect((await ask(tenantId, make)).createCanary.errors).toEqual([]);
    expect((await ask(tenantId, make)).createCanary.errors).toMatchObject([
      { message: 'is watched already' },
    ]);
    for (const each of [other, tenantId])
      await platform.tell('gateway.field.denied.v1', {
        ...{ tenantId: each, data: { subject: 'key_decoy', clientId: 'key_decoy' } },
      });
    const [finding] = await eventually(async () => {
      const all = await findings(tenantId);
      return all.length === 1 && all;
    });
    expect(finding).toMatchObject({ ruleId: 'canary-touched', severity: 'CRITICAL' });
    expect(finding.subjects[0]).toEqual({ field: 'canary', value: 'Old backup' });
    await eventually(async () => (await stored(other)) === 1);
    expect(await findings(other)).toEqual([]);
  });
});

describe('privileges', () => {
  it('that somebody gives to themselves are found, and shown as an event', async () => {
    const tenantId = newTenant();
    const data = {
      ...{ personId: 'per_mallory', rolesAdded: ['owner'], rolesRemoved: [], changedBy: 'per_mallory' },
      ...{ permissionsAdded: ['role:write'], permissionsRemoved: [] },
    };
    await platform.publish('arthemiz.person.roles-changed.v1', { tenantId, data });
    const [finding] = await eventually(async () => {
      const all = await findings(tenantId);
      return all.length === 1 && all;
    });
    expect(finding).toMatchObject({ ruleId: 'own-privileges', severity: 'HIGH' });
    const query = '{ securityEvents { nodes { type reason actor { id } target { id } } } }';
    expect((await ask(tenantId, query)).securityEvents.nodes).toEqual([
      {
        ...{ type: 'PRIVILEGE_GRANTED', reason: '+owner' },
        ...{ actor: { id: 'per_mallory' }, target: { id: 'per_mallory' } },
      },
    ]);
  });
});

describe('a volume', () => {
  it('that is unusual for somebody is found', async () => {
    const tenantId = newTenant();
    const hour = (ago: number) => new Date(Date.now() - ago * 3_600_000).toISOString();
    const denied = (time: string, sampledrate: number) =>
      platform.tell('gateway.field.denied.v1', { tenantId, time, sampledrate });
    for (let ago = 13; ago > 0; ago -= 1) await denied(hour(ago), 3);
    await eventually(async () => (await stored(tenantId)) === 13);
    await denied(hour(0), 500);
    const found = await eventually(async () => {
      const all = await findings(tenantId);
      return all.find(({ ruleId }) => ruleId === 'unusual-volume') ?? false;
    });
    expect(found.subjects).toEqual([{ field: 'actor.user.uid', value: 'per_olivia' }]);
  });
});

describe('what is suppressed', () => {
  const make = `mutation ($input: CreateSuppressionInput!) { createSuppression(input: $input) {
    suppression { id } errors { __typename } } }`;

  it('is counted and listed, and not found', async () => {
    const tenantId = newTenant();
    const input = {
      ...{ ruleId: 'refresh-token-reused', reason: 'Our own test' },
      matches: [{ field: 'src_endpoint.ip', value: '203.0.113.*' }],
    };
    const { suppression } = (await ask(tenantId, make, { input })).createSuppression;
    const event = await platform.tell('arthemiz.refresh-token.reused.v1', { tenantId });
    await platform.redeliver(event);
    const elsewhere = { ipAddress: '198.51.100.7' };
    await platform.tell('arthemiz.refresh-token.reused.v1', { tenantId, data: elsewhere });
    await eventually(async () => (await findings(tenantId)).length === 1);
    expect(await findings(tenantId)).toMatchObject([{ evidenceCount: 1 }]);
    const query = '{ suppressions { id hitCount lastHitAt rule { id } suppressedEvents { type } } }';
    expect((await ask(tenantId, query)).suppressions).toEqual([
      {
        ...{ id: suppression.id, hitCount: 1, lastHitAt: event.time, rule: { id: 'refresh-token-reused' } },
        suppressedEvents: [{ type: 'REFRESH_TOKEN_REUSED' }],
      },
    ]);
    await ask(
      tenantId,
      `mutation { deleteSuppression(input: { id: "${suppression.id}" }) { errors { message } } }`,
    );
    await platform.tell('arthemiz.refresh-token.reused.v1', { tenantId });
    await eventually(async () => (await findings(tenantId))[0]?.evidenceCount === 2);
  });

  it('is of a rule that there is, and says something', async () => {
    const tenantId = newTenant();
    const input = { ruleId: 'none', reason: 'x', matches: [{ field: 'a', value: 'b' }] };
    expect((await ask(tenantId, make, { input })).createSuppression.errors).toEqual([
      { __typename: 'DetectionRuleNotFound' },
    ]);
    const anything = { ...input, matches: [{ field: 'a', value: '*' }] };
    expect((await ask(tenantId, make, { input: anything })).createSuppression.errors).toEqual([
      { __typename: 'InvalidDetectionInput' },
    ]);
  });
});

it('a finding is replayed by the rule as it was then', async () => {
  const tenantId = newTenant();
  const sigma = (uid: string) => `title: ${uid}
logsource: { product: supergraph }
detection: { s: { user.uid: ${uid} }, condition: s }`;
  const examples = (uid: string) => [
    { name: 'a', events: JSON.stringify([{ user: { uid } }]), isFound: true },
    { name: 'b', events: JSON.stringify([{ user: { uid: 'b' } }]), isFound: false },
  ];
  const payload = '{ rule { id version versions { version sigma } } errors { message } }';
  const create = `mutation ($input: CreateDetectionRuleInput!) { createDetectionRule(input: $input) ${payload} }`;
  const update = `mutation ($input: UpdateDetectionRuleInput!) { updateDetectionRule(input: $input) ${payload} }`;
  const first = { sigma: sigma('per_olivia'), examples: examples('per_olivia') };
  const { id } = (await ask(tenantId, create, { input: first })).createDetectionRule.rule;
  await signIn(tenantId, daysAgo(0));
  const [finding] = await eventually(async () => {
    const all = await findings(tenantId);
    return all.length === 1 && all;
  });
  const second = { id, sigma: sigma('per_x'), examples: examples('per_x') };
  const { rule } = (await ask(tenantId, update, { input: second })).updateDetectionRule;
  expect(rule.versions.map(({ version }: { version: number }) => version)).toEqual([2, 1]);
  const replay = `mutation { replayFinding(input: { id: "${finding.id}" }) { outcome eventCount } }`;
  expect((await ask(tenantId, replay)).replayFinding).toEqual({ outcome: 'SAME', eventCount: 1 });
});
