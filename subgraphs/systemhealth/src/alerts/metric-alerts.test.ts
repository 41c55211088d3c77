// Rules about metrics and about other rules, from a sample to an alert, through the subgraph's schema on the real services.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import { rollupRow } from '../metrics/rollup-model.ts';
import { seriesIdOf } from '../metrics/rules.ts';
import { summarise } from '../metrics/summary.ts';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';

let platform: TestPlatform;
let copy: Copy;
let tenants = 0;
let tenantId = '';
beforeAll(async () => {
  platform = await testPlatform([], { METRIC_ALERT_INTERVAL_MS: '50' });
  copy = await platform.start();
}, 480_000);
afterAll(() => platform.stop());
beforeEach(() => {
  tenants += 1;
  tenantId = `ten_rules${tenants}`;
});

async function ask(query: string, variables: object = {}) {
  const answer = await platform.execute(copy, { query, variables, viewer: operatorOf(tenantId) });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

const labels = [{ name: 'queue', value: 'mails' }];
async function record(value: number, { at = Date.now(), metric = 'depth' } = {}) {
  const samples = [{ metric, labels, at: new Date(at).toISOString(), value }];
  const { recordMetrics } = await ask(
    'mutation ($input: RecordMetricsInput!) { recordMetrics(input: $input) { errors { message } } }',
    { input: { samples } },
  );
  expect(recordMetrics.errors).toEqual([]);
}

async function tryRule(condition: object, more: object = {}) {
  const query = `mutation ($input: CreateAlertRuleInput!) { createAlertRule(input: $input) {
    alertRule { id verdict } errors { __typename message ... on InvalidHealthInput { field } } } }`;
  return (await ask(query, { input: { name: 'Watched', condition, ...more } })).createAlertRule;
}
async function newRule(condition: object, more: object = {}): Promise<string> {
  const made = await tryRule(condition, more);
  expect(made.errors).toEqual([]);
  return made.alertRule.id;
}

const alertsOf = async (ruleId: string) => {
  const { nodes } = (
    await ask(
      '{ alerts { nodes { state summary message rule { id } labels { name value } transitions { kind } } } }',
    )
  ).alerts;
  return nodes.filter(({ rule }: { rule: { id: string } | null }) => rule?.id === ruleId);
};
const stateIs = (ruleId: string, state: string) =>
  eventually(async () => expect((await alertsOf(ruleId))[0]?.state).toBe(state));
const ruleOf = async (ruleId: string) =>
  (
    await ask('{ alertRules { nodes { id verdict problem condition { __typename } } } }')
  ).alertRules.nodes.find(({ id }: { id: string }) => id === ruleId);
const saysOf = (ruleId: string, verdict: string, problem: string | null = null) =>
  eventually(async () => expect(await ruleOf(ruleId)).toMatchObject({ verdict, problem }));

const depthAbove = (threshold: number, more: object = {}) => ({
  threshold: {
    ...{ metric: 'depth', aggregation: 'LAST', windowMs: 60_000, comparison: 'ABOVE', threshold, ...more },
  },
});

describe('a threshold', () => {
  it('fires for each series that is beyond it, and is over beyond the clear threshold alone', async () => {
    await record(150);
    const rule = await newRule(depthAbove(100, { clearThreshold: 80 }));
    await stateIs(rule, 'FIRING');
    const [alert] = await alertsOf(rule);
    expect(alert).toMatchObject({ message: 'LAST of depth{queue="mails"} is 150 (ABOVE 100)' });
    expect(alert.labels).toContainEqual({ name: 'queue', value: 'mails' });
    await record(90);
    await eventually(async () => expect((await alertsOf(rule))[0]?.message).toContain('is 90'));
    expect((await alertsOf(rule))[0]?.state).toBe('FIRING');
    await record(80);
    await stateIs(rule, 'RESOLVED');
    expect(await alertsOf(rule)).toHaveLength(1);
    await saysOf(rule, 'CLEAR');
  });

  it('is unknown where there is no sample, which neither fires nor resolves', async () => {
    const rule = await newRule(depthAbove(100, { windowMs: 1_500 }));
    await saysOf(rule, 'UNKNOWN', 'No series matches.');
    await eventually(async () => {
      await record(150);
      expect((await alertsOf(rule))[0]?.state).toBe('FIRING');
    });
    await saysOf(rule, 'UNKNOWN');
    expect((await alertsOf(rule))[0]?.state).toBe('FIRING');
    await eventually(async () => {
      await record(1);
      expect((await alertsOf(rule))[0]?.state).toBe('RESOLVED');
    });
  });

  it('waits for as long as its rule says', async () => {
    await record(150);
    const rule = await newRule(depthAbove(100), { forMs: 3_600_000 });
    await stateIs(rule, 'PENDING');
    await record(1);
    await stateIs(rule, 'INACTIVE');
  });

  it('must be clear on the clear side, and a rule looks for one thing', async () => {
    const wrong = await tryRule(depthAbove(100, { clearThreshold: 120 }));
    expect(wrong.errors).toMatchObject([{ field: 'condition.threshold.clearThreshold' }]);
    const both = await tryRule({ ...depthAbove(1), checkStatus: {} });
    expect(both.errors).toMatchObject([{ field: 'condition', message: 'must say one thing to look for' }]);
    expect((await tryRule({})).errors).toMatchObject([{ field: 'condition' }]);
  });
});

describe('absence', () => {
  it('fires when nothing came for as long as it waits, and is over with the next sample', async () => {
    await record(1, { at: Date.now() - 1_800_000 });
    const rule = await newRule({ absence: { metric: 'depth', durationMs: 60_000 } });
    // A rule that is younger than it waits has not waited yet.
    await saysOf(rule, 'UNKNOWN');
    await inTenant(tenantId, () =>
      copy.service.models.AlertRule.collection.updateOne(
        { _id: rule as never },
        { $set: { createdAt: new Date(Date.now() - 120_000) } },
      ),
    );
    await stateIs(rule, 'FIRING');
    await record(1);
    await stateIs(rule, 'RESOLVED');
  });
});

describe('a rate of change', () => {
  it('fires when one window is unlike the one before', async () => {
    const now = Date.now();
    for (const [ageMs, value] of [
      [700_000, 100],
      [650_000, 100],
      [100_000, 160],
      [50_000, 160],
    ] as const)
      await record(value, { at: now - ageMs });
    const change = { metric: 'depth', aggregation: 'AVG', windowMs: 600_000, unit: 'PERCENT' };
    const rule = await newRule({ rateOfChange: { ...change, comparison: 'ABOVE', threshold: 50 } });
    const calm = await newRule({ rateOfChange: { ...change, comparison: 'ABOVE', threshold: 70 } });
    await stateIs(rule, 'FIRING');
    expect((await alertsOf(rule))[0].message).toContain('changes by 60 PERCENT');
    await saysOf(calm, 'CLEAR');
    expect(await alertsOf(calm)).toEqual([]);
  });
});

describe('an anomaly', () => {
  it('is what is unlike the same hour of past weeks; with too few of them it is unknown', async () => {
    await record(500);
    const anomaly = { metric: 'depth', aggregation: 'AVG', windowMs: 300_000 };
    const rule = await newRule({ anomaly });
    await saysOf(rule, 'UNKNOWN');
    const seriesId = seriesIdOf(tenantId, 'depth', labels);
    await inTenant(tenantId, async () => {
      const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
      // Both hours that it may be when the rule is looked at.
      const past = [1, 2, 3].flatMap((week) =>
        [0, 1].map((later) => hour + (later - week * 168) * 3_600_000),
      );
      const summary = summarise([{ at: hour, value: 100 }]);
      if (summary)
        await copy.service.models.MetricHour.insertMany(
          past.map((at) => rollupRow({ tenantId, seriesId, at }, summary)),
        );
    });
    await stateIs(rule, 'FIRING');
    expect((await alertsOf(rule))[0].message).toContain('is 500: 100 is usual');
  });
});

describe('a rule about rules', () => {
  it('fires while others do and don’t, and knows nothing of those that are gone or know nothing', async () => {
    await record(150);
    const deep = await newRule(depthAbove(100));
    const deeper = await newRule(depthAbove(200));
    const blind = await newRule({ ...depthAbove(1, { metric: 'nothing' }) });
    const both = await newRule({ composite: { allOf: [deep, deeper] } });
    const one = await newRule({ composite: { anyOf: [deep, deeper], noneOf: [deeper] } });
    const unsure = await newRule({ composite: { allOf: [deep, blind] } });
    const above = await newRule({ composite: { allOf: [one] } });
    await stateIs(one, 'FIRING');
    await stateIs(above, 'FIRING');
    await saysOf(both, 'CLEAR');
    await saysOf(unsure, 'UNKNOWN');
    await record(250);
    await stateIs(both, 'FIRING');
    await stateIs(one, 'RESOLVED');
    await ask(
      'mutation ($input: DeleteAlertRuleInput!) { deleteAlertRule(input: $input) { errors { message } } }',
      {
        input: { id: deeper },
      },
    );
    await saysOf(both, 'UNKNOWN');
    expect((await alertsOf(both))[0].state).toBe('FIRING');
    expect((await tryRule({ composite: { allOf: ['alr_gone'] } })).errors).toMatchObject([
      { __typename: 'AlertRuleNotFound' },
    ]);
  });
});

describe('a condition', () => {
  it('is shown as it was given', async () => {
    await newRule({ anomaly: { metric: 'depth', aggregation: 'P95', windowMs: 300_000 } });
    await newRule(depthAbove(5, { labels: [{ name: 'queue', value: 'x', isEqual: false }] }));
    const { nodes } = (
      await ask(`{ alertRules { nodes { condition { __typename
        ... on AnomalyCondition { metric aggregation weeks minimumWeeks deviations direction }
        ... on ThresholdCondition { threshold clearThreshold labels { name value isEqual } } } } } }`)
    ).alertRules;
    expect(nodes.map(({ condition }: { condition: object }) => condition)).toEqual([
      {
        ...{ __typename: 'AnomalyCondition', metric: 'depth', aggregation: 'P95' },
        ...{ weeks: 4, minimumWeeks: 3, deviations: 4, direction: 'EITHER' },
      },
      {
        ...{ __typename: 'ThresholdCondition', threshold: 5, clearThreshold: null },
        labels: [{ name: 'queue', value: 'x', isEqual: false }],
      },
    ]);
  });
});
