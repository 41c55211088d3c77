// Something that nobody has a reason to touch: a decoy account or program, or a field that is there to be asked for.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';

export const canaryKinds = ['PERSON', 'CLIENT', 'FIELD'] as const;

export const canarySchema = new Schema(
  {
    _id: { type: String, default: () => newId('can') },
    name: { type: String, required: true },
    kind: { type: String, enum: canaryKinds, required: true, immutable: true },
    value: { type: String, required: true, immutable: true },
    createdBy: { type: String, default: null },
    createdAt: { type: Date, required: true, immutable: true },
  },
  { collection: 'canaries', versionKey: false },
);

// One watches over each.
canarySchema.index({ tenantId: 1, kind: 1, value: 1 }, { unique: true });

export type CanaryRow = InferSchemaType<typeof canarySchema> & { tenantId: string };
