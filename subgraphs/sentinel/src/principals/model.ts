// Which roles each person and program of a tenant holds, as arthemiz has told since the tenant is watched.
import { type InferSchemaType, Schema } from 'mongoose';

const roleSchema = new Schema(
  {
    name: { type: String, required: true },
    isHeld: { type: Boolean, required: true },
    /** When that was told last: events may come in another order. */
    since: { type: Date, required: true },
  },
  { _id: false },
);

export const principalSchema = new Schema(
  {
    /** Of a person or a service client. */
    principalId: { type: String, required: true, immutable: true },
    roles: { type: [roleSchema], required: true },
    /** When they last became a member, were suspended, resumed or removed. */
    standingSince: { type: Date, default: null },
    isActive: { type: Boolean, default: true },
  },
  { collection: 'principals', versionKey: false },
);

// One row for each.
principalSchema.index({ tenantId: 1, principalId: 1 }, { unique: true });
// Those who hold a role.
principalSchema.index({ tenantId: 1, 'roles.name': 1 });
// In whichever tenant: for forgetting them.
principalSchema.index({ principalId: 1, _id: 1 });

export type PrincipalRow = InferSchemaType<typeof principalSchema> & { tenantId: string };
