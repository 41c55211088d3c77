// The tenants that this subgraph has heard of, so that a part added to the platform is watched for all of
// them, and when the alerts of each are evaluated next.
import { type InferSchemaType, Schema } from 'mongoose';

export const knownTenantSchema = new Schema(
  {
    _id: { type: String, required: true },
    knownSince: { type: Date, required: true },
    /** When its alerts are evaluated next; null while nothing changes by time alone. */
    evaluateAt: { type: Date, default: null },
    /** When the series are read next that its rules are about; null where none is. */
    readSeriesAt: { type: Date, default: null },
    /** Counts evaluations: whoever evaluates writes here first, so that two never do at once. */
    evaluations: { type: Number, default: 0 },
  },
  { collection: 'known_tenants', versionKey: false },
);

// Whose alerts are to be evaluated.
knownTenantSchema.index({ evaluateAt: 1 });

export type KnownTenantRow = InferSchemaType<typeof knownTenantSchema>;
