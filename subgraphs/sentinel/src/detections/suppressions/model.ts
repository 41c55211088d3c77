// What a tenant doesn't want to be told of a rule, and for how long. What is kept from being found is counted here and listed.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';

const matchSchema = new Schema(
  { field: { type: String, required: true }, value: { type: String, required: true } },
  { _id: false },
);

export const suppressionSchema = new Schema(
  {
    _id: { type: String, default: () => newId('sup') },
    ruleId: { type: String, required: true, immutable: true },
    /** All have to be met, by each of a hit's events or by what it is about. */
    matches: { type: [matchSchema], required: true, immutable: true },
    reason: { type: String, required: true, immutable: true },
    createdBy: { type: String, default: null, immutable: true },
    createdAt: { type: Date, required: true, immutable: true },
    /** When it ends; null for never. */
    until: { type: Date, default: null },
    hitCount: { type: Number, default: 0 },
    lastHitAt: { type: Date, default: null },
  },
  { collection: 'suppressions', versionKey: false },
);

// Those of a rule.
suppressionSchema.index({ tenantId: 1, ruleId: 1, _id: 1 });

export type SuppressionRow = InferSchemaType<typeof suppressionSchema> & { tenantId: string };

/** An event that was evidence of something that was suppressed: one row an event, so that nothing is counted twice. */
export const suppressedSchema = new Schema(
  {
    suppressionId: { type: String, required: true, immutable: true },
    securityEventId: { type: String, required: true, immutable: true },
    occurredAt: { type: Date, required: true, immutable: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'suppressed_events', versionKey: false },
);

suppressedSchema.index({ tenantId: 1, suppressionId: 1, securityEventId: 1 }, { unique: true });
// The latest first.
suppressedSchema.index({ tenantId: 1, suppressionId: 1, occurredAt: -1 });
suppressedSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type SuppressedRow = InferSchemaType<typeof suppressedSchema> & { tenantId: string };
