// From a sample that is told to a step of a chart, through the subgraph's schema and on the real services.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, subscribe } from '@supergraph/chassis/testing';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';
import { startTarget, type Target } from '../testing/target.ts';

let platform: TestPlatform;
let copy: Copy;
let target: Target;
let tenants = 0;
let tenantId = '';
beforeAll(async () => {
  target = await startTarget();
  platform = await testPlatform([{ slug: 'web', name: 'Web', kind: 'HTTP', url: target.url }], {
    METRIC_SERIES_PER_TENANT: '20',
  });
  copy = await platform.start();
}, 480_000);
afterAll(async () => {
  await platform.stop();
  await target.stop();
});
beforeEach(() => {
  tenants += 1;
  tenantId = `ten_metrics${tenants}`;
});

async function ask(query: string, variables: object = {}) {
  const answer = await platform.execute(copy, { query, variables, viewer: operatorOf(tenantId) });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

const recording =
  'mutation ($input: RecordMetricsInput!) { recordMetrics(input: $input) { recorded errors { __typename message ... on InvalidHealthInput { field } } } }';
const record = async (samples: readonly object[]) =>
  (await ask(recording, { input: { samples } })).recordMetrics;

const range = (
  variables: object,
  selection = 'stepMs resolution matched from series { labels { name value } values }',
) =>
  ask(
    `query ($metric: String!, $from: DateTime!, $to: DateTime, $stepMs: Int, $aggregation: MetricAggregation!, $labels: [LabelMatcherInput!]) {
      metricSeries(metric: $metric, from: $from, to: $to, stepMs: $stepMs, aggregation: $aggregation, labels: $labels) { ${selection} }
    }`,
    variables,
  ).then(({ metricSeries }) => metricSeries);

/** The beginning of the second, some minutes ago. */
const minutesAgo = (minutes: number) => Math.floor(Date.now() / 60_000) * 60_000 - minutes * 60_000;
const iso = (at: number) => new Date(at).toISOString();
const labels = [{ name: 'queue', value: 'mails' }];

describe('samples from outside', () => {
  it('are found by their labels: equal, other, there or not there', async () => {
    const at = iso(minutesAgo(2));
    const depth = (own: Record<string, string>) => ({
      ...{ metric: 'depth', at, value: 1 },
      labels: Object.entries(own).map(([name, value]) => ({ name, value })),
    });
    await record([
      depth({ queue: 'mails', zone: 'a' }),
      depth({ queue: 'mails' }),
      depth({ queue: 'bills' }),
    ]);
    const found = async (name: string, value: string, isEqual = true) => {
      const asked = { metric: 'depth', from: iso(minutesAgo(5)), aggregation: 'LAST' };
      return (await range({ ...asked, labels: [{ name, value, isEqual }] }, 'matched')).matched;
    };
    expect([await found('queue', 'mails'), await found('queue', 'mails', false)]).toEqual([2, 1]);
    expect([await found('zone', ''), await found('zone', '', false)]).toEqual([2, 1]);
    expect([await found('zone', 'a'), await found('zone', 'a', false)]).toEqual([1, 2]);
    expect(await found('mails', 'queue')).toBe(0);
  });

  it('are read as steps; what is missing is null, and what is told twice counts once', async () => {
    const begin = minutesAgo(10);
    const samples = [0, 10, 20, 40].map((seconds, index) => ({
      ...{ metric: 'queue_depth', labels, at: iso(begin + seconds * 1_000), value: 10 * (index + 1) },
    }));
    expect(await record(samples)).toEqual({ recorded: 4, errors: [] });
    expect(await record(samples.toReversed())).toEqual({ recorded: 4, errors: [] });
    const wanted = { metric: 'queue_depth', from: iso(begin), to: iso(begin + 60_000), stepMs: 15_000 };
    const values = async (aggregation: string) =>
      (await range({ ...wanted, aggregation })).series[0].values as (number | null)[];
    expect(await range({ ...wanted, aggregation: 'AVG' })).toEqual({
      ...{ stepMs: 15_000, resolution: 'RAW', matched: 1, from: iso(begin) },
      series: [{ labels, values: [15, 30, 40, null] }],
    });
    expect(await values('COUNT')).toEqual([2, 1, 1, null]);
    expect(await values('SUM')).toEqual([30, 30, 40, null]);
    expect(await values('MIN')).toEqual([10, 30, 40, null]);
    expect(await values('MAX')).toEqual([20, 30, 40, null]);
    expect(await values('LAST')).toEqual([20, 30, 40, null]);
    expect(await values('RATE')).toEqual([1, 1, 0.5, null]);
    const [p50] = await values('P50');
    expect(p50).toBeCloseTo(10, 0);
    expect(
      await ask('{ metrics { name seriesCount } metricLabels(metric: "queue_depth") { name values } }'),
    ).toEqual({
      metrics: [{ name: 'queue_depth', seriesCount: 1 }],
      metricLabels: [{ name: 'queue', values: ['mails'] }],
    });
  });

  it('are stored all or none, and refused where they are too old, no numbers, or make too many series', async () => {
    const now = Date.now();
    const sample = { metric: 'x', at: iso(now), value: 1 };
    expect((await record([sample, { ...sample, at: iso(now - 3_700_000) }])).errors).toMatchObject([
      { field: 'samples.1.at', message: 'is more than an hour ago' },
    ]);
    expect((await record([{ ...sample, at: iso(now + 120_000) }])).errors).toMatchObject([
      { message: 'is not yet' },
    ]);
    expect((await record([{ ...sample, metric: '9x' }])).errors).toMatchObject([
      { field: 'samples.0.metric' },
    ]);
    const many = Array.from({ length: 21 }, (_, index) => ({
      ...{ metric: 'x', labels: [{ name: 'i', value: `${index}` }], at: iso(now), value: 1 },
    }));
    expect((await record(many)).errors).toMatchObject([{ __typename: 'HealthLimitReached' }]);
    expect((await record(many.slice(0, 20))).recorded).toBe(20);
    expect((await record(many.slice(0, 20))).recorded).toBe(20);
    expect((await record(many.slice(20))).errors).toMatchObject([{ __typename: 'HealthLimitReached' }]);
    const { metricUsage } = await ask('{ metricUsage { activeSeries limit refusedSamples refusedAt } }');
    expect(metricUsage).toEqual({
      activeSeries: 20,
      limit: 20,
      refusedSamples: 22,
      refusedAt: expect.any(String),
    });
  });

  it('are one tenant’s alone', async () => {
    await record([{ metric: 'secret_depth', at: iso(Date.now()), value: 1 }]);
    const viewer = operatorOf('ten_metrics_other');
    const query = `{ metrics { name } metricLabels(metric: "secret_depth") { name }
      metricSeries(metric: "secret_depth", from: "${iso(Date.now() - 60_000)}", aggregation: AVG) { matched series { values } } }`;
    const { data } = await platform.execute(copy, { query, viewer });
    expect(data).toEqual({ metrics: [], metricLabels: [], metricSeries: { matched: 0, series: [] } });
  });

  it('are pushed to who watches the metric', async () => {
    const events = await subscribe({
      url: copy.url,
      environment: platform.environment,
      viewer: operatorOf(tenantId),
      query:
        'subscription { metricSamples(metric: "depth", labels: [{ name: "queue", value: "mails" }]) { labels { value } value at } }',
    });
    const first = events.next();
    const at = iso(minutesAgo(1));
    await eventually(async () => {
      await record([
        { metric: 'depth', labels, at, value: 3 },
        { metric: 'depth', labels: [{ name: 'queue', value: 'other' }], at, value: 4 },
      ]);
      const told = await Promise.race([first, new Promise((resolve) => setTimeout(resolve, 200, null))]);
      expect(told).toMatchObject({
        value: { data: { metricSamples: [{ labels: [{ value: 'mails' }], value: 3, at }] } },
      });
    });
    await events.return?.();
  });
});

describe('runs of checks', () => {
  it('leave latency and up or down as metrics', async () => {
    await platform.createTenant(copy, tenantId, 1);
    await eventually(async () => {
      const wanted = { from: iso(Date.now() - 120_000), stepMs: 86_400_000 };
      const up = await range({ ...wanted, metric: 'check_up', aggregation: 'MIN' });
      expect(up.series[0].values[0]).toBe(1);
      expect(up.series[0].labels.map(({ name }: { name: string }) => name)).toEqual(['check', 'service']);
      const latency = await range({ ...wanted, metric: 'check_latency_seconds', aggregation: 'P99' });
      expect(latency.series[0].values[0]).toBeGreaterThan(0);
    });
  });
});
