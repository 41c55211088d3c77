// The events that findings are made of, one row each, so that a finding of many events stays small.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';

export const evidenceSchema = new Schema(
  {
    _id: { type: String, default: () => newId('evd') },
    /** Changes when findings turn out to be one. */
    findingId: { type: String, required: true },
    securityEventId: { type: String, required: true, immutable: true },
    occurredAt: { type: Date, required: true, immutable: true },
    /** With the finding's. */
    expiresAt: { type: Date, required: true },
  },
  { collection: 'finding_evidence', versionKey: false },
);

// An event is evidence of a finding once.
export const listedIndex = { tenantId: 1, findingId: 1, securityEventId: 1 } as const;
evidenceSchema.index(listedIndex, { unique: true });
// A finding's events in their order.
evidenceSchema.index({ tenantId: 1, findingId: 1, occurredAt: 1, _id: 1 });
// Retention.
evidenceSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type EvidenceRow = InferSchemaType<typeof evidenceSchema> & { tenantId: string };
