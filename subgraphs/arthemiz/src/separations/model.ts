// A separation of duties: roles and permissions of which nobody in the tenant holds more than one.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import { countGrantChanges } from '../grants/counting.ts';

export const separationSchema = new Schema(
  {
    _id: { type: String, default: () => newId('sep') },
    name: { type: String, required: true },
    roleIds: { type: [String], required: true },
    permissions: { type: [String], required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'separations', versionKey: false },
);

// A name means one separation in a tenant; also lists a tenant's by name.
separationSchema.index({ tenantId: 1, name: 1 }, { unique: true });

// A change of grants that is under way meanwhile conflicts with it, and is made anew with it in force.
separationSchema.plugin(countGrantChanges);

export type SeparationRow = InferSchemaType<typeof separationSchema> & { tenantId: string };
