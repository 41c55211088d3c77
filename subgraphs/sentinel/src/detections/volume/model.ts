// How much each person and program was told of in each hour.
import { type InferSchemaType, Schema } from 'mongoose';

export const hourlyVolumeSchema = new Schema(
  {
    principalId: { type: String, required: true, immutable: true },
    hour: { type: Date, required: true, immutable: true },
    /** How often something happened in it, and in how many events. */
    count: { type: Number, required: true },
    events: { type: Number, default: 0 },
    /** Above how many it is unusual, by the hours before it; null for no number. Absent until it is worth asking. */
    unusualAbove: { type: Number },
    /** By which version of the detector that is. */
    judgedVersion: { type: Number },
    /** When the last of the events happened that are listed as evidence, where there are more than are listed. */
    listedUntil: { type: Date },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'hourly_volumes', versionKey: false },
);

// One row an hour; a principal's hours in order.
export const hourIndex = { tenantId: 1, principalId: 1, hour: 1 } as const;
hourlyVolumeSchema.index(hourIndex, { unique: true });
// Whether there are later ones than what has just come.
hourlyVolumeSchema.index({ tenantId: 1, hour: -1 });
// In whichever tenant: for forgetting them.
hourlyVolumeSchema.index({ principalId: 1, _id: 1 });
hourlyVolumeSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type HourlyVolumeRow = InferSchemaType<typeof hourlyVolumeSchema> & { tenantId: string };
