// Rolls samples up, a few series at a time. What a minute or an hour adds up to is a function of its raw samples, and it is
// added before `dirtyFrom` moves on: a copy that dies in between has it done once more, and so does one that shares the work.

import type { SystemHealth } from '../context.ts';
import { groupedBy } from './grouping.ts';
import { fullestOf, type RollupRow, rollupRow, summaryOf } from './rollup-model.ts';
import { bucketMs, marksAfter, rollableUntil, startOf } from './rules.ts';
import type { MetricSeriesRow } from './series-model.ts';
import { mergeSummaries, type Summary, summarise } from './summary.ts';

const minuteMs = bucketMs.MINUTE;
const hourMs = bucketMs.HOUR;
/** Series in one go, and how much of their time: so much is in memory at most. */
const mostSeries = 100;
const longestMs = hourMs;

type Series = Pick<
  MetricSeriesRow,
  '_id' | 'tenantId' | 'dirtyFrom' | 'latestMinute' | 'lateMarks' | 'lateMarkedAt'
>;

/** Works across tenants. False when there was nothing to do. */
export async function rollSome(service: SystemHealth, now: number): Promise<boolean> {
  const { MetricSeries } = service.models;
  const due = { rollAt: { $lte: new Date(now) } };
  const oldest = await MetricSeries.findOne(due, { dirtyFrom: 1 }).sort({ rollAt: 1 }).lean();
  if (oldest === null) return false;
  // Those that are as far back: mostly all of them.
  const series = await MetricSeries.find({ ...due, dirtyFrom: oldest.dirtyFrom })
    .limit(mostSeries)
    .lean<Series[]>();
  const from = oldest.dirtyFrom.getTime();
  const to = Math.max(from, Math.min(rollableUntil(now), from + longestMs));
  await addMinutes(service, series, { from, to });
  await addHours(service, series, { from: startOf(from, hourMs), to: startOf(to, hourMs) });
  await moveOn(service, series, { to, now });
  return true;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

async function addMinutes(service: SystemHealth, series: readonly Series[], span: Span): Promise<void> {
  const { MetricSample, MetricMinute } = service.models;
  const rows = await MetricSample.find(within(series, span), { meta: 1, at: 1, value: 1 })
    .sort({ at: 1, _id: 1 })
    .lean<{ at: Date; value: number; meta: { seriesId: string } }[]>();
  const parts = groupedBy(rows, ({ meta, at }) => keyOf(meta.seriesId, startOf(at.getTime(), minuteMs)));
  const minutes = [...parts].map(([key, samples]) => ({
    key,
    summary: summarise(samples.map(({ at, value }) => ({ at: at.getTime(), value }))),
  }));
  await addNew(MetricMinute, { series, span, summaries: minutes });
}

/** Of their minutes, which are a function of the samples. */
async function addHours(service: SystemHealth, series: readonly Series[], span: Span): Promise<void> {
  if (span.from >= span.to) return;
  const { MetricMinute, MetricHour } = service.models;
  const rows = fullestOf(await MetricMinute.find(within(series, span)).lean<RollupRow[]>());
  const parts = groupedBy(rows, ({ meta, at }) => keyOf(meta.seriesId, startOf(at.getTime(), hourMs)));
  const hours = [...parts].map(([key, minutes]) => ({
    key,
    summary: mergeSummaries(minutes.map(summaryOf)),
  }));
  await addNew(MetricHour, { series, span, summaries: hours });
}

interface Adding {
  series: readonly Series[];
  span: Span;
  summaries: readonly { key: string; summary: Summary | null }[];
}

/** What has taken in more samples than what is there. */
async function addNew(
  model: SystemHealth['models']['MetricMinute'] | SystemHealth['models']['MetricHour'],
  { series, span, summaries }: Adding,
): Promise<void> {
  if (summaries.length === 0) return;
  const there = await model.find(within(series, span), { meta: 1, at: 1, count: 1 }).lean<RollupRow[]>();
  const counts = new Map(
    fullestOf(there).map(({ meta, at, count }) => [keyOf(meta.seriesId, at.getTime()), count]),
  );
  const owners = new Map(series.map(({ _id, tenantId }) => [_id, tenantId]));
  const rows = summaries.flatMap(({ key, summary }) => {
    const [seriesId = '', at] = key.split(' ');
    const tenantId = owners.get(seriesId);
    if (summary === null || tenantId === undefined || summary.count <= (counts.get(key) ?? 0)) return [];
    return [rollupRow({ tenantId, seriesId, at: Number(at) }, summary)];
  });
  if (rows.length > 0) await model.insertMany(rows, { ordered: false });
}

function within(series: readonly Series[], { from, to }: Span) {
  return {
    'meta.tenantId': { $in: [...new Set(series.map(({ tenantId }) => tenantId))] },
    'meta.seriesId': { $in: series.map(({ _id }) => _id) },
    at: { $gte: new Date(from), $lt: new Date(to) },
  };
}

const keyOf = (seriesId: string, at: number) => `${seriesId} ${at}`;

/** A series that was marked since it was read is left to the next look: what was added stays. */
async function moveOn(
  { models }: SystemHealth,
  series: readonly Series[],
  reached: { to: number; now: number },
): Promise<void> {
  await models.MetricSeries.bulkWrite(
    series.map(({ _id, tenantId, dirtyFrom, latestMinute, lateMarks, lateMarkedAt }) => {
      const times = { dirtyFrom: dirtyFrom.getTime(), latestMinute: latestMinute.getTime() };
      const after = marksAfter({ ...times, lateMarkedAt: lateMarkedAt?.getTime() ?? null }, reached);
      return {
        updateOne: {
          filter: { _id, tenantId, dirtyFrom, latestMinute, lateMarks },
          update: { $set: { dirtyFrom: new Date(after.dirtyFrom), rollAt: new Date(after.rollAt) } },
        },
      };
    }),
    { ordered: false },
  );
}
