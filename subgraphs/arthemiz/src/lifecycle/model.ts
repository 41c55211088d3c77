// What closes a tenant, as it stands in the tenant's own document: whoever reads one reads the other.
import { Schema } from 'mongoose';

const text = { type: String, required: true } as const;
const instant = { type: Date, required: true } as const;

export const suspensionSchema = new Schema({ reason: text, since: instant, by: text }, { _id: false });

export const deletionSchema = new Schema(
  {
    ...{ scheduledAt: instant, eraseAt: instant, by: text },
    begunAt: { type: Date, default: null },
    finishedAt: { type: Date, default: null },
  },
  { _id: false },
);
