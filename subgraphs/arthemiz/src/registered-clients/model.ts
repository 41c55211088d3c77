// A registered client: an application of a third party's that members of one tenant sign in to (RFC 7591).
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import type { PublicKey } from '../clients/public-keys.ts';

export const applicationTypes = ['web', 'native'] as const;
export const authenticationMethods = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'none',
] as const;

/** What the ids of registered clients begin with, so that no others are looked for. */
export const idPrefix = 'app';

export const registeredClientSchema = new Schema(
  {
    _id: { type: String, default: () => newId(idPrefix) },
    name: { type: String, required: true },
    redirectUris: { type: [String], required: true },
    applicationType: { type: String, enum: applicationTypes, required: true },
    authenticationMethod: { type: String, enum: authenticationMethods, required: true },
    grantTypes: { type: [String], required: true },
    /** What it may ask for, as OAuth writes it. */
    scope: { type: String, required: true },
    /** Where it hears that a session has ended in which it got tokens. */
    backchannelLogoutUri: { type: String, default: null },
    /** SHA-256 of its secret, as a service client's; none for one that has keys, or nothing that it could keep. */
    secretHash: { type: String, default: null },
    publicKeys: { type: [Schema.Types.Mixed], default: [] },
    /** SHA-256 of the token that reads, changes and removes it (RFC 7592). */
    registrationTokenHash: { type: String, required: true },
    /** A person, a service client or an API key. */
    createdBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'registeredclients', versionKey: false },
);

// Lists a tenant's clients, newest first.
registeredClientSchema.index({ tenantId: 1, createdAt: -1, _id: -1 });
// Finds what is about a person, in whichever tenant.
registeredClientSchema.index({ createdBy: 1 }, { sparse: true });

export type RegisteredClientRow = Omit<
  InferSchemaType<typeof registeredClientSchema>,
  'publicKeys' | 'redirectUris' | 'grantTypes'
> & {
  tenantId: string;
  redirectUris: string[];
  grantTypes: string[];
  publicKeys: PublicKey[];
};
