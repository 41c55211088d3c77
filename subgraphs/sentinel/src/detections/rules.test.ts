// A tenant's own rules, and everybody's.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually, testViewer } from '@supergraph/chassis/testing';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';

let platform: TestPlatform;
let copy: Copy;
beforeAll(async () => {
  platform = await testPlatform();
  copy = await platform.start();
});
afterAll(() => platform.stop());

const sigma = (name: string) => `title: ${name} signs in
level: critical
tags: [attack.t1078]
logsource: { product: supergraph, service: authentication }
detection:
  selection: { activity_id: 1, status_id: 1, user.uid|endswith: ${name} }
  condition: selection`;
const examples = (name: string) => [
  { name: 'they do', events: JSON.stringify([event(`per_${name}`)]), isFound: true },
  { name: 'somebody else does', events: JSON.stringify([event('per_nobody')]), isFound: false },
];
const event = (uid: string) => ({ activity_id: 1, status_id: 1, user: { uid }, time: 0 });

const payload = `{ rule { id title severity techniques version isBuiltIn isEnabled sigma }
  errors { __typename message ... on InvalidSigmaRule { path isUnsupported } ... on RuleExampleFailed { example } } }`;
const create = `mutation ($input: CreateDetectionRuleInput!) { createDetectionRule(input: $input) ${payload} }`;
const update = `mutation ($input: UpdateDetectionRuleInput!) { updateDetectionRule(input: $input) ${payload} }`;
const disable = `mutation ($id: ID!) { disableDetectionRule(input: { id: $id }) ${payload} }`;
const enable = `mutation ($id: ID!) { enableDetectionRule(input: { id: $id }) ${payload} }`;
const backTest = `mutation ($sigma: String!, $since: DateTime!) { backTestDetectionRule(input: { sigma: $sigma, since: $since }) {
  eventCount isPartial hits { subjects { field value } evidenceCount firstSeenAt lastSeenAt } errors { __typename } } }`;

async function ask(tenantId: string, query: string, variables: object = {}) {
  const { data, errors } = await platform.execute(copy, { query, variables, viewer: operatorOf(tenantId) });
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

/** The rules by which something was found in the tenant's events, once it has so many of these. */
function foundBy(tenantId: string, events: number): Promise<string[]> {
  return eventually(async () => {
    const { securityEvents, findings } = await ask(
      tenantId,
      '{ securityEvents(first: 100) { nodes { id } } findings { nodes { ruleId } } }',
    );
    const ids: string[] = findings.nodes.map(({ ruleId }: { ruleId: string }) => ruleId);
    return securityEvents.nodes.length === events && ids;
  });
}

it('a rule of the tenant’s own finds what happens from then on, in its tenant alone', async () => {
  const input = { sigma: sigma('mia'), examples: examples('mia') };
  const { rule, errors } = (await ask('ten_own', create, { input })).createDetectionRule;
  expect(errors).toEqual([]);
  expect(rule).toEqual({
    ...{
      id: expect.stringMatching(/^rul_/),
      title: 'mia signs in',
      severity: 'CRITICAL',
      techniques: ['T1078'],
    },
    ...{ version: 1, isBuiltIn: false, isEnabled: true, sigma: input.sigma },
  });
  for (const tenantId of ['ten_own', 'ten_other']) {
    await platform.tell('arthemiz.sign-in.succeeded.v1', { tenantId, data: { personId: 'per_mia' } });
  }
  expect(await foundBy('ten_own', 1)).toEqual([rule.id]);
  expect(await foundBy('ten_other', 1)).toEqual([]);
  expect((await ask('ten_other', disable, { id: rule.id })).disableDetectionRule.errors).toMatchObject([
    { __typename: 'DetectionRuleNotFound' },
  ]);
});

it('a rule is replaced, disabled and enabled', async () => {
  const tenantId = 'ten_versions';
  const input = { sigma: sigma('mia'), examples: examples('mia') };
  const { id } = (await ask(tenantId, create, { input })).createDetectionRule.rule;
  const changed = { id, sigma: sigma('zoe'), examples: examples('zoe') };
  expect((await ask(tenantId, update, { input: changed })).updateDetectionRule).toMatchObject({
    ...{ rule: { id, version: 2, title: 'zoe signs in' }, errors: [] },
  });
  const signIn = (personId: string) =>
    platform.tell('arthemiz.sign-in.succeeded.v1', { tenantId, data: { personId } });
  await signIn('per_mia');
  expect(await foundBy(tenantId, 1)).toEqual([]);
  await ask(tenantId, disable, { id });
  await signIn('per_zoe');
  expect(await foundBy(tenantId, 2)).toEqual([]);
  await ask(tenantId, enable, { id });
  await signIn('per_zoe');
  expect(await foundBy(tenantId, 3)).toEqual([id]);
});

it('everybody’s rules can be disabled, tenant by tenant, and their text stays', async () => {
  const id = 'code-reused';
  expect((await ask('ten_without', disable, { id })).disableDetectionRule).toMatchObject({
    rule: { id, isBuiltIn: true, isEnabled: false },
    errors: [],
  });
  const input = { id, sigma: sigma('mia'), examples: examples('mia') };
  expect((await ask('ten_without', update, { input })).updateDetectionRule.errors).toMatchObject([
    { __typename: 'DetectionRuleBuiltIn' },
  ]);
  await platform.tell('arthemiz.code.reused.v1', { tenantId: 'ten_without' });
  await platform.tell('arthemiz.code.reused.v1', { tenantId: 'ten_with' });
  expect(await foundBy('ten_without', 1)).toEqual([]);
  expect(await foundBy('ten_with', 1)).toEqual([id]);
});

it.each([
  [{ sigma: 'title: x' }, { __typename: 'InvalidSigmaRule', isUnsupported: false }],
  [
    { sigma: sigma('mia').replace('user.uid|endswith: mia', 'user.uid|re: "(?=mia)"') },
    { __typename: 'InvalidSigmaRule', isUnsupported: true, path: 'detection.selection.user.uid|re' },
  ],
  [{ examples: examples('zoe') }, { __typename: 'RuleExampleFailed', example: 'they do' }],
  [{ examples: examples('mia').slice(1) }, { __typename: 'InvalidDetectionInput' }],
  [{ examples: [{ name: 'x', events: '{', isFound: true }] }, { __typename: 'InvalidDetectionInput' }],
])('refuses %j', async (given, error) => {
  const input = { sigma: sigma('mia'), examples: examples('mia'), ...given };
  const { rule, errors } = (await ask('ten_refused', create, { input })).createDetectionRule;
  expect([rule, errors[0]]).toEqual([null, expect.objectContaining(error)]);
});

it('a rule is tried on what happened, and nothing is found for good', async () => {
  const tenantId = 'ten_history';
  const tell = () =>
    platform.tell('arthemiz.sign-in.succeeded.v1', { tenantId, data: { personId: 'per_mia' } });
  const { time } = await tell();
  await tell();
  await foundBy(tenantId, 2);
  const since = new Date(Date.parse(time) - 60_000).toISOString();
  const counted = `title: Twice
correlation: { type: event_count, rules: [once], group-by: [user.uid], timespan: 1h, condition: { gte: 2 } }
---
name: once
${sigma('mia')}`;
  expect((await ask(tenantId, backTest, { sigma: counted, since })).backTestDetectionRule).toMatchObject({
    ...{ eventCount: 2, isPartial: false, errors: [] },
    hits: [{ subjects: [{ field: 'user.uid', value: 'per_mia' }], evidenceCount: 2, firstSeenAt: time }],
  });
  expect(await foundBy(tenantId, 2)).toEqual([]);
  const long = new Date(Date.now() - 40 * 86_400_000).toISOString();
  expect(
    (await ask(tenantId, backTest, { sigma: counted, since: long })).backTestDetectionRule.errors,
  ).toHaveLength(1);
});

it('takes a permission to be seen and another to be changed', async () => {
  const viewer = testViewer({ tenantId: 'ten_own', permissions: ['detection-rule:read'] });
  const { data } = await platform.execute(copy, { query: '{ detectionRules { id isBuiltIn } }', viewer });
  expect(data.detectionRules).toContainEqual({ id: 'password-spraying', isBuiltIn: true });
  const { errors } = await platform.execute(copy, {
    query: disable,
    variables: { id: 'code-reused' },
    viewer,
  });
  expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
});
