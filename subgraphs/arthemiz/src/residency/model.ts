// Where operators last asked a tenant's data to be, and how far the subgraphs are with it.
import { type InferSchemaType, Schema } from 'mongoose';
import { type MovePart, moveStatuses, partStatuses } from './rules.ts';

const text = { type: String, required: true } as const;

export const tenantMoveSchema = new Schema(
  {
    /** The tenant's id: it has one move at a time, and the last one is kept. */
    _id: text,
    /** Numbers the tenant's moves; subgraphs repeat it in their answers. */
    sequence: { type: Number, required: true },
    from: text,
    to: text,
    status: { type: String, enum: moveStatuses, required: true },
    parts: {
      type: [
        new Schema(
          {
            subgraph: text,
            status: { type: String, enum: partStatuses, required: true },
            error: { type: String, default: null },
          },
          { _id: false },
        ),
      ],
      required: true,
    },
    /** When the subgraphs were last asked. */
    askedAt: { type: Date, required: true },
    startedAt: { type: Date, required: true },
    finishedAt: { type: Date, default: null },
  },
  { collection: 'tenant_moves', versionKey: false },
);

// Finds those whose subgraphs are to be asked again.
tenantMoveSchema.index({ status: 1, askedAt: 1 });

export type TenantMoveRow = Omit<InferSchemaType<typeof tenantMoveSchema>, 'parts'> & {
  parts: readonly MovePart[];
};
