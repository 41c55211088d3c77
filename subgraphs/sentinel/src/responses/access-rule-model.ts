// What gateways know: who and what is blocked, and who and what never is. There is no more than what holds.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import { targetKinds } from './rules.ts';

export const accessRuleSchema = new Schema(
  {
    _id: { type: String, default: () => newId('acr') },
    effect: { type: String, enum: ['BLOCK', 'ALLOW'], required: true, immutable: true },
    kind: { type: String, enum: targetKinds, required: true, immutable: true },
    value: { type: String, required: true, immutable: true },
    /** Why somebody is allowed; of a block its response says it. */
    reason: { type: String, default: null },
    /** When it ends by itself; null for never. */
    until: { type: Date, default: null },
    createdBy: { type: String, default: null },
    createdAt: { type: Date, required: true, immutable: true },
  },
  { collection: 'access_rules', versionKey: false },
);

// One says the same of the same.
accessRuleSchema.index({ tenantId: 1, effect: 1, kind: 1, value: 1 }, { unique: true });
// What has ended by itself.
accessRuleSchema.index({ until: 1 }, { expireAfterSeconds: 0 });

export type AccessRuleRow = InferSchemaType<typeof accessRuleSchema> & { tenantId: string };

/** Whoever changes who is blocked, and who never is, takes its turn here: each decides by what the one before did. */
export const responseTurnSchema = new Schema(
  { _id: { type: String, required: true }, turns: { type: Number, default: 0 } },
  { collection: 'response_turns', versionKey: false },
);
