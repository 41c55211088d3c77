// Making somebody a member of a tenant.
import { isDuplicateKey } from '@supergraph/chassis/database';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { inTenantsRegion } from '../residency/transactions.ts';
import { tellPersonRolesChanged } from '../roles/events.ts';
import { personRolesChange } from '../roles/inheritance.ts';
import { rolesWithInherited } from '../roles/reading.ts';
import { keepDutiesApart } from '../separations/keeping.ts';
import { claimMembership } from './claiming.ts';
import { roleIdsHeld } from './holdings.ts';
import { forgetRemoval } from './removals.ts';

export interface Joining {
  personId: string;
  tenantId: string;
  roleNames: readonly string[];
}

/**
 * Makes a person a member with exactly these roles; a member's roles become these.
 * @throws DutiesHeldTogether where the tenant keeps them apart
 */
export function joinTenant(service: Arthemiz, { personId, tenantId, roleNames }: Joining): Promise<void> {
  return acrossTenants('a person is made a member of a tenant', () =>
    inTenant(tenantId, async () => {
      const roleIds = await roleIdsOf(service, roleNames);
      const person = await service.models.Person.findOne({ _id: personId }).lean();
      if (person !== null) {
        await claimMembership(service, person);
        await forgetRemoval(service, person);
      }
      if (await changeRoles(service, { personId, tenantId, roleIds })) return;
      const { Membership } = service.models;
      const join = async () => {
        await Membership.create([{ personId, roleIds, createdAt: new Date() }]);
        await keepDutiesApart(service, { personId });
      };
      await inTenantsRegion(service, join).catch(async (error: unknown) => {
        // Another copy was first; the later call's roles hold.
        if (!isDuplicateKey(error)) throw error;
        await changeRoles(service, { personId, tenantId, roleIds });
      });
    }),
  );
}

/** @returns false where the person is no member yet */
function changeRoles(
  service: Arthemiz,
  { personId, tenantId, roleIds }: { personId: string; tenantId: string; roleIds: string[] },
): Promise<boolean> {
  const { models } = service;
  return inTenantsRegion(service, async (unit) => {
    const before = await models.Membership.findOne({ personId }).lean();
    if (before === null) return false;
    // Joining again with the same roles is no change, of which identity providers would hear.
    if (isSame(before.roleIds, roleIds)) return true;
    await models.Membership.updateOne({ personId }, { $set: { roleIds } });
    await keepDutiesApart(service, { personId });
    const held = await roleIdsHeld(service, before);
    const wanted = await roleIdsHeld(service, { ...before, roleIds });
    const graph = await rolesWithInherited(service, [...held, ...wanted]);
    const change = personRolesChange(graph, { held, wanted });
    if (change.rolesAdded.length + change.rolesRemoved.length > 0)
      await tellPersonRolesChanged(service, unit, { ...change, tenantId, personId, changedBy: null });
    return true;
  });
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((id) => others.includes(id));
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
