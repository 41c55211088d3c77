// A tenant's export: who asked for it, and how far the subgraphs are. What they wrote lies with each of them.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import type { ExportPart } from './rules.ts';

const text = { type: String, required: true } as const;
const count = { type: Number, required: true } as const;

export const tenantExportSchema = new Schema(
  {
    _id: { type: String, default: () => newId('exp') },
    requestedBy: { ...text, immutable: true },
    parts: {
      type: [
        new Schema(
          {
            ...{ subgraph: text, documents: count, batch: count, failures: count },
            isDone: { type: Boolean, required: true },
            error: { type: String, default: null },
          },
          { _id: false },
        ),
      ],
      required: true,
    },
    /** When a subgraph is asked, for the first time or again; null when all is written. */
    dueAt: { type: Date, default: null },
    createdAt: { type: Date, required: true, immutable: true },
    finishedAt: { type: Date, default: null },
    expiresAt: { type: Date, required: true, immutable: true },
  },
  { collection: 'tenant_exports', versionKey: false },
);

// A tenant has one at a time.
tenantExportSchema.index({ tenantId: 1 }, { unique: true });
// Finds what is due.
tenantExportSchema.index({ dueAt: 1 }, { partialFilterExpression: { dueAt: { $type: 'date' } } });
// Forgets what has expired.
tenantExportSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

type Part = Omit<ExportPart, 'error'> & { error?: string | null };
export type TenantExportRow = Omit<InferSchemaType<typeof tenantExportSchema>, 'parts'> & {
  tenantId: string;
  parts: readonly Part[];
};

/** A part, and of which export. */
export type TenantExportPartParent = Part & { exportId: string };
