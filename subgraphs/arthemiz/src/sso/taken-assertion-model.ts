// Assertions that were taken: each lets somebody in once, as long as it could.
import { Schema } from 'mongoose';

export const takenAssertionSchema = new Schema(
  {
    /** Digest of the connection's and the assertion's id. */
    _id: { type: String, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'takenassertions', versionKey: false },
);

// Nobody would take those that have expired.
takenAssertionSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
