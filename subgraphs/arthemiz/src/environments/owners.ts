// An environment has the owners of its tenant from its first moment, and goes on without them.
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { roleIdsOf } from '../memberships/joining.ts';
import { presentMembers } from '../memberships/presence.ts';

/** Makes the parent's owners those of the tenant in scope, who has nobody yet. */
export async function giveToOwners(service: Arthemiz, parentId: string): Promise<void> {
  const { Membership, Role } = service.models;
  if ((await Membership.exists({})) !== null) return;
  const owners = await acrossTenants('an environment has the owners of its tenant', () =>
    inTenant(parentId, async () => {
      const role = await Role.findOne({ name: 'owner', isCustom: { $ne: true } })
        .orFail()
        .lean();
      return Membership.find({ roleIds: role._id, ...presentMembers }).lean();
    }),
  );
  const roleIds = await roleIdsOf(service, ['owner']);
  const createdAt = new Date();
  await Membership.create(
    owners.map(({ personId }) => ({ personId, roleIds, createdAt })),
    { ordered: true },
  );
}
