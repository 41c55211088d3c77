// A person's recovery codes that are left: each lets them in once where their second factor is lost.
import { Schema } from 'mongoose';

export const recoveryCodesSchema = new Schema(
  {
    /** The person's id. */
    _id: { type: String, required: true },
    /** Keyed digests: the codes themselves are shown once and kept nowhere. */
    digests: { type: [String], required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'recoverycodes', versionKey: false },
);
