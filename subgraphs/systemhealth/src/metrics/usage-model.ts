// What a tenant was refused of its samples, one line a tenant.
import { type InferSchemaType, Schema } from 'mongoose';

export const metricUsageSchema = new Schema(
  {
    _id: { type: String, required: true },
    refusedSamples: { type: Number, default: 0 },
    refusedAt: { type: Date, default: null },
    /** Counts makings of series: whoever makes some writes here first, so that no two count at once. */
    changes: { type: Number, default: 0 },
  },
  { collection: 'metric_usage', versionKey: false },
);

export type MetricUsageRow = InferSchemaType<typeof metricUsageSchema>;
