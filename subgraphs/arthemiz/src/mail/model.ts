// A mail that a committed change decided on and nobody has taken yet.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';

export const mailSchema = new Schema(
  {
    _id: { type: String, default: () => newId('mai') },
    kind: { type: String, required: true },
    /** Address, subject and text, sealed: the links in it let people in. */
    sealed: { type: String, required: true },
    /** When it is tried next; while a copy tries it, when that copy is given up. */
    dueAt: { type: Date, required: true },
    attempts: { type: Number, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'mails', versionKey: false },
);

// Finds the one that is due next.
mailSchema.index({ dueAt: 1 });
// One that came too late is worth nothing; its link has expired.
mailSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type MailRow = InferSchemaType<typeof mailSchema>;
