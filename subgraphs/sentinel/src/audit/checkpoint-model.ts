// A signed checkpoint of a tenant's trail. Whoever keeps one elsewhere can tell later whether the trail is still the same.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';

const fixed = { required: true, immutable: true } as const;

export const auditCheckpointSchema = new Schema(
  {
    _id: { type: String, default: () => newId('acp') },
    /** How many records the trail had. */
    size: { type: Number, ...fixed },
    /** Of the last of them. */
    hash: { type: String, ...fixed },
    signedAt: { type: Date, ...fixed },
    note: { type: String, ...fixed },
    verifierKey: { type: String, ...fixed },
  },
  { collection: 'audit_checkpoints', versionKey: false },
);

// A trail's length is signed once; and its checkpoints in their order.
auditCheckpointSchema.index({ tenantId: 1, size: 1 }, { unique: true });
auditCheckpointSchema.index({ tenantId: 1, signedAt: -1, _id: -1 });

export type AuditCheckpointRow = InferSchemaType<typeof auditCheckpointSchema> & { tenantId: string };
