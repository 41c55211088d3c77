// How long a subgraph keeps a tenant's records, as far as the tenant has said so. A model of tenants like any other: it
// lies in the tenant's region, moves with the tenant and is erased with it.
import mongoose, { type Connection, type InferSchemaType } from 'mongoose';
import { tenantOwned } from '../models.ts';

function retentionSchema() {
  const schema = new mongoose.Schema(
    {
      /** Null: as long as the subgraph keeps them by itself. */
      days: { type: Number, default: null },
      /** When the tenant said so: what was said before and arrives later counts no more. */
      changedAt: { type: Date, required: true },
      /** When what is stored is to be looked at next; absent when nothing is left to do. */
      dueAt: { type: Date },
      /** Where looking goes on: the model, and the last document that was looked at. */
      atModel: { type: String, default: null },
      after: { type: String, default: null },
      /** When looking began. */
      begunAt: { type: Date, default: null },
    },
    { collection: 'retentions', versionKey: false },
  );
  // Finds what is due.
  schema.index({ dueAt: 1 }, { sparse: true });
  return schema;
}

export type RetentionRow = InferSchemaType<ReturnType<typeof retentionSchema>> & { _id: string };

const modelName = 'ChassisRetention';

/** Made anew for each service: a schema belongs to one connection's models. */
export function retentionModels() {
  return { [modelName]: tenantOwned(retentionSchema(), { path: '_id' }) };
}

export function retentions(connection: Connection): mongoose.Model<RetentionRow> {
  return connection.model<RetentionRow>(modelName);
}
