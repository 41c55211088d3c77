// What a tenant asks of everybody who acts in it.
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { partsOf } from '../parts.ts';
import { tellComplianceChanged } from './events.ts';
import type { TenantRow } from './model.ts';

export interface Compliance {
  secondFactorRequired: boolean;
}

export function complianceOf({ secondFactorRequired }: TenantRow): Compliance {
  return { secondFactorRequired: secondFactorRequired ?? false };
}

/** Whether people who proved themselves in these ways (RFC 8176) may act in the tenant. */
export async function meetsCompliance(
  service: Arthemiz,
  { tenantId, amr }: { tenantId: string; amr: readonly string[] },
): Promise<boolean> {
  if (amr.includes('mfa')) return true;
  const tenant = await partsOf(service).tenants(tenantId);
  return tenant?.secondFactorRequired !== true;
}

/** Changes what the tenant in scope asks for; null when there is none. What it asks for already changes nothing. */
export function changeCompliance(
  service: Arthemiz,
  { secondFactorRequired, changedBy }: Compliance & { changedBy: string },
): Promise<TenantRow | null> {
  return service.transaction(async (unit) => {
    const before = await service.models.Tenant.findOneAndUpdate(
      { _id: currentTenant() },
      { $set: { secondFactorRequired } },
    ).lean();
    if (before === null) return null;
    const tenant = { ...before, secondFactorRequired };
    if (complianceOf(before).secondFactorRequired !== secondFactorRequired) {
      await tellComplianceChanged(unit, { tenant, compliance: complianceOf(tenant), changedBy });
    }
    return tenant;
  });
}
