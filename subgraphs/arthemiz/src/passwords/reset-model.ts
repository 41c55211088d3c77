// A link by which somebody who has forgotten their password chooses a new one.
import { type InferSchemaType, Schema } from 'mongoose';

export const passwordResetSchema = new Schema(
  {
    /** Digest of the link's secret. */
    _id: { type: String, required: true },
    personId: { type: String, required: true },
    /** To which the link was mailed: it works while this is the person's address. */
    email: { type: String, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'passwordresets', versionKey: false },
);

// Finds the links of a person: to count them, and to end all of them together.
passwordResetSchema.index({ personId: 1 });
// Links that nobody followed go.
passwordResetSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type PasswordResetRow = InferSchemaType<typeof passwordResetSchema>;
