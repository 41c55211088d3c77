// What an authenticator is asked to sign: random, for one page, and worth nothing once it came back.
import { Schema } from 'mongoose';

export const passkeyChallengeSchema = new Schema(
  {
    /** The challenge in base64url. It is no secret. */
    _id: { type: String, required: true },
    /** Digest of what it was made for: a sign-in, or a person's change of their account. */
    purpose: { type: String, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'passkeychallenges', versionKey: false },
);

// Those that never came back go.
passkeyChallengeSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
