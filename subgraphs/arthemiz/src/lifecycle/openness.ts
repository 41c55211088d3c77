// Whether a tenant is open. Asked wherever somebody gets in, or is told what they may do.
import type { Arthemiz } from '../context.ts';
import { partsOf } from '../parts.ts';
import type { TenantStatus } from '../schema.generated.ts';
import type { TenantRow } from '../tenants/model.ts';
import { isOpen, type Lifecycle } from './rules.ts';

export function lifecycleOf({ suspension }: Pick<TenantRow, 'suspension'>): Lifecycle {
  return { suspension: suspension ?? null };
}

/** What a tenant is, all in all. */
export function statusOf(tenant: Pick<TenantRow, 'suspension' | 'status'>): TenantStatus {
  return lifecycleOf(tenant).suspension === null ? (tenant.status ?? 'ACTIVE') : 'SUSPENDED';
}

/** The fields that decide. */
export const opennessFields = { suspension: 1 } as const;

/** False also where there is no such tenant. */
export async function isOpenTenant(service: Arthemiz, tenantId: string): Promise<boolean> {
  const tenant = await partsOf(service).tenants(tenantId);
  return tenant !== null && isOpen(lifecycleOf(tenant));
}
