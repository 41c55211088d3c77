// Whether a tenant is open. Asked wherever somebody gets in, or is told what they may do.
import type { Arthemiz } from '../context.ts';
import { partsOf } from '../parts.ts';
import type { TenantStatus } from '../schema.generated.ts';
import type { TenantRow } from '../tenants/model.ts';
import { isOpen, type Lifecycle } from './rules.ts';

type LifecycleFields = Pick<TenantRow, 'suspension' | 'deletion'>;

export function lifecycleOf({ suspension, deletion }: LifecycleFields): Lifecycle {
  return {
    suspension: suspension ?? null,
    deletion: deletion
      ? { ...deletion, begunAt: deletion.begunAt ?? null, finishedAt: deletion.finishedAt ?? null }
      : null,
  };
}

/** What a tenant is, all in all. */
export function statusOf(tenant: LifecycleFields & Pick<TenantRow, 'status'>): TenantStatus {
  const { suspension, deletion } = lifecycleOf(tenant);
  if (deletion?.finishedAt) return 'DELETED';
  if (deletion?.begunAt) return 'DELETING';
  if (deletion !== null) return 'DELETION_SCHEDULED';
  return suspension === null ? (tenant.status ?? 'ACTIVE') : 'SUSPENDED';
}

/** The fields that decide. */
export const opennessFields = { suspension: 1, deletion: 1 } as const;

/** False also where there is no such tenant. */
export async function isOpenTenant(service: Arthemiz, tenantId: string): Promise<boolean> {
  const tenant = await partsOf(service).tenants(tenantId);
  return tenant !== null && isOpen(lifecycleOf(tenant));
}
