// Whose turn it is to look through a tenant's events.
import { Schema } from 'mongoose';

export const detectionTurnSchema = new Schema(
  {
    /** The tenant's. */
    _id: { type: String, required: true },
    /** How many batches there were. */
    turns: { type: Number, required: true },
  },
  { collection: 'detection_turns', versionKey: false },
);
