// How far the erasure of a deleted tenant's data is. It outlives the tenant: nobody can say later what was done otherwise.
import { type InferSchemaType, Schema } from 'mongoose';

const text = { type: String, required: true } as const;
const count = { type: Number, required: true } as const;

export const erasureSchema = new Schema(
  {
    /** The tenant's id. */
    _id: text,
    parts: {
      type: [
        new Schema(
          {
            ...{ subgraph: text, erased: count, batch: count, failures: count },
            isDone: { type: Boolean, required: true },
            error: { type: String, default: null },
          },
          { _id: false },
        ),
      ],
      required: true,
    },
    dueAt: { type: Date, default: null },
  },
  { collection: 'tenant_erasures', versionKey: false },
);

// Finds what is due.
erasureSchema.index({ dueAt: 1 }, { partialFilterExpression: { dueAt: { $type: 'date' } } });

export type ErasureRow = InferSchemaType<typeof erasureSchema>;
