// How often something of a tenant's was changed by those who take turns: whoever changes counts here first, so that the next
// one waits for the end of their transaction. Of a tenant who lives at home it stands with the tenant itself.
import { type InferSchemaType, Schema } from 'mongoose';

export const tenantTurnsSchema = new Schema(
  {
    _id: { type: String, required: true },
    grantChanges: { type: Number, default: 0 },
    /** Since when changes of grants are not counted at home. None: all are. */
    uncountedSince: { type: Date, default: undefined },
    invitationsMade: { type: Number, default: 0 },
    clientRegistrations: { type: Number, default: 0 },
    domainsNamed: { type: Number, default: 0 },
    exportsMade: { type: Number, default: 0 },
  },
  { collection: 'tenantturns', versionKey: false },
);

// Finds those whose changes a process that died did not count.
tenantTurnsSchema.index({ uncountedSince: 1 }, { sparse: true });

export type TenantTurnsRow = InferSchemaType<typeof tenantTurnsSchema>;
