// Samples as they were told, for two days: written often, never changed. A time series takes no writes in transactions and
// knows no unique keys, so one that is told twice is stored twice; summary.ts counts it once.
import { type InferSchemaType, Schema } from 'mongoose';
import { keptMs } from './rules.ts';

export const metricSampleSchema = new Schema(
  {
    at: { type: Date, required: true },
    meta: { seriesId: { type: String, required: true } },
    value: { type: Number, required: true },
  },
  {
    collection: 'metric_samples',
    versionKey: false,
    timeseries: { timeField: 'at', metaField: 'meta', granularity: 'seconds' },
    expireAfterSeconds: keptMs.RAW / 1_000,
  },
);

// Of series, in a stretch of time.
metricSampleSchema.index({ 'meta.tenantId': 1, 'meta.seriesId': 1, at: 1 });

export type MetricSampleRow = InferSchemaType<typeof metricSampleSchema>;
