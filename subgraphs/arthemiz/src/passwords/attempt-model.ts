// Failed sign-ins of one account or one address: what slows down guessing, restarts included.
import { Schema } from 'mongoose';

export const attemptSchema = new Schema(
  {
    /** `account:`, `address:` or `app-code:` and a digest; accounts that don't exist are counted the same way. */
    _id: { type: String, required: true },
    failures: { type: Number, required: true },
    blockedUntil: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'signinattempts', versionKey: false },
);

// Old failures are forgotten.
attemptSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
