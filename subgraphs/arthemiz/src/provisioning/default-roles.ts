// The first step of each tenant: its roles. Creating a tenant does it at once, so that the owner can be made a member.

import type { ProvisioningStep } from '@supergraph/chassis/provisioning';
import { platformTenantId } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { giveToOwners } from '../environments/owners.ts';
import { noteGrantChange } from '../grants/changes.ts';
import { defaultRoles, ownPermissionsOf, platformRoles, type RolePlan } from '../roles/rules.ts';

const name = 'default-roles';
const description = 'Makes the roles that every tenant begins with.';

/** As a tenant's provisioning lists it. */
export const defaultRolesStep = { subgraph: 'arthemiz', name, description };

export const defaultRolesProvisioning: ProvisioningStep<Arthemiz> = {
  name,
  description,
  provision: ({ service, tenant: { id } }) =>
    furnishTenant(service, { id, roles: id === platformTenantId ? platformRoles : defaultRoles }),
  async compensate({ service }) {
    const { Role } = service.models;
    const roles = await Role.find().lean();
    if (roles.length === 0) return;
    // Whoever joined meanwhile may do nothing any more.
    await noteGrantChange(service, {
      subject: null,
      rolesRemoved: roles.map((role) => role.name),
      permissionsRemoved: ownPermissionsOf(roles),
    });
    await Role.deleteMany({});
  },
};

/** What a tenant, who is in scope, has from its first moment: roles and, for an environment, the owners of its tenant. */
export async function furnishTenant(
  service: Arthemiz,
  { id, roles }: { id: string; roles: readonly RolePlan[] },
): Promise<void> {
  await makeRoles(service, roles);
  const tenant = await service.models.Tenant.findOne({ _id: id }, { parentId: 1 }).lean();
  if (tenant?.parentId) await giveToOwners(service, tenant.parentId);
}

/** Makes the roles that the tenant in scope lacks. */
async function makeRoles({ models }: Arthemiz, roles: readonly RolePlan[]): Promise<void> {
  const createdAt = new Date();
  const held = await models.Role.distinct('name');
  const missing = roles.filter((role) => !held.includes(role.name));
  if (missing.length > 0)
    await models.Role.insertMany(missing.map((role) => ({ ...role, offered: role.permissions, createdAt })));
}
