// What is done by itself when something is found.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import { severities } from '../findings/rules.ts';
import { responseKinds, responseModes, targetKinds } from './rules.ts';

export const responsePolicySchema = new Schema(
  {
    _id: { type: String, default: () => newId('rpo') },
    name: { type: String, required: true },
    kind: { type: String, enum: responseKinds, required: true },
    targetKinds: { type: [{ type: String, enum: targetKinds }], required: true },
    minimumSeverity: { type: String, enum: severities, required: true },
    /** None: all rules. */
    ruleIds: { type: [String], required: true },
    mode: { type: String, enum: responseModes, required: true },
    minutes: { type: Number, default: null },
    isEnabled: { type: Boolean, required: true },
    createdAt: { type: Date, required: true, immutable: true },
    changedBy: { type: String, required: true },
    changedAt: { type: Date, required: true },
  },
  { collection: 'response_policies', versionKey: false },
);

// A tenant's, oldest first.
responsePolicySchema.index({ tenantId: 1, _id: 1 });

export type ResponsePolicyRow = InferSchemaType<typeof responsePolicySchema> & { tenantId: string };
