// A link by which a person confirms an address: a new one, which becomes theirs by it, or the one that they have.
import { type InferSchemaType, Schema } from 'mongoose';

export const emailChangeSchema = new Schema(
  {
    /** Digest of the link's secret. */
    _id: { type: String, required: true },
    personId: { type: String, required: true },
    /** Their address when they asked; once it is another one, the link works no more. */
    from: { type: String, required: true },
    /** To which the link was mailed, lower case. */
    to: { type: String, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'emailchanges', versionKey: false },
);

// Finds the links of a person: to count them, and to end all of them together.
emailChangeSchema.index({ personId: 1 });
// Counts the mails to an address, whoever asks for them.
emailChangeSchema.index({ to: 1 });
// Links that nobody followed go.
emailChangeSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type EmailChangeRow = InferSchemaType<typeof emailChangeSchema>;
