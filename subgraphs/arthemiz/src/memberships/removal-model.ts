// Whom others removed from a tenant: the tenant's identity provider alone does not bring them back.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';

export const removedMemberSchema = new Schema(
  {
    _id: { type: String, default: () => newId('rmv') },
    personId: { type: String, required: true },
    /** Keyed digest of their address: whoever deletes their account must not come back as somebody new. */
    addressDigest: { type: String, default: null },
    /** As they were called then, for those who look at the list. */
    email: { type: String, default: null },
    displayName: { type: String, default: null },
    removedBy: { type: String, required: true },
    removedAt: { type: Date, required: true },
  },
  { collection: 'removedmembers', versionKey: false },
);

// Somebody is removed once; also finds them.
removedMemberSchema.index({ tenantId: 1, personId: 1 }, { unique: true });
// Finds who has the address.
removedMemberSchema.index({ tenantId: 1, addressDigest: 1 });
// Lists a tenant's, the latest first.
removedMemberSchema.index({ tenantId: 1, removedAt: -1, _id: -1 });
// Finds what is about a person, in whichever tenant.
removedMemberSchema.index({ personId: 1 });

export type RemovedMemberRow = InferSchemaType<typeof removedMemberSchema> & { tenantId: string };
