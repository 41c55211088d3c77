// What correlations count, kept as long as something that belongs to it may still arrive. With it a correlation's state is
// in the database alone: it survives a kill, and whichever copy hears of an event goes on from it.
import { type InferSchemaType, Schema } from 'mongoose';

/** Something that a correlation counts: an event that one of its rules matched, or what another one made of events. */
export interface CountedOccurrence {
  /** Which of the correlation's rules, by its place. */
  readonly rule: number;
  /** The event's id, or of what another correlation made. */
  readonly id: string;
  /** In milliseconds. */
  readonly at: number;
  readonly value: string | null;
  /** The events behind what another correlation made, each with its instant. Absent for an event. */
  readonly evidence?: readonly (readonly [id: string, at: number])[];
}

// A page is what one batch of events added to one group: one row, however many they were.
export const occurrencePageSchema = new Schema(
  {
    _id: { type: String, required: true },
    /** The rule's id and version, the correlation in it, and the values by which it groups. */
    group: { type: String, required: true, immutable: true },
    /** The instants of the first and the last, in milliseconds. */
    from: { type: Number, required: true, immutable: true },
    to: { type: Number, required: true, immutable: true },
    occurrences: { type: [Schema.Types.Mixed], required: true, immutable: true },
    expiresAt: { type: Date, required: true, immutable: true },
  },
  { collection: 'detection_occurrence_pages', versionKey: false },
);

// What a group has from some instant on, the latest first.
export const groupIndex = { tenantId: 1, group: 1, to: -1 } as const;
occurrencePageSchema.index(groupIndex);
// What nothing can belong to any more.
occurrencePageSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type OccurrencePageRow = Omit<InferSchemaType<typeof occurrencePageSchema>, 'occurrences'> & {
  readonly occurrences: readonly CountedOccurrence[];
};
