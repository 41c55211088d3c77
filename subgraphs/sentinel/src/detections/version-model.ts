// The texts that a tenant's own rule has had, and the parameters of detectors: what was found is explained by those of then.
import { type InferSchemaType, Schema } from 'mongoose';

export const ruleVersionSchema = new Schema(
  {
    ruleId: { type: String, required: true, immutable: true },
    version: { type: Number, required: true, immutable: true },
    sigma: { type: String, required: true, immutable: true },
    /** Of a detector: its own version then. */
    detectorVersion: { type: Number, default: null, immutable: true },
    createdAt: { type: Date, required: true, immutable: true },
    createdBy: { type: String, default: null, immutable: true },
  },
  { collection: 'detection_rule_versions', versionKey: false },
);

// Each once, in order.
ruleVersionSchema.index({ tenantId: 1, ruleId: 1, version: 1 }, { unique: true });

export type RuleVersionRow = InferSchemaType<typeof ruleVersionSchema> & { tenantId: string };
