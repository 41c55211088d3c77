// How much each person and program was told of in each hour.
import { type InferSchemaType, Schema } from 'mongoose';

export const hourlyVolumeSchema = new Schema(
  {
    principalId: { type: String, required: true, immutable: true },
    hour: { type: Date, required: true, immutable: true },
    count: { type: Number, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'hourly_volumes', versionKey: false },
);

// One row an hour; a principal's hours in order.
export const hourIndex = { tenantId: 1, principalId: 1, hour: 1 } as const;
hourlyVolumeSchema.index(hourIndex, { unique: true });
// In whichever tenant: for forgetting them.
hourlyVolumeSchema.index({ principalId: 1, _id: 1 });
hourlyVolumeSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type HourlyVolumeRow = InferSchemaType<typeof hourlyVolumeSchema> & { tenantId: string };
