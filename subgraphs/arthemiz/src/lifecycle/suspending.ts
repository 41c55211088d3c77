// Closing a tenant to everybody of it, and opening it again. Nothing of it is lost meanwhile.
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import type { TenantRow } from '../tenants/model.ts';
import { tellResumed, tellSuspended } from './events.ts';
import { lifecycleOf } from './openness.ts';
import { type LifecycleRefusal, tenantNotFound } from './refusals.ts';
import { type Decision, type Lifecycle, resumed, type Suspension, suspended } from './rules.ts';

export type LifecycleOutcome = { tenant: TenantRow } | { refusal: LifecycleRefusal };

export function suspendTenant(
  service: Arthemiz,
  { tenantId, suspension }: { tenantId: string; suspension: Suspension },
): Promise<LifecycleOutcome> {
  return changeLifecycle(service, {
    tenantId,
    decide: (lifecycle) => suspended(lifecycle, { tenantId, suspension }),
    tell: (unit) => tellSuspended(service, unit, { tenantId, suspension }),
  });
}

export function resumeTenant(
  service: Arthemiz,
  { tenantId, resumedBy }: { tenantId: string; resumedBy: string },
): Promise<LifecycleOutcome> {
  return changeLifecycle(service, {
    tenantId,
    decide: resumed,
    tell: (unit) => tellResumed(service, unit, { tenantId, resumedBy }),
  });
}

interface LifecycleChange {
  tenantId: string;
  decide(lifecycle: Lifecycle): Decision;
  tell(unit: UnitOfWork): Promise<void>;
}

/** Two operators at once take turns by the tenant's document. What it is already is told to nobody. */
function changeLifecycle(
  service: Arthemiz,
  { tenantId, decide, tell }: LifecycleChange,
): Promise<LifecycleOutcome> {
  const { Tenant } = service.models;
  return acrossTenants('operators decide over a tenant from outside of it', () =>
    inTenant(tenantId, () =>
      service.transaction<LifecycleOutcome>(async (unit) => {
        const tenant = await Tenant.findOne({ _id: tenantId }).lean();
        if (tenant === null) return { refusal: tenantNotFound() };
        const decision = decide(lifecycleOf(tenant));
        if ('refusal' in decision) return decision;
        if (!decision.isNews) return { tenant };
        const { suspension } = decision.lifecycle;
        await Tenant.updateOne({ _id: tenantId }, { $set: { suspension } });
        await tell(unit);
        return { tenant: { ...tenant, suspension } };
      }),
    ),
  );
}
