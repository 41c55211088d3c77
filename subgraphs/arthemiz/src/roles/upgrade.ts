// What a later version adds to the built-in roles reaches the tenants that are there already, once; what it knows no more
// goes with that. Every copy looks
// when it starts; doing it twice, or at two copies at once, does no more than doing it once.
import type { Worker } from '@supergraph/chassis/subgraph';
import { inTenant, platformTenantId } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { listInRegions } from '../residency/searching.ts';
import { inTenantsRegion } from '../residency/transactions.ts';
import { tellRoleUpdated } from './events.ts';
import type { RoleRow } from './model.ts';
import {
  permissions as allPermissions,
  defaultRoles,
  missingOf,
  platformRoles,
  type RolePlan,
} from './rules.ts';

export function createRoleUpgrade(service: Arthemiz): Worker {
  return {
    name: 'built-in roles',
    start: () => upgradeRoles(service),
    stop: async () => undefined,
  };
}

export interface BuiltInRoles {
  ofTenants: readonly RolePlan[];
  ofPlatform: readonly RolePlan[];
}

/** Gives every built-in role what its plan has and it was never given. */
export async function upgradeRoles(
  service: Arthemiz,
  { ofTenants, ofPlatform }: BuiltInRoles = { ofTenants: defaultRoles, ofPlatform: platformRoles },
): Promise<void> {
  const plansFor = (tenantId: string) => (tenantId === platformTenantId ? ofPlatform : ofTenants);
  const names = [...ofTenants, ...ofPlatform].map(({ name }) => name);
  const roles = await listInRegions(service, {
    reason: 'built-in roles are brought up to date',
    list: () => service.models.Role.find({ name: { $in: names }, isCustom: { $ne: true } }).lean(),
  });
  for (const role of roles) {
    const plan = plansFor(role.tenantId).find(({ name }) => name === role.name);
    if (plan && (role.offered === undefined || missingOf(plan, role).length > 0))
      await inTenant(role.tenantId, () => upgradeRole(service, { roleId: role._id, plan }));
  }
}

function upgradeRole(service: Arthemiz, { roleId, plan }: { roleId: string; plan: RolePlan }): Promise<void> {
  return inTenantsRegion(service, async (unit) => {
    const role: RoleRow | null = await service.models.Role.findOne({ _id: roleId }).lean();
    if (role === null) return;
    const missing = missingOf(plan, role);
    const offered = [...plan.permissions];
    const known = role.permissions.filter((permission) => allPermissions.includes(permission));
    const permissions = [...new Set([...known, ...missing])].sort();
    await service.models.Role.updateOne({ _id: roleId }, { $set: { permissions, offered } });
    const permissionsAdded = missing.filter((permission) => !role.permissions.includes(permission));
    if (permissionsAdded.length === 0) return;
    await tellRoleUpdated(service, unit, { role, permissionsAdded, permissionsRemoved: [], changedBy: null });
  });
}
