// What a subgraph has exported of a tenant, piece by piece, until it expires. A model of tenants like any other: it lies
// in the tenant's region, moves with the tenant and is erased with it.
import mongoose, { type Connection, type InferSchemaType } from 'mongoose';
import { tenantOwned } from '../models.ts';

const text = { type: String, required: true, immutable: true } as const;
const count = { type: Number, required: true, immutable: true } as const;

const placeSchema = new mongoose.Schema(
  {
    source: { type: String, required: true },
    /** Whatever the source goes on by. */
    after: { type: mongoose.Schema.Types.Mixed, default: null },
  },
  { _id: false },
);

function chunkSchema() {
  const schema = new mongoose.Schema(
    {
      /** Export and batch, so that a batch that is asked for twice is written once. */
      _id: text,
      exportId: text,
      batch: count,
      /** Documents in it and in all before it. */
      documents: count,
      /** A gzip member (RFC 1952, 2.2): one after the other they are one file. */
      bytes: { type: Buffer, required: true, immutable: true },
      /** Where the next one begins; null in the last one. */
      next: { type: placeSchema, default: null },
      expiresAt: { type: Date, required: true, immutable: true },
    },
    { collection: 'export_chunks', versionKey: false },
  );
  // Reads an export in its order.
  schema.index({ tenantId: 1, exportId: 1, batch: 1 });
  // Forgets what has expired.
  schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
  return schema;
}

type ChunkRow = InferSchemaType<ReturnType<typeof chunkSchema>>;

const modelName = 'ChassisExportChunk';

/** Made anew for each service: a schema belongs to one connection's models. */
export function exportChunkModels() {
  return { [modelName]: tenantOwned(chunkSchema()) };
}

export function exportChunks(connection: Connection): mongoose.Model<ChunkRow> {
  return connection.model<ChunkRow>(modelName);
}
