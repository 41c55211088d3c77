// Alerts are quiet while another one fires that explains them.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import { matcherSchema } from './model.ts';

export const inhibitionSchema = new Schema(
  {
    _id: { type: String, default: () => newId('inh') },
    sourceMatchers: { type: [matcherSchema], required: true },
    targetMatchers: { type: [matcherSchema], required: true },
    equalLabels: { type: [{ type: String, required: true }], required: true },
  },
  { collection: 'inhibitions', versionKey: false },
);

// A tenant's inhibitions in the order of their making.
inhibitionSchema.index({ tenantId: 1, _id: 1 });

export type InhibitionRow = InferSchemaType<typeof inhibitionSchema> & { tenantId: string };
