// From a sample that is told to a step of a chart, through the subgraph's schema and on the real services.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import { eventually, subscribe } from '@supergraph/chassis/testing';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';
import { startTarget, type Target } from '../testing/target.ts';
import { readSteps } from './reading.ts';
import { rollSome } from './rolling.ts';
import { type Resolution, seriesIdOf } from './rules.ts';
import { summarise } from './summary.ts';

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

describe('rolling up', () => {
  const hour = 3_600_000;
  const metric = 'latency';
  const valuesAt = (at: number) => (at % 997) + 1;

  /** Samples as they lie in the store, without waiting for hours to pass. */
  async function store(ats: readonly number[], { dirtyFrom }: { dirtyFrom: number }) {
    const _id = seriesIdOf(tenantId, metric, labels);
    const { MetricSample, MetricSeries } = copy.service.models;
    await inTenant(tenantId, async () => {
      const latestMinute = new Date(Math.floor(Math.max(...ats) / 60_000) * 60_000);
      await MetricSample.insertMany(
        ats.map((at) => ({ at: new Date(at), meta: { seriesId: _id }, value: valuesAt(at) })),
      );
      await MetricSeries.updateOne(
        { _id },
        {
          $setOnInsert: { metric, labels, createdAt: new Date() },
          $set: { dirtyFrom: new Date(dirtyFrom), latestMinute, expiresAt: new Date(Date.now() + hour) },
          $inc: { lateMarks: 1 },
        },
        { upsert: true },
      );
    });
    return _id;
  }
  /** Whatever copy looks next would do the same. */
  const roll = (now = Date.now()) =>
    acrossTenants('rolling in a test', async () => {
      const { MetricSeries } = copy.service.models;
      await inTenant(tenantId, () => MetricSeries.updateMany({}, { $set: { rollAt: new Date(0) } })).catch(
        () => undefined,
      );
      while (await rollSome(copy.service, now));
    });
  const steps = (
    _id: string,
    reading: { from: number; to: number; stepMs: number; resolution: Resolution },
  ) =>
    inTenant(tenantId, async () => {
      const series = await copy.service.models.MetricSeries.find({ _id }).lean();
      return (await readSteps(copy.service, { ...reading, series, withSketches: true })).get(_id);
    });

  it('changes no answer: count, sum, extremes, increase and quantiles are what raw samples give', async () => {
    const begin = Math.floor(Date.now() / hour) * hour - 3 * hour;
    const ats = Array.from({ length: 1_500 }, (_, index) => begin + index * 5_003);
    const id = await store(ats, { dirtyFrom: begin });
    const reading = { from: begin, to: begin + 3 * hour, stepMs: hour };
    const raw = await steps(id, { ...reading, resolution: 'RAW' });
    await roll();
    const stored = await inTenant(tenantId, async () => ({
      minutes: await copy.service.models.MetricMinute.countDocuments(),
      hours: await copy.service.models.MetricHour.countDocuments(),
    }));
    expect(stored).toEqual({ minutes: 125, hours: 3 });
    for (const resolution of ['MINUTE', 'HOUR'] as const) {
      const rolled = await steps(id, { ...reading, resolution });
      expect([...(rolled ?? [])].map(([at, { sum, ...rest }]) => [at, rest, Math.round(sum)])).toEqual(
        [...(raw ?? [])].map(([at, { sum, ...rest }]) => [at, rest, Math.round(sum)]),
      );
    }
    const exact = summarise(ats.filter((at) => at < begin + hour).map((at) => ({ at, value: valuesAt(at) })));
    expect(raw?.get(begin)).toMatchObject({ count: exact?.count, min: exact?.min, max: exact?.max });
  });

  it('done again adds nothing, and takes late samples in', async () => {
    const begin = Math.floor(Date.now() / hour) * hour - 2 * hour;
    const even = Array.from({ length: 300 }, (_, index) => begin + index * 10_000);
    const id = await store(even, { dirtyFrom: begin });
    await roll();
    const counts = () =>
      inTenant(tenantId, async () => [
        await copy.service.models.MetricMinute.countDocuments(),
        await copy.service.models.MetricHour.countDocuments(),
      ]);
    const before = await counts();
    // As a copy that died before it said how far it was.
    await store([], { dirtyFrom: begin }).catch(() => undefined);
    await inTenant(tenantId, () =>
      copy.service.models.MetricSeries.updateOne({ _id: id }, { $set: { dirtyFrom: new Date(begin) } }),
    );
    await roll();
    expect(await counts()).toEqual(before);
    await store([begin + 5_000, begin + 125_000], { dirtyFrom: begin });
    const reading = { from: begin, to: begin + hour, stepMs: hour, resolution: 'HOUR' } as const;
    expect((await steps(id, reading))?.get(begin)?.count).toBe(302);
    await roll();
    expect((await steps(id, reading))?.get(begin)?.count).toBe(302);
    expect((await steps(id, { ...reading, resolution: 'MINUTE' }))?.get(begin)?.count).toBe(302);
    const [minutes = 0, hours = 0] = before;
    expect(await counts()).toEqual([minutes + 2, hours + 1]);
  });
});
