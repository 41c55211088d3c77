// A group: people of one tenant who hold the same roles by being in it. Who is in it stands with each membership.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import { countGrantChanges } from '../grants/counting.ts';

export const groupSchema = new Schema(
  {
    _id: { type: String, default: () => newId('grp') },
    name: { type: String, required: true },
    roleIds: { type: [String], required: true },
    /** The id by which the tenant's identity provider knows it. */
    externalId: { type: String, default: undefined },
    createdAt: { type: Date, required: true },
    /** Kept since there are identity providers that ask for it. */
    changedAt: { type: Date, default: undefined },
  },
  { collection: 'groups', versionKey: false },
);
groupSchema.set('timestamps', { createdAt: false, updatedAt: 'changedAt' });

// A name means one group in a tenant; also lists a tenant's groups by name.
groupSchema.index({ tenantId: 1, name: 1 }, { unique: true });
groupSchema.plugin(countGrantChanges);

export type GroupRow = InferSchemaType<typeof groupSchema> & { tenantId: string };
