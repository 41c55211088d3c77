// Detectors that a tenant tunes, and what any rule would have found: through the platform.
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

async function ask(tenantId: string, query: string, variables: object = {}) {
  const { data, errors } = await platform.execute(copy, { query, variables, viewer: operatorOf(tenantId) });
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

const dayMs = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * dayMs).toISOString();
const signInAt = (tenantId: string, time: string) =>
  platform.tell('arthemiz.sign-in.succeeded.v1', { tenantId, time });
const stored = async (tenantId: string) =>
  (await ask(tenantId, '{ securityEvents(first: 100) { nodes { id } } }')).securityEvents.nodes.length;

const tune = `mutation ($input: TuneDetectorInput!) { tuneDetector(input: $input) {
  rule { id version sigma parameters { name value default } versions { version sigma } } errors { message } } }`;
const backTest = `mutation ($input: BackTestInput!) { backTestDetectionRule(input: $input) {
  eventCount isPartial hits { evidenceCount subjects { value } } errors { __typename } } }`;

describe('a detector', () => {
  it('finds by the parameters of the tenant from then on, under a version that explains it', async () => {
    const [tenantId, other] = ['ten_tune1', 'ten_tune2'];
    const days = (value: number) => ({
      input: { id: 'dormant-account', parameters: [{ name: 'days', value }] },
    });
    const { rule } = (await ask(tenantId, tune, days(10))).tuneDetector;
    expect(rule).toEqual({
      ...{ id: 'dormant-account', version: 2, sigma: 'days: 10\n' },
      parameters: [{ name: 'days', value: 10, default: 45 }],
      versions: [{ version: 2, sigma: 'days: 10\n' }],
    });
    for (const tenant of [tenantId, other]) {
      await signInAt(tenant, daysAgo(20));
      await signInAt(tenant, daysAgo(1));
    }
    const found = '{ findings(filter: { ruleId: "dormant-account" }) { nodes { id ruleVersion } } }';
    const [finding] = await eventually(async () => {
      const { nodes } = (await ask(tenantId, found)).findings;
      return nodes.length === 1 && nodes;
    });
    expect(finding.ruleVersion).toBe(2);
    await eventually(async () => (await stored(other)) === 2);
    expect((await ask(other, found)).findings.nodes).toEqual([]);
    // What was found by it is replayed by it, whatever is said afterwards.
    await ask(tenantId, tune, days(60));
    const replay = `mutation { replayFinding(input: { id: "${finding.id}" }) { outcome } }`;
    expect((await ask(tenantId, replay)).replayFinding).toEqual({ outcome: 'SAME' });
  });

  it('takes its own parameters alone, within their bounds', async () => {
    for (const parameter of [
      { name: 'days', value: 1 },
      { name: 'weeks', value: 3 },
    ]) {
      const input = { id: 'dormant-account', parameters: [parameter] };
      expect((await ask('ten_tune3', tune, { input })).tuneDetector).toMatchObject({
        ...{ rule: null, errors: [{ message: expect.stringContaining('days') }] },
      });
    }
    const input = { id: 'password-spraying', parameters: [] };
    expect((await ask('ten_tune3', tune, { input })).tuneDetector.rule).toBeNull();
  });
});

describe('a back-test', () => {
  const since = () => daysAgo(15);
  const tried = async (tenantId: string, input: object) =>
    (await ask(tenantId, backTest, { input: { since: since(), ...input } })).backTestDetectionRule;

  it('is of any rule that there is, by its parameters or by others, and changes nothing', async () => {
    const tenantId = 'ten_tune4';
    await signInAt(tenantId, daysAgo(20));
    await signInAt(tenantId, daysAgo(1));
    await platform.tell('arthemiz.refresh-token.reused.v1', { tenantId });
    await eventually(async () => (await stored(tenantId)) === 3);
    const before = (await ask(tenantId, '{ findings { nodes { id } } }')).findings.nodes;
    expect(await tried(tenantId, { ruleId: 'dormant-account' })).toEqual({
      ...{ eventCount: 1, isPartial: false, hits: [], errors: [] },
    });
    const parameters = [{ name: 'days', value: 10 }];
    expect(await tried(tenantId, { ruleId: 'dormant-account', parameters })).toMatchObject({
      hits: [{ evidenceCount: 1, subjects: [{ value: 'per_olivia' }] }],
    });
    expect((await tried(tenantId, { ruleId: 'refresh-token-reused' })).hits).toHaveLength(1);
    expect((await tried(tenantId, { ruleId: 'none' })).errors).toEqual([
      { __typename: 'DetectionRuleNotFound' },
    ]);
    expect((await tried(tenantId, {})).errors).toEqual([{ __typename: 'InvalidDetectionInput' }]);
    expect((await ask(tenantId, '{ findings { nodes { id } } }')).findings.nodes).toEqual(before);
  });

  it('is of canaries and of volumes, too', async () => {
    const tenantId = 'ten_tune5';
    const hour = (ago: number) => new Date(Date.now() - ago * 3_600_000).toISOString();
    for (let ago = 13; ago >= 0; ago -= 1)
      await platform.tell('gateway.field.denied.v1', {
        ...{ tenantId, time: hour(ago), sampledrate: ago === 0 ? 40 : 3 },
      });
    await eventually(async () => (await stored(tenantId)) === 14);
    const ruleId = 'unusual-volume';
    expect((await tried(tenantId, { ruleId })).hits).toEqual([]);
    const parameters = [{ name: 'minimum', value: 30 }];
    expect((await tried(tenantId, { ruleId, parameters })).hits).toEqual([
      { evidenceCount: 1, subjects: [{ value: 'per_olivia' }] },
    ]);
    const canary = `mutation { createCanary(input: { name: "Decoy", kind: PERSON, value: "per_olivia" }) {
      errors { message } } }`;
    await ask(tenantId, canary);
    const { hits } = await tried(tenantId, { ruleId: 'canary-touched' });
    const touches = hits.map(({ evidenceCount }: { evidenceCount: number }) => evidenceCount);
    expect(touches.reduce((sum: number, count: number) => sum + count, 0)).toBe(14);
  });
});
