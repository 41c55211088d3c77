// An e-mail domain that a tenant says is its own. Verified, it leads those who sign in with its addresses to the tenant's
// identity provider.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';

export const domainSchema = new Schema(
  {
    _id: { type: String, default: () => newId('dom') },
    /** Lower case, as DNS writes it. */
    name: { type: String, required: true, immutable: true },
    /** What the tenant's DNS has to say. It is no secret: it proves something in that place alone. */
    challenge: { type: String, required: true, immutable: true },
    isVerified: { type: Boolean, required: true },
    verifiedAt: { type: Date, default: null },
    /** The connection that its addresses sign in by; null where they do so like any others. */
    connectionId: { type: String, default: null },
    createdAt: { type: Date, required: true },
  },
  { collection: 'domains', versionKey: false },
);

// A tenant names a domain once; also lists a tenant's domains by name.
domainSchema.index({ tenantId: 1, name: 1 }, { unique: true });

/** Whose a verified domain is: found before a tenant is known, and one tenant's by its id. */
export const domainOwnerSchema = new Schema(
  {
    /** The domain's name. */
    _id: { type: String, required: true },
    ownerId: { type: String, required: true },
    domainId: { type: String, required: true },
  },
  { collection: 'domainowners', versionKey: false },
);

export type DomainRow = InferSchemaType<typeof domainSchema> & { tenantId: string };
