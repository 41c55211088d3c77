// The audit trail: who did what with which privileges, in a chain of hashes for each tenant. Records are added and never
// changed; they stay as long as the tenant does.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';

const fixed = { required: true, immutable: true } as const;

export const auditRecordSchema = new Schema(
  {
    _id: { type: String, default: () => newId('aud') },
    sequence: { type: Number, ...fixed },
    occurredAt: { type: Date, ...fixed },
    recordedAt: { type: Date, ...fixed },
    action: { type: String, ...fixed },
    eventId: { type: String, ...fixed },
    actorId: { type: String, default: null, immutable: true },
    subjectId: { type: String, default: null, immutable: true },
    details: { type: Schema.Types.Mixed, ...fixed },
    hash: { type: String, ...fixed },
  },
  { collection: 'audit_records', versionKey: false, minimize: false },
);

// One place in the chain is taken once; and the trail in its order.
auditRecordSchema.index({ tenantId: 1, sequence: 1 }, { unique: true });
// A tenant's trail, newest first; what one person did; what was done to somebody or something; one kind of action.
auditRecordSchema.index({ tenantId: 1, occurredAt: -1, _id: -1 });
auditRecordSchema.index({ tenantId: 1, actorId: 1, occurredAt: -1, _id: -1 });
auditRecordSchema.index({ tenantId: 1, subjectId: 1, occurredAt: -1, _id: -1 });
auditRecordSchema.index({ tenantId: 1, action: 1, occurredAt: -1, _id: -1 });
// All that is about one person, in whichever tenant.
auditRecordSchema.index({ actorId: 1, _id: 1 });
auditRecordSchema.index({ subjectId: 1, _id: 1 });

export type AuditRecordRow = InferSchemaType<typeof auditRecordSchema> & { tenantId: string };
