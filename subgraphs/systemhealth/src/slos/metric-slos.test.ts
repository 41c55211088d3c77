// Objectives about recorded metrics: from recordMetrics to a burn alert, on the real services.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';

const minuteMs = 60_000;
let platform: TestPlatform;
let copy: Copy;
let tenants = 0;
let tenantId = '';

beforeAll(async () => {
  platform = await testPlatform([]);
  copy = await platform.start();
});
afterAll(() => platform.stop());
beforeEach(async () => {
  tenants += 1;
  tenantId = `ten_metricslos${tenants}`;
  const make = 'mutation ($input: CreateServiceInput!) { createService(input: $input) { service { id } } }';
  await ask(make, { input: { name: 'Shop' } });
});

async function ask(query: string, variables: object = {}) {
  const answer = await platform.execute(copy, { query, variables, viewer: operatorOf(tenantId) });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

const source = (metric: string, outcome: string) =>
  `{ metricSource: { type: SystemHealthMetrics, spec: { metric: ${metric}, labels: { outcome: ${outcome} } } } }`;
const ofCounters = `{ ratioMetric: { counter: true, good: ${source('checkouts_total', 'ok')}, total: ${source('checkouts_total', 'any')} } }`;

async function newSlo({ indicator = ofCounters, method = 'Occurrences', goal = 'target: 0.999' } = {}) {
  const document = `
apiVersion: openslo/v1
kind: SLO
metadata: { name: checkout }
spec:
  service: Shop
  indicator: { spec: ${indicator} }
  timeWindow: [{ duration: 7d, isRolling: true }]
  budgetingMethod: ${method}
  objectives: [{ ${goal} }]
`;
  const { createSlo } = await ask(
    'mutation ($input: CreateSloInput!) { createSlo(input: $input) { slo { id indicator { metrics checkId } } errors { message } } }',
    { input: { document } },
  );
  expect(createSlo.errors).toEqual([]);
  return createSlo.slo;
}

interface Told {
  metric: string;
  outcome?: string;
  /** From so long ago to so long ago, every ten seconds. */
  agoMs: readonly [number, number];
  valueAt: (sample: number) => number;
}

async function record(...all: readonly Told[]): Promise<void> {
  const now = Date.now();
  const samples = all.flatMap(({ metric, outcome, agoMs: [from, to], valueAt }) =>
    Array.from({ length: Math.floor((from - to) / 10_000) }, (_, sample) => ({
      ...{ metric, value: valueAt(sample), at: new Date(now - from + sample * 10_000).toISOString() },
      labels: outcome ? [{ name: 'outcome', value: outcome }] : [],
    })),
  );
  const { recordMetrics } = await ask(
    'mutation ($input: RecordMetricsInput!) { recordMetrics(input: $input) { errors { message } } }',
    { input: { samples } },
  );
  expect(recordMetrics.errors).toEqual([]);
}

const slo = async (id: string) =>
  (
    await ask(
      'query ($id: ID!) { slo(id: $id) { budget { good total consumed knownRatio } burnRates { isBurning } } }',
      { id },
    )
  ).slo;
const pages = async () =>
  (await ask('{ alerts { nodes { state severity summary } } }')).alerts.nodes.filter(
    ({ severity }: { severity: string }) => severity === 'CRITICAL',
  );

describe('an objective about counters', () => {
  it('counts what they grew, and pages once too little of that is good', async () => {
    const counted = (outcome: string, agoMs: Told['agoMs'], valueAt: Told['valueAt']): Told => ({
      ...{ metric: 'checkouts_total', outcome, agoMs, valueAt },
    });
    const before = [40 * minuteMs, 8 * minuteMs] as const;
    await record(
      counted('any', before, (sample) => sample * 10),
      counted('ok', before, (sample) => sample * 10),
    );
    const { id, indicator } = await newSlo();
    expect(indicator).toEqual({ metrics: ['checkouts_total'], checkId: null });
    await eventually(async () => {
      const { budget } = await slo(id);
      // 192 samples; the first minute begins with what nothing was known before.
      expect(budget).toMatchObject({ good: 1_910, total: 1_910, consumed: 0 });
    });
    expect(await pages()).toEqual([]);

    const lately = [8 * minuteMs, 10_000] as const;
    await record(
      counted('any', lately, (sample) => 1_920 + sample * 10),
      counted('ok', lately, () => 1_910),
    );
    await eventually(async () => expect(await pages()).toMatchObject([{ state: 'FIRING' }]));
    const { budget } = await slo(id);
    expect(budget.good).toBe(1_910);
    expect(budget.total).toBeGreaterThan(2_300);
  });

  it('of which one part is missing is unknown, and not good', async () => {
    await record({
      ...{ metric: 'checkouts_total', outcome: 'any', agoMs: [10 * minuteMs, 0] },
      valueAt: (sample) => sample,
    });
    const { id } = await newSlo();
    await eventually(async () => expect((await slo(id)).budget).not.toBeNull());
    const { budget, burnRates } = await slo(id);
    expect(budget).toEqual({ good: 0, total: 0, consumed: null, knownRatio: 0 });
    expect(burnRates[0].isBurning).toBeNull();
  });
});

describe('an objective about a threshold', () => {
  it('counts slices of time in which enough samples were good, and knows nothing of the others', async () => {
    const depth = (agoMs: Told['agoMs'], value: number): Told => ({
      ...{ metric: 'queue_depth', agoMs, valueAt: () => value },
    });
    // Whole minutes at the edges, so that no slice has samples of both.
    const into = Date.now() % minuteMs;
    const at = (minutes: number) => minutes * minuteMs + into;
    await record(depth([at(30), at(20)], 5), depth([at(15), at(10)], 500));
    const { id } = await newSlo({
      indicator:
        '{ thresholdMetric: { metricSource: { type: SystemHealthMetrics, spec: { metric: queue_depth } } } }',
      method: 'Timeslices',
      goal: 'op: lte, value: 100, target: 0.9, timeSliceTarget: 0.95, timeSliceWindow: 1m',
    });
    await eventually(async () =>
      expect((await slo(id)).budget).toMatchObject({ good: 10, total: 15, consumed: expect.closeTo(10 / 3) }),
    );
  });
});
