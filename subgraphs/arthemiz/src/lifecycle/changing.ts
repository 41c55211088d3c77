// Decisions over a tenant, each with its event in one transaction. Two operators at once take turns by the tenant's
// document, and what it is already is told to nobody.
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import type { TenantRow } from '../tenants/model.ts';
import { lifecycleOf } from './openness.ts';
import { type LifecycleRefusal, tenantNotFound } from './refusals.ts';
import type { Decision, Lifecycle } from './rules.ts';

export type LifecycleOutcome = { tenant: TenantRow } | { refusal: LifecycleRefusal };

export interface LifecycleChange {
  tenantId: string;
  decide(lifecycle: Lifecycle, tenant: TenantRow): Decision;
  /** In the running transaction, of what is news. */
  tell(unit: UnitOfWork, lifecycle: Lifecycle): Promise<void>;
}

export function changeLifecycle(
  service: Arthemiz,
  { tenantId, decide, tell }: LifecycleChange,
): Promise<LifecycleOutcome> {
  const { Tenant } = service.models;
  return acrossTenants('operators decide over a tenant from outside of it', () =>
    inTenant(tenantId, () =>
      service.transaction<LifecycleOutcome>(async (unit) => {
        const tenant = await Tenant.findOne({ _id: tenantId }).lean();
        if (tenant === null) return { refusal: tenantNotFound() };
        const decision = decide(lifecycleOf(tenant), tenant);
        if ('refusal' in decision) return decision;
        if (!decision.isNews) return { tenant };
        const { suspension, deletion } = decision.lifecycle;
        await Tenant.updateOne({ _id: tenantId }, { $set: { suspension, deletion } });
        await tell(unit, decision.lifecycle);
        return { tenant: { ...tenant, suspension, deletion } };
      }),
    ),
  );
}
