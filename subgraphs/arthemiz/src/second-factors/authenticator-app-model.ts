// A person's authenticator app: the secret that it shares with us (RFC 6238).
import { Schema } from 'mongoose';

export const authenticatorAppSchema = new Schema(
  {
    /** The person's id: everybody has one app at most. */
    _id: { type: String, required: true },
    /** Encrypted with KEY_ENCRYPTION_KEY and bound to the person. */
    sealedSecret: { type: String, required: true },
    /** Time step of the latest code that was taken: neither it nor an earlier one is taken again. */
    lastStep: { type: Number, required: true },
    createdAt: { type: Date, required: true, immutable: true },
  },
  { collection: 'authenticatorapps', versionKey: false },
);
