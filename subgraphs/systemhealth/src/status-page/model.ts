// What a tenant's public status page shows. A tenant has one: it is called by the tenant's id.
import { type InferSchemaType, Schema } from 'mongoose';

export const statusPageSchema = new Schema(
  {
    _id: { type: String, required: true },
    slug: { type: String, required: true },
    title: { type: String, required: true },
    description: { type: String, default: null },
    serviceIds: { type: [{ type: String, required: true }], required: true },
    isOn: { type: Boolean, required: true },
  },
  { collection: 'status_pages', versionKey: false },
);

// One page for each address, over all tenants.
statusPageSchema.index({ slug: 1 }, { unique: true });

export type StatusPageRow = Omit<InferSchemaType<typeof statusPageSchema>, 'serviceIds'> & {
  tenantId: string;
  serviceIds: string[];
};

export function pageIdOf(tenantId: string): string {
  return `stp_${tenantId}`;
}
