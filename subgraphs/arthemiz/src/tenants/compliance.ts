// What a tenant asks of everybody who acts in it: kept with the tenant, and looked at whenever somebody is let in.
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { partsOf } from '../parts.ts';
import { isBlocked } from '../responses/blocks.ts';
import { isFactorDemanded } from '../responses/demands.ts';
import {
  type Circumstances,
  type Compliance,
  type ComplianceChange,
  isAllowedFrom,
  type Lack,
  lackOf,
  lockOut,
  momentAfter,
  signInMethods,
} from './compliance-rules.ts';
import { tellComplianceChanged, tellRetentionChanged } from './events.ts';
import type { TenantRow } from './model.ts';
import type { TenantRefusal } from './rules.ts';

export function complianceOf(tenant: Partial<TenantRow>): Compliance {
  const allowed = tenant.signInMethods ?? [];
  return {
    secondFactorRequired: tenant.secondFactorRequired ?? false,
    signInMethods: signInMethods.filter((method) => allowed.length === 0 || allowed.includes(method)),
    allowedNetworks: [...(tenant.allowedNetworks ?? [])],
    sessionMinutes: tenant.sessionMinutes ?? null,
    idleSessionMinutes: tenant.idleSessionMinutes ?? null,
    retentionDays: tenant.retentionDays ?? null,
  };
}

/** What somebody lacks to act in the tenant, or null. Of one of whom a second factor was demanded, it is asked for too. */
export async function lackIn(
  service: Arthemiz,
  {
    tenantId,
    personId,
    clientId = null,
    ...given
  }: Circumstances & { tenantId: string; personId: string; clientId?: string | null },
): Promise<Lack | null> {
  const { ipAddress } = given;
  if (await isBlocked(service, { tenantId, personId, clientId, ipAddress })) return 'blocked';
  const tenant = await partsOf(service).tenants(tenantId);
  if (tenant === null) return null;
  const asked = complianceOf(tenant);
  const hasOne = given.amr.includes('mfa');
  const secondFactorRequired =
    asked.secondFactorRequired || (!hasOne && (await isFactorDemanded(service, { tenantId, personId })));
  return lackOf({ ...asked, secondFactorRequired }, given, new Date());
}

/** Whether a program asks from where the tenant lets nobody act: all that is asked of programs. */
export async function isOutside(
  service: Arthemiz,
  { tenantId, ipAddress }: { tenantId: string; ipAddress: string | null },
): Promise<boolean> {
  const tenant = await partsOf(service).tenants(tenantId);
  return tenant !== null && !isAllowedFrom(ipAddress, complianceOf(tenant).allowedNetworks);
}

/** Who changes it, and from where; `amr` is null for a program, which nobody asks how it signed in. */
export interface Changing {
  changedBy: string;
  ipAddress: string | null;
  amr: readonly string[] | null;
}

/**
 * Changes what the tenant in scope asks for; the tenant is null when there is none. What it asks for already changes
 * nothing, and what would lock out who changes it is refused.
 */
export function changeCompliance(
  service: Arthemiz,
  { change, changedBy, ipAddress, amr }: Changing & { change: ComplianceChange },
): Promise<{ tenant: TenantRow | null } | { refusal: TenantRefusal }> {
  return service.transaction(async (unit) => {
    const before = await service.models.Tenant.findOne({ _id: currentTenant() }).lean();
    if (before === null) return { tenant: null };
    const now = new Date();
    const asked = { ...before, ...change };
    const compliance = complianceOf(asked);
    const own = { ipAddress, signedInAt: now, lastUsedAt: now };
    const methods = amr === null ? { ...compliance, signInMethods: [...signInMethods] } : compliance;
    const refusal = lockOut(lackOf(methods, { ...own, amr: amr ?? ['pwd'] }, now));
    if (refusal !== null) return { refusal };
    const known = complianceOf(before);
    if (isSame(compliance, known)) return { tenant: before };
    const last = before.networksChangedAt ?? null;
    const networksChangedAt = isSame(compliance.allowedNetworks, known.allowedNetworks)
      ? last
      : momentAfter(last, now);
    const isRetentionNew = compliance.retentionDays !== known.retentionDays;
    const lastRetention = before.retentionChangedAt ?? null;
    const retentionChangedAt = isRetentionNew ? momentAfter(lastRetention, now) : lastRetention;
    const moments = { networksChangedAt, retentionChangedAt };
    const tenant = { ...asked, ...moments };
    await service.models.Tenant.updateOne({ _id: before._id }, { $set: { ...change, ...moments } });
    await tellComplianceChanged(unit, { tenant, compliance, changedBy });
    if (isRetentionNew) await tellRetentionChanged(unit, { tenant, compliance });
    return { tenant };
  });
}

function isSame(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
