// The tenants that this subgraph has heard of, so that a part added to the platform is watched for all of them.
import { type InferSchemaType, Schema } from 'mongoose';

export const knownTenantSchema = new Schema(
  { _id: { type: String, required: true }, knownSince: { type: Date, required: true } },
  { collection: 'known_tenants', versionKey: false },
);

export type KnownTenantRow = InferSchemaType<typeof knownTenantSchema>;
