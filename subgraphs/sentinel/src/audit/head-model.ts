// How far a tenant's chain has come. Whoever adds to it changes this first, so that two can't take one place.
import { Schema } from 'mongoose';

export const auditHeadSchema = new Schema(
  {
    /** The tenant. */
    _id: { type: String, required: true },
    sequence: { type: Number, required: true },
    hash: { type: String },
    /** When the first record came that no checkpoint is about; null where there is none. */
    unsignedSince: { type: Date, default: null },
  },
  { collection: 'audit_heads', versionKey: false },
);

// Whose latest records are to be signed.
auditHeadSchema.index({ unsignedSince: 1 });
