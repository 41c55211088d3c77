// Since when a tenant is watched: what happened before is not known here, so nothing may be concluded from its absence.
import { type InferSchemaType, Schema } from 'mongoose';

export const baselineSchema = new Schema(
  { watchedSince: { type: Date, required: true, immutable: true } },
  { collection: 'baselines', versionKey: false },
);

// A tenant has one.
baselineSchema.index({ tenantId: 1 }, { unique: true });

export type BaselineRow = InferSchemaType<typeof baselineSchema> & { tenantId: string };
