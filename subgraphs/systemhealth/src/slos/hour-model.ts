// How many runs of a check were good in each minute of an hour. One document, so that one write counts a run and notes
// that it was counted: the same run counted again changes nothing.
import { type InferSchemaType, Schema } from 'mongoose';

/** Of one minute. For a latency of so many milliseconds, runs and good ones are counted once an objective asks. */
export interface MinuteRow {
  readonly total?: number;
  readonly good?: number;
  readonly within?: Readonly<Record<string, { readonly total?: number; readonly good?: number }>>;
}

export const checkHourSchema = new Schema(
  {
    /** The check's id and the hour. */
    _id: { type: String, required: true },
    checkId: { type: String, required: true },
    serviceId: { type: String, required: true },
    /** When the hour begins. */
    at: { type: Date, required: true },
    /** When the latest run began that is counted. */
    lastAt: { type: Date, required: true },
    minutes: { type: Schema.Types.Mixed },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'check_hours', versionKey: false },
);

// The hours of a service's checks.
checkHourSchema.index({ tenantId: 1, serviceId: 1, at: 1 });
// Counts a run where it was not counted yet.
checkHourSchema.index({ tenantId: 1, _id: 1, lastAt: 1 });
// Retention: minutes serve the windows of burn rates, which are three days long.
checkHourSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type CheckHourRow = Omit<InferSchemaType<typeof checkHourSchema>, 'minutes'> & {
  tenantId: string;
  minutes?: Record<string, MinuteRow>;
};
