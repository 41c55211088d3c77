// One series of samples: a metric with labels. An ordinary collection: what is rolled up stands here.
import { type InferSchemaType, Schema } from 'mongoose';
import { labelSchema } from '../alert-rules/model.ts';
import type { Label } from '../alerts/rules.ts';
import { nothingDirty } from './rules.ts';

export const metricSeriesSchema = new Schema(
  {
    /** Made of its tenant, metric and labels, so that it needs no looking up. */
    _id: { type: String, required: true },
    metric: { type: String, required: true, immutable: true },
    /** In the order of their names. */
    labels: { type: [labelSchema], required: true, immutable: true },
    createdAt: { type: Date, required: true },
    /** The beginning of the latest minute that has a sample, as far as it was marked. */
    latestMinute: { type: Date, required: true },
    /** From this minute on its samples are not rolled up. */
    dirtyFrom: { type: Date, default: () => new Date(nothingDirty) },
    /** When that is done next. */
    rollAt: { type: Date, default: () => new Date(nothingDirty) },
    /** Counts markings by late samples: a rollup that began before one must not say that it has taken it in. */
    lateMarks: { type: Number, default: 0 },
    lateMarkedAt: { type: Date, default: null },
    /** When the last hour of it is forgotten. */
    expiresAt: { type: Date, required: true },
  },
  { collection: 'metric_series', versionKey: false },
);

// A metric's series, and a tenant's metrics by name.
metricSeriesSchema.index({ tenantId: 1, metric: 1, _id: 1 });
// Marks those that have new samples.
metricSeriesSchema.index({ tenantId: 1, _id: 1 });
// How many had a sample of late.
metricSeriesSchema.index({ tenantId: 1, latestMinute: 1 });
// What is to be rolled up, over all tenants.
metricSeriesSchema.index({ rollAt: 1, dirtyFrom: 1 });
// Retention.
metricSeriesSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

/** As it is read lean: mongoose's arrays are plain ones then. */
export type MetricSeriesRow = Omit<InferSchemaType<typeof metricSeriesSchema>, 'labels'> & {
  tenantId: string;
  labels: Label[];
};
