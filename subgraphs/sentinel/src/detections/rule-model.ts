// A tenant's own rules, and which of everybody's it has disabled.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import type { Tuned } from './parameters.ts';

const exampleSchema = new Schema(
  {
    name: { type: String, required: true },
    events: { type: [Schema.Types.Mixed], required: true },
    isFound: { type: Boolean, required: true },
  },
  { _id: false },
);

export const detectionRuleSchema = new Schema(
  {
    _id: { type: String, default: () => newId('rul') },
    /** The id of the rule of everybody's that this is about; null for one of the tenant's own. */
    builtInId: { type: String, default: null, immutable: true },
    /** Null for one of everybody's. */
    sigma: { type: String, default: null },
    examples: { type: [exampleSchema], default: [] },
    version: { type: Number, default: 1 },
    /** What the tenant says of a detector's parameters, by name, and how often it has said something else of them. */
    parameters: { type: Schema.Types.Mixed, default: null },
    tunings: { type: Number, default: 0 },
    isEnabled: { type: Boolean, required: true },
    createdAt: { type: Date, required: true, immutable: true },
    changedAt: { type: Date, required: true },
  },
  { collection: 'detection_rules', versionKey: false },
);

// A tenant says one thing about a rule of everybody's.
detectionRuleSchema.index(
  { tenantId: 1, builtInId: 1 },
  { unique: true, partialFilterExpression: { builtInId: { $type: 'string' } } },
);

export type DetectionRuleRow = Omit<InferSchemaType<typeof detectionRuleSchema>, 'parameters'> & {
  tenantId: string;
  parameters?: Tuned | null;
};
