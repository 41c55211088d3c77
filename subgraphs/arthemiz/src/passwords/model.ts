// A person's password, kept apart from the person so that no list of people ever loads a hash.
import { type InferSchemaType, Schema } from 'mongoose';

export const passwordSchema = new Schema(
  {
    /** The person's id. */
    _id: { type: String, required: true },
    /** PHC string with its algorithm, parameters and salt. */
    hash: { type: String, required: true },
    changedAt: { type: Date, required: true },
  },
  { collection: 'passwords', versionKey: false },
);

export type PasswordRow = InferSchemaType<typeof passwordSchema>;
