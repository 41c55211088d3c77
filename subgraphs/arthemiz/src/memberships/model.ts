// A membership: a person belongs to a tenant and holds roles there.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import { countGrantChanges } from '../grants/counting.ts';
import { type ResourceType, resourceTypes, type ScopedRole } from '../roles/scopes.ts';

const scopedRoleSchema = new Schema(
  {
    roleId: { type: String, required: true },
    resourceType: { type: String, enum: Object.keys(resourceTypes) as ResourceType[], required: true },
    resourceId: { type: String, required: true },
  },
  { _id: false },
);

export const membershipSchema = new Schema(
  {
    _id: { type: String, default: () => newId('mem') },
    personId: { type: String, required: true },
    roleIds: { type: [String], required: true },
    /** Roles that they hold on one resource alone. Most have none. */
    scopedRoles: { type: [scopedRoleSchema], default: undefined },
    /** The groups that they are in. Memberships from before there were groups have none. */
    groupIds: { type: [String], default: undefined },
    /** They hold no role for a while beyond this, so that most memberships tell without another query. */
    elevatedUntil: { type: Date, default: undefined },
    /** Since when they may do nothing there; their roles and groups are kept. */
    suspendedAt: { type: Date, default: undefined },
    /** An identity provider announced them and they have not shown up yet: nobody has this `personId` so far. */
    isAwaited: { type: Boolean, default: undefined },
    /** What the tenant's identity provider calls them; never what they say of themselves. */
    directory: {
      type: new Schema(
        {
          /** An e-mail address in lower case; absent where the provider left it as it was. */
          userName: { type: String, default: undefined },
          externalId: { type: String, default: undefined },
          displayName: { type: String, default: undefined },
          givenName: { type: String, default: undefined },
          familyName: { type: String, default: undefined },
        },
        { _id: false },
      ),
      default: undefined,
    },
    createdAt: { type: Date, required: true },
    /** Kept since there are identity providers that ask for it. */
    changedAt: { type: Date, default: undefined },
  },
  { collection: 'memberships', versionKey: false },
);
membershipSchema.set('timestamps', { createdAt: false, updatedAt: 'changedAt' });

// A person is a member of a tenant once; also finds one person's membership there.
membershipSchema.index({ tenantId: 1, personId: 1 }, { unique: true });
// Lists a tenant's members in the order in which they joined.
membershipSchema.index({ tenantId: 1, _id: 1 });
// Finds the tenants that a person may sign in to.
membershipSchema.index({ personId: 1, _id: 1 });
// Finds who holds a role: whether anybody, before it may go, and whether somebody else, before an administrator may.
membershipSchema.index({ tenantId: 1, roleIds: 1 });
// The same of roles on one resource.
membershipSchema.index({ tenantId: 1, 'scopedRoles.roleId': 1 });
// Lists who is in a group, in the order in which they joined the tenant.
membershipSchema.index({ tenantId: 1, groupIds: 1, _id: 1 });
// An identity provider's name means one member of a tenant; also finds whom an address was awaited for.
membershipSchema.index(
  { tenantId: 1, 'directory.userName': 1 },
  { unique: true, partialFilterExpression: { 'directory.userName': { $exists: true } } },
);
// Finds members by the identity provider's own id.
membershipSchema.index(
  { tenantId: 1, 'directory.externalId': 1 },
  { partialFilterExpression: { 'directory.externalId': { $exists: true } } },
);
// Counts those who are awaited.
membershipSchema.index(
  { tenantId: 1, isAwaited: 1 },
  { partialFilterExpression: { isAwaited: { $exists: true } } },
);

membershipSchema.plugin(countGrantChanges);

export type MembershipRow = Omit<InferSchemaType<typeof membershipSchema>, 'scopedRoles'> & {
  tenantId: string;
  scopedRoles?: ScopedRole[] | null;
};
