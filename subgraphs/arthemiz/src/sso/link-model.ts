// Whom of a connection's people is which person here. By the provider's own id, because addresses are given to others.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';

export const identityLinkSchema = new Schema(
  {
    _id: { type: String, default: () => newId('lnk') },
    connectionId: { type: String, required: true, immutable: true },
    /** As the provider names them: `sub`, or a NameID that lasts. */
    subject: { type: String, required: true, immutable: true },
    personId: { type: String, required: true, immutable: true },
    /** The roles that they hold by the groups that the provider said last, and by nothing else. */
    givenRoleIds: { type: [String], required: true },
    createdAt: { type: Date, required: true },
    lastUsedAt: { type: Date, required: true },
  },
  { collection: 'identitylinks', versionKey: false },
);

// Somebody of a connection is one person here.
identityLinkSchema.index({ tenantId: 1, connectionId: 1, subject: 1 }, { unique: true });
// A person is one of a connection's people, so that a name that was given anew opens nobody's account.
identityLinkSchema.index({ tenantId: 1, connectionId: 1, personId: 1 }, { unique: true });
// Shows a person all of theirs.
identityLinkSchema.index({ personId: 1 });

export type IdentityLinkRow = InferSchemaType<typeof identityLinkSchema> & { tenantId: string };
