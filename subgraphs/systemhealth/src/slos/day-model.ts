// What counted of an objective in each hour of a day: the history of its budget, kept long after single runs are gone.
// Computed from the minutes as often as one likes, so nothing is counted twice.
import { type InferSchemaType, Schema } from 'mongoose';
import type { HourCounts } from './rules.ts';

export const sloDaySchema = new Schema(
  {
    /** The objective's id and the day. */
    _id: { type: String, required: true },
    sloId: { type: String, required: true },
    /** When the day begins, in UTC. */
    at: { type: Date, required: true },
    hours: { type: Schema.Types.Mixed },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'slo_days', versionKey: false },
);

// The days of an objective.
sloDaySchema.index({ tenantId: 1, sloId: 1, at: 1 });
// Retention: two years, which holds the longest window twice.
sloDaySchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type SloDayRow = Omit<InferSchemaType<typeof sloDaySchema>, 'hours'> & {
  tenantId: string;
  hours?: Record<string, HourCounts>;
};
