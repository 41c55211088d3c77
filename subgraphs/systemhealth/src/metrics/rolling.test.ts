// What is rolled up says what the samples said, in whatever order they came and however often it is done.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSubgraph } from '@supergraph/chassis/subgraph';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import { testEnvironment } from '@supergraph/chassis/testing';
import { definition } from '../definition.ts';
import type { Copy } from '../testing/platform.ts';
import { readSteps } from './reading.ts';
import { rollSome } from './rolling.ts';
import { type Resolution, seriesIdOf } from './rules.ts';
import { summarise } from './summary.ts';

let environment: Awaited<ReturnType<typeof testEnvironment>>;
let copy: Copy;
let tenants = 0;
let tenantId = '';
beforeAll(async () => {
  environment = await testEnvironment({ service: 'systemhealth' });
  // Nothing is rolled up but by the tests.
  copy = await startSubgraph({ ...definition, workers: [] }, environment.env);
}, 480_000);
afterAll(async () => {
  await copy.stop();
  await environment.dispose();
});
beforeEach(() => {
  tenants += 1;
  tenantId = `ten_rolling${tenants}`;
});

const labels = [{ name: 'queue', value: 'mails' }];

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
  const roll = () =>
    acrossTenants('rolling in a test', async () => {
      const { MetricSeries } = copy.service.models;
      await inTenant(tenantId, () => MetricSeries.updateMany({}, { $set: { rollAt: new Date(0) } }));
      while (await rollSome(copy.service, Date.now()));
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
    // All of it settled, whichever minute of an hour it is now.
    const begin = Math.floor(Date.now() / hour) * hour - 4 * hour;
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
