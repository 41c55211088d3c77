// Whom and what a tenant blocks, and never blocks, as sentinel tells it to everybody who lets people in.
import { Schema } from 'mongoose';

export const accessRuleSchema = new Schema(
  {
    /** Sentinel's id of it. */
    _id: { type: String, required: true },
    effect: { type: String, enum: ['BLOCK', 'ALLOW'], required: true },
    kind: { type: String, enum: ['PERSON', 'CLIENT', 'NETWORK'], required: true },
    /** The person's or program's id, or the network. */
    value: { type: String, required: true },
    /** False once it was taken back, which may be heard before the rule itself. */
    isActive: { type: Boolean, required: true },
    /** When it ends by itself; of one that was taken back, when nobody speaks of it any more. Null for never. */
    until: { type: Date, default: null },
  },
  { collection: 'accessrules', versionKey: false },
);

// Those of a tenant about somebody or something.
accessRuleSchema.index({ tenantId: 1, isActive: 1, kind: 1, value: 1 });
// What is over.
accessRuleSchema.index({ until: 1 }, { expireAfterSeconds: 0 });
