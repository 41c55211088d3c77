// What is left of the samples of a minute, for 30 days, and of an hour, for 400: time series too. Nothing in one is changed,
// so a stretch that is rolled up again has two rows; the one that has taken in more samples stands.
import { type InferSchemaType, Schema } from 'mongoose';
import { keptMs } from './rules.ts';
import { decodeSketch, encodeSketch } from './sketch.ts';
import type { Summary } from './summary.ts';

function rollupSchema(options: {
  collection: string;
  granularity: 'minutes' | 'hours';
  expireAfterSeconds: number;
}) {
  const { granularity, ...rest } = options;
  const schema = new Schema(
    {
      /** The beginning of the stretch. */
      at: { type: Date, required: true },
      meta: { seriesId: { type: String, required: true } },
      count: { type: Number, required: true },
      sum: { type: Number, required: true },
      min: { type: Number, required: true },
      max: { type: Number, required: true },
      first: { type: Number, required: true },
      firstAt: { type: Date, required: true },
      last: { type: Number, required: true },
      lastAt: { type: Date, required: true },
      increase: { type: Number, required: true },
      sketch: { type: Buffer },
    },
    { ...rest, versionKey: false, timeseries: { timeField: 'at', metaField: 'meta', granularity } },
  );
  // Of series, in a stretch of time.
  schema.index({ 'meta.tenantId': 1, 'meta.seriesId': 1, at: 1 });
  return schema;
}

export const metricMinuteSchema = rollupSchema({
  ...{ collection: 'metric_minutes', granularity: 'minutes', expireAfterSeconds: keptMs.MINUTE / 1_000 },
});
export const metricHourSchema = rollupSchema({
  ...{ collection: 'metric_hours', granularity: 'hours', expireAfterSeconds: keptMs.HOUR / 1_000 },
});

export type RollupRow = Omit<InferSchemaType<typeof metricMinuteSchema>, 'sketch'> & {
  meta: { seriesId: string };
  /** A BSON binary when it is read lean; absent where it was not asked for. */
  sketch?: { buffer: Uint8Array; position: number } | Uint8Array | null | undefined;
};

export function rollupRow(
  { tenantId, seriesId, at }: { tenantId: string; seriesId: string; at: number },
  { first, last, sketch, count, sum, min, max, increase }: Summary,
) {
  return {
    ...{ at: new Date(at), meta: { tenantId, seriesId }, count, sum, min, max, increase },
    ...{ first: first.value, firstAt: new Date(first.at), last: last.value, lastAt: new Date(last.at) },
    ...(sketch && { sketch: Buffer.from(encodeSketch(sketch)) }),
  };
}

/** Of rows about the same stretch the one that has taken in most. */
export function fullestOf(rows: readonly RollupRow[]): RollupRow[] {
  const fullest = new Map<string, RollupRow>();
  for (const row of rows) {
    const key = `${row.meta.seriesId} ${row.at.getTime()}`;
    if ((fullest.get(key)?.count ?? 0) < row.count) fullest.set(key, row);
  }
  return [...fullest.values()];
}

export function summaryOf({ first, firstAt, last, lastAt, sketch, ...row }: RollupRow): Summary {
  const { count, sum, min, max, increase } = row;
  return {
    ...{ count, sum, min, max, increase },
    first: { at: firstAt.getTime(), value: first },
    last: { at: lastAt.getTime(), value: last },
    sketch: sketch ? decodeSketch(bytesOf(sketch)) : null,
  };
}

function bytesOf(sketch: NonNullable<RollupRow['sketch']>): Uint8Array {
  return sketch instanceof Uint8Array ? sketch : sketch.buffer.subarray(0, sketch.position);
}
