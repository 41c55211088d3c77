// Reads series of the tenant in scope as steps of one length: rolled-up hours and minutes as far as they go, and raw samples
// from there on, so that the latest minutes and late samples are there at once and no sample counts twice.

import type { SystemHealth } from '../context.ts';
import { groupedBy } from './grouping.ts';
import { fullestOf, type RollupRow, summaryOf } from './rollup-model.ts';
import { boundariesOf, bucketMs, type Resolution, startOf } from './rules.ts';
import type { MetricSeriesRow } from './series-model.ts';
import { mergeSummaries, type Sample, type Summary, summarise } from './summary.ts';

export interface Reading {
  readonly series: readonly Pick<MetricSeriesRow, '_id' | 'dirtyFrom'>[];
  /** The first step begins here: at a whole minute or hour where those may answer, and so are steps. */
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  /** The coarsest that may answer. */
  readonly resolution: Resolution;
  readonly withSketches: boolean;
}

/** More than this many rows are read for no question. */
export const mostRows = 200_000;

export class TooMuchToRead extends Error {
  override readonly name = 'TooMuchToRead';
}

/** Series → beginning of a step → what its samples add up to. @throws TooMuchToRead */
export async function readSteps(
  service: Pick<SystemHealth, 'models'>,
  reading: Reading,
): Promise<ReadonlyMap<string, ReadonlyMap<number, Summary>>> {
  const { series, from, stepMs } = reading;
  const stepOf = (at: number) => from + startOf(at - from, stepMs);
  const rows = [
    ...(await readRollups(service, 'HOUR', reading)),
    ...(await readRollups(service, 'MINUTE', reading)),
  ];
  const parts = new Map<string, Map<number, Summary[]>>(series.map(({ _id }) => [_id, new Map()]));
  const keep = (seriesId: string, at: number, part: Summary) => {
    const steps = parts.get(seriesId);
    const step = stepOf(at);
    const known = steps?.get(step);
    if (known) known.push(part);
    else steps?.set(step, [part]);
  };
  for (const { seriesId, at, summary } of rows) keep(seriesId, at, summary);
  for (const [seriesId, samples] of await readSamples(service, {
    ...reading,
    mostRows: mostRows - rows.length,
  })) {
    for (const [step, within] of groupedBy(samples, ({ at }) => stepOf(at))) {
      const summary = summarise(within);
      if (summary) keep(seriesId, step, summary);
    }
  }
  return new Map(
    [...parts].map(([seriesId, steps]) => [
      seriesId,
      new Map(
        [...steps].flatMap(([step, each]) => {
          const merged = mergeSummaries(each);
          return merged ? [[step, merged] as const] : [];
        }),
      ),
    ]),
  );
}

/** Series → what its samples of each hour add up to, of those of these hours that have any. */
export async function readHours(
  { models }: Pick<SystemHealth, 'models'>,
  { series, hours, withSketches }: Pick<Reading, 'series' | 'withSketches'> & { hours: readonly number[] },
): Promise<ReadonlyMap<string, Summary[]>> {
  const rows = await models.MetricHour.find(
    {
      'meta.seriesId': { $in: series.map(({ _id }) => _id) },
      at: { $in: hours.map((hour) => new Date(hour)) },
    },
    withSketches ? { _id: 0 } : { _id: 0, sketch: 0 },
  )
    .session(null)
    .lean<RollupRow[]>();
  const ofSeries = groupedBy(fullestOf(rows), ({ meta }) => meta.seriesId);
  return new Map([...ofSeries].map(([seriesId, each]) => [seriesId, each.map(summaryOf)]));
}

async function readRollups(
  { models }: Pick<SystemHealth, 'models'>,
  kind: 'MINUTE' | 'HOUR',
  { series, from, to, resolution, withSketches }: Reading,
): Promise<{ seriesId: string; at: number; summary: Summary }[]> {
  const spans = new Map(
    series.map(({ _id, dirtyFrom }) => {
      const { hours, minutes } = boundariesOf(dirtyFrom.getTime(), resolution);
      return [
        _id,
        kind === 'HOUR'
          ? { from, to: Math.min(to, hours) }
          : { from: Math.max(from, hours), to: Math.min(to, minutes) },
      ];
    }),
  );
  const wanted = [...spans].filter(([, span]) => span.from < span.to);
  if (wanted.length === 0) return [];
  const earliest = Math.min(...wanted.map(([, span]) => span.from));
  const latest = Math.max(...wanted.map(([, span]) => span.to));
  const most = ((latest - earliest) / bucketMs[kind]) * wanted.length;
  if (most > mostRows) throw new TooMuchToRead();
  const model = kind === 'HOUR' ? models.MetricHour : models.MetricMinute;
  const rows = await model
    .find(
      {
        'meta.seriesId': { $in: wanted.map(([id]) => id) },
        at: { $gte: new Date(earliest), $lt: new Date(latest) },
      },
      withSketches ? { _id: 0 } : { _id: 0, sketch: 0 },
    )
    .session(null)
    .lean<RollupRow[]>();
  const isWithin = ({ meta, at }: RollupRow) => {
    const span = spans.get(meta.seriesId);
    return span !== undefined && at.getTime() >= span.from && at.getTime() < span.to;
  };
  return fullestOf(rows.filter(isWithin)).map((row) => ({
    ...{ seriesId: row.meta.seriesId, at: row.at.getTime(), summary: summaryOf(row) },
  }));
}

async function readSamples(
  { models }: Pick<SystemHealth, 'models'>,
  { series, from, to, resolution, mostRows: most }: Reading & { mostRows: number },
): Promise<ReadonlyMap<string, Sample[]>> {
  const begins = new Map(
    series.map(({ _id, dirtyFrom }) => [
      _id,
      Math.max(from, boundariesOf(dirtyFrom.getTime(), resolution).minutes),
    ]),
  );
  const wanted = [...begins].filter(([, begin]) => begin < to);
  const read = new Map<string, Sample[]>(wanted.map(([id]) => [id, []]));
  if (wanted.length === 0) return read;
  const earliest = Math.min(...wanted.map(([, begin]) => begin));
  const rows = await models.MetricSample.find(
    { 'meta.seriesId': { $in: [...read.keys()] }, at: { $gte: new Date(earliest), $lt: new Date(to) } },
    { meta: 1, at: 1, value: 1 },
  )
    .sort({ at: 1, _id: 1 })
    .limit(most + 1)
    .session(null)
    .lean<{ at: Date; value: number; meta: { seriesId: string } }[]>();
  if (rows.length > most) throw new TooMuchToRead();
  for (const { at, value, meta } of rows) {
    if (at.getTime() >= (begins.get(meta.seriesId) ?? Number.POSITIVE_INFINITY))
      read.get(meta.seriesId)?.push({ at: at.getTime(), value });
  }
  return read;
}
