// An invitation: whoever reads mails at the address may become a member of the tenant with these roles.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import { keptAfterExpirySeconds } from './rules.ts';

export const invitationSchema = new Schema(
  {
    _id: { type: String, default: () => newId('inv') },
    /** Lower case. */
    email: { type: String, required: true },
    roleIds: { type: [String], required: true },
    /** Of the link's secret. */
    linkDigest: { type: String, required: true },
    /** A person or a service client. */
    invitedBy: { type: String, required: true },
    /** Neither accepted nor revoked. It may have expired. */
    isOpen: { type: Boolean, required: true },
    acceptedBy: { type: String, default: null },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'invitations', versionKey: false },
);

// Finds an address's invitations: the open one, of which inviting.ts lets there be one, and those of the last day.
invitationSchema.index({ tenantId: 1, email: 1 });
// Lists a tenant's invitations, newest first.
invitationSchema.index({ tenantId: 1, createdAt: -1, _id: -1 });
// Finds the invitation that a link is of.
invitationSchema.index({ linkDigest: 1 }, { unique: true });
// Finds a person's, in whichever tenant: those that they accepted, and those of their address.
invitationSchema.index({ acceptedBy: 1 }, { sparse: true });
invitationSchema.index({ email: 1 });
// After a while nobody asks who was invited.
invitationSchema.index({ expiresAt: 1 }, { expireAfterSeconds: keptAfterExpirySeconds });

export type InvitationRow = InferSchemaType<typeof invitationSchema> & { tenantId: string };
