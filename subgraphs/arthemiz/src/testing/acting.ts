// For tests only: people of a tenant as the viewers that they are to the subgraph.
import { inTenant } from '@supergraph/chassis/tenancy';
import type { PersonRow } from '../people/model.ts';
import { defaultRoles, type Permission } from '../roles/rules.ts';
import type { TenantRow } from '../tenants/model.ts';
import type { Fixture } from './fixture.ts';

/** What a built-in role allows in a new tenant. */
export const planOf = (roleName: string): Permission[] => [
  ...(defaultRoles.find(({ name }) => name === roleName)?.permissions ?? []),
];

/** A person with these permissions, whatever their roles are. */
export const actingAs = (person: PersonRow, tenant: TenantRow, permissions: readonly string[]) => ({
  subject: person._id,
  tenantId: tenant._id,
  permissions: [...permissions],
});

/** Ids of a tenant's roles, by name. */
export async function roleIdsOf({ models }: Fixture, tenant: TenantRow): Promise<Record<string, string>> {
  const rows = await inTenant(tenant._id, () => models.Role.find().lean());
  return Object.fromEntries(rows.map(({ name, _id }) => [name, _id]));
}
