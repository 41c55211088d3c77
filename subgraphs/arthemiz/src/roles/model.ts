// A role: a name for what its holders may do in one tenant.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import { countGrantChanges } from '../grants/counting.ts';
import { permissions } from './rules.ts';

export const roleSchema = new Schema(
  {
    _id: { type: String, default: () => newId('rol') },
    name: { type: String, required: true },
    permissions: { type: [{ type: String, enum: permissions }], required: true },
    /** The roles whose permissions it includes. Those from before roles could inherit have none. */
    inheritedRoleIds: { type: [String], default: undefined },
    /** Whether people of the tenant made it; the others are built in. */
    isCustom: { type: Boolean, default: undefined },
    /**
     * For a built-in role: the permissions of its plan that it was ever given, so that what a later version adds
     * reaches it once, and what the tenant took away stays away. Roles from before this was kept have none.
     */
    offered: { type: [String], default: undefined },
    createdAt: { type: Date, required: true },
  },
  { collection: 'roles', versionKey: false },
);

// A name means one role in a tenant; also lists a tenant's roles by name.
roleSchema.index({ tenantId: 1, name: 1 }, { unique: true });

roleSchema.plugin(countGrantChanges);

export type RoleRow = InferSchemaType<typeof roleSchema> & { tenantId: string };
