// What is not among a tenant's security events although it happened, as far as that is known: one row an hour, source and
// reason.
import { type InferSchemaType, Schema } from 'mongoose';

export const gapReasons = ['OVERFLOW', 'SAMPLED', 'LATE', 'SET_ASIDE'] as const;
export type GapReason = (typeof gapReasons)[number];

export const eventGapSchema = new Schema(
  {
    /** Made of the tenant, hour, source and reason. */
    _id: { type: String, required: true },
    source: { type: String, required: true, immutable: true },
    reason: { type: String, enum: gapReasons, required: true, immutable: true },
    /** The hour in which it became known, as hours since 1970. */
    hour: { type: Number, required: true, immutable: true },
    from: { type: Date, required: true },
    until: { type: Date, required: true },
    count: { type: Number, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'event_gaps', versionKey: false },
);

// A tenant's gaps, the latest first.
eventGapSchema.index({ tenantId: 1, until: -1, _id: -1 });
// Retention.
eventGapSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type EventGapRow = InferSchemaType<typeof eventGapSchema> & { tenantId: string };
