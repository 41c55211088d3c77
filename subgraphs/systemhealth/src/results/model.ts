// What each run found, as a time series: written often, never changed, gone after a week. MongoDB takes no
// time-series writes in transactions, so nothing here decides anything.
import { type InferSchemaType, Schema } from 'mongoose';

const retentionSeconds = 7 * 24 * 60 * 60;

export const resultSchema = new Schema(
  {
    at: { type: Date, required: true },
    meta: { checkId: { type: String, required: true } },
    isSuccess: { type: Boolean, required: true },
    latencyMs: { type: Number, required: true },
    message: { type: String, default: null },
    isDegraded: { type: Boolean },
  },
  {
    collection: 'check_results',
    versionKey: false,
    timeseries: { timeField: 'at', metaField: 'meta', granularity: 'seconds' },
    expireAfterSeconds: retentionSeconds,
  },
);

// A check's results, newest first.
resultSchema.index({ 'meta.tenantId': 1, 'meta.checkId': 1, at: -1 });

export type ResultRow = InferSchemaType<typeof resultSchema>;

/** What a result's resolvers start from: a stored row, or the latest result kept with its check. */
export type ResultParent = Pick<ResultRow, 'at' | 'isSuccess' | 'latencyMs' | 'message' | 'isDegraded'>;
