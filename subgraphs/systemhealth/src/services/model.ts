// A service: what people name when they say "it is down".
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';

export const serviceSchema = new Schema(
  {
    _id: { type: String, default: () => newId('svc') },
    name: { type: String, required: true },
    /** Names the part of the platform that it stands for; null for a tenant's own service. */
    platformSlug: { type: String, default: null },
    createdAt: { type: Date, required: true },
  },
  { collection: 'services', versionKey: false },
);

// Lists a tenant's services in the order of their ids, which is that of their making.
serviceSchema.index({ tenantId: 1, _id: 1 });
// Provisioning twice, or in two copies at once, makes one service.
serviceSchema.index(
  { tenantId: 1, platformSlug: 1 },
  { unique: true, partialFilterExpression: { platformSlug: { $type: 'string' } } },
);

export type ServiceRow = InferSchemaType<typeof serviceSchema> & { tenantId: string };
