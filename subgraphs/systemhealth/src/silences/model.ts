// A silence: alerts with certain labels are quiet for a while.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';

export const matcherSchema = new Schema(
  {
    name: { type: String, required: true },
    // Not `required`, which refuses an empty text.
    value: { type: String, default: '' },
    isEqual: { type: Boolean, required: true },
  },
  { _id: false },
);

export const silenceSchema = new Schema(
  {
    _id: { type: String, default: () => newId('sil') },
    matchers: { type: [matcherSchema], required: true },
    startsAt: { type: Date, required: true },
    endsAt: { type: Date, required: true },
    comment: { type: String, required: true },
    createdBy: { type: String, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'silences', versionKey: false },
);

// A tenant's silences, newest first.
silenceSchema.index({ tenantId: 1, _id: -1 });
// Retention.
silenceSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type SilenceRow = InferSchemaType<typeof silenceSchema> & { tenantId: string };
