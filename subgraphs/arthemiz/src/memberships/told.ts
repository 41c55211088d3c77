import type { Arthemiz } from '../context.ts';
import { platformTenant } from '../tenants/rules.ts';
import { joinedTenants } from './standing.ts';

/** The tenants that hear what a person changes about themselves: all of theirs, or the platform's own where they have none. */
export async function tenantsToldOf(service: Arthemiz, personId: string): Promise<string[]> {
  const tenants = await joinedTenants(service, personId);
  return tenants.length > 0 ? tenants.map(({ tenantId }) => tenantId) : [platformTenant.id];
}
