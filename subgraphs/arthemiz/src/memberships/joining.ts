// Making somebody a member of a tenant.
import { isDuplicateKey } from '@supergraph/chassis/database';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';

export interface Joining {
  personId: string;
  tenantId: string;
  roleNames: readonly string[];
}

/** Makes a person a member with exactly these roles; a member's roles become these. */
export function joinTenant(service: Arthemiz, { personId, tenantId, roleNames }: Joining): Promise<void> {
  return acrossTenants('a person is made a member of a tenant', () =>
    inTenant(tenantId, async () => {
      const roleIds = await roleIdsOf(service, roleNames);
      const { Membership } = service.models;
      const change = () => Membership.updateOne({ personId }, { $set: { roleIds } });
      if ((await change()).matchedCount === 1) return;
      await Membership.create([{ personId, roleIds, createdAt: new Date() }]).catch(
        async (error: unknown) => {
          // Another copy was first; the later call's roles hold.
          if (!isDuplicateKey(error)) throw error;
          await change();
        },
      );
    }),
  );
}

/** The ids of roles of the tenant in scope. @throws when the tenant lacks one. */
export async function roleIdsOf({ models }: Arthemiz, roleNames: readonly string[]): Promise<string[]> {
  const roles = await models.Role.find({ name: { $in: roleNames } })
    .sort({ name: 1 })
    .lean();
  const missing = roleNames.filter((name) => !roles.some((role) => role.name === name));
  if (missing.length > 0) throw new Error(`The tenant has no role ${missing.join(', ')}.`);
  return roles.map(({ _id }) => _id);
}
