// A passkey: the public half of a key pair whose private half never leaves the person's device or its keychain.
import { type InferSchemaType, Schema } from 'mongoose';

export const passkeySchema = new Schema(
  {
    /** The credential's id, as the authenticator chose it, in base64url. */
    _id: { type: String, required: true },
    personId: { type: String, required: true, immutable: true },
    /** What its person calls it. */
    name: { type: String, required: true },
    /** COSE key in base64url. */
    publicKey: { type: String, required: true, immutable: true },
    /** Signatures so far as the authenticator counts them; those that are kept in keychains stay at 0. */
    counter: { type: Number, required: true },
    /** How a browser reaches the authenticator, as the browser said. */
    transports: { type: [String], required: true },
    createdAt: { type: Date, required: true, immutable: true },
    lastUsedAt: { type: Date, default: null },
  },
  { collection: 'passkeys', versionKey: false },
);

// The passkeys of a person, in the order in which they were added.
passkeySchema.index({ personId: 1, createdAt: 1 });

export type PasskeyRow = InferSchemaType<typeof passkeySchema>;
