// A service client: a program of a tenant's that acts for itself (OAuth 2.0 client credentials).
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import { countGrantChanges } from '../grants/counting.ts';
import type { PublicKey } from './public-keys.ts';

export const serviceClientSchema = new Schema(
  {
    _id: { type: String, default: () => newId('cli') },
    name: { type: String, required: true },
    /** SHA-256 of the secret, base64url. The secret has 256 random bits, so that no slow hash is called for. */
    secretHash: { type: String, default: null },
    /** The secret from before the last rotation, while it lives on. */
    previousSecret: {
      type: new Schema(
        { hash: { type: String, required: true }, endsAt: { type: Date, required: true } },
        { _id: false },
      ),
      default: null,
    },
    /** Instead of a secret: the public keys that verify what it signs (RFC 7523). */
    publicKeys: { type: [Schema.Types.Mixed], default: [] },
    roleIds: { type: [String], required: true },
    /** None for those of the installation. */
    createdBy: { type: String },
    createdAt: { type: Date, required: true },
  },
  { collection: 'serviceclients', versionKey: false },
);

// A name means one client in a tenant.
serviceClientSchema.index({ tenantId: 1, name: 1 }, { unique: true });
// Lists a tenant's clients, newest first.
serviceClientSchema.index({ tenantId: 1, createdAt: -1, _id: -1 });
// Finds the clients that hold a role.
serviceClientSchema.index({ tenantId: 1, roleIds: 1 });
// Finds what is about a person, in whichever tenant.
serviceClientSchema.index({ createdBy: 1 }, { sparse: true });

serviceClientSchema.plugin(countGrantChanges);

export type ServiceClientRow = Omit<InferSchemaType<typeof serviceClientSchema>, 'publicKeys'> & {
  tenantId: string;
  publicKeys: PublicKey[];
};
