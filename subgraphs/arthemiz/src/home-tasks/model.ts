// Something that has to be done in the home region and follows from a change in the tenant's: noted with the change, so that
// it is done whatever becomes of the process. Nothing of it is kept once it is done.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';

export const homeTaskSchema = new Schema(
  {
    _id: { type: String, default: () => newId('tsk') },
    kind: { type: String, required: true },
    /** Of the kind's own shape (tasks.ts). */
    data: { type: Schema.Types.Mixed, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'hometasks', versionKey: false },
);

// Finds what was left undone, the oldest first.
homeTaskSchema.index({ createdAt: 1 });

export type HomeTaskRow = InferSchemaType<typeof homeTaskSchema> & { tenantId: string };
