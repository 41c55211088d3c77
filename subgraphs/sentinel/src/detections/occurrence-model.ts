// What correlations count, kept as long as something that belongs to it may still arrive. With it a correlation's state is
// in the database alone: it survives a kill, and whichever copy hears of an event goes on from it.
import { type InferSchemaType, Schema } from 'mongoose';

export const occurrenceSchema = new Schema(
  {
    /** The rule's id and version, the correlation in it, and the values by which it groups. */
    group: { type: String, required: true, immutable: true },
    /** Which of the correlation's rules, by its place. */
    rule: { type: Number, required: true, immutable: true },
    /** The event's id, or of what another correlation made of events. */
    happeningId: { type: String, required: true, immutable: true },
    at: { type: Number, required: true, immutable: true },
    value: { type: String, default: null, immutable: true },
    /** The events behind it, each with its instant. One, but for what another correlation made. */
    evidence: {
      type: [
        new Schema(
          { id: { type: String, required: true }, at: { type: Number, required: true } },
          { _id: false },
        ),
      ],
      required: true,
    },
    expiresAt: { type: Date, required: true, immutable: true },
  },
  { collection: 'detection_occurrences', versionKey: false },
);

// Each happens once; and a group's, in order of time.
occurrenceSchema.index({ tenantId: 1, group: 1, rule: 1, happeningId: 1 }, { unique: true });
occurrenceSchema.index({ tenantId: 1, group: 1, at: 1 });
// What nothing can belong to any more.
occurrenceSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type OccurrenceRow = InferSchemaType<typeof occurrenceSchema> & { tenantId: string };

export const groupSchema = new Schema(
  {
    /** Whose it is, and the group. */
    _id: { type: String, required: true },
    turns: { type: Number, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'detection_groups', versionKey: false },
);

groupSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
