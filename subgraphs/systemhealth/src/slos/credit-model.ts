// A credit that was granted to a tenant for a month: one a month, whoever grants it.
import { type InferSchemaType, Schema } from 'mongoose';

export const slaCreditSchema = new Schema(
  {
    /** The tenant's id and the month. */
    _id: { type: String, required: true },
    month: { type: String, required: true },
    uptime: { type: Number, required: true },
    /** 0 where the promise was kept: then nothing was told. */
    creditBasisPoints: { type: Number, required: true },
    grantedAt: { type: Date, required: true },
  },
  { collection: 'sla_credits', versionKey: false },
);

export type SlaCreditRow = InferSchemaType<typeof slaCreditSchema> & { tenantId: string };
