// Decisions over a tenant, each with its event in one transaction. Two operators at once take turns by the tenant's
// document, and what it is already is told to nobody. Its environments go along.
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import type { TenantRow } from '../tenants/model.ts';
import { isOpenTenant, lifecycleOf } from './openness.ts';
import { type LifecycleRefusal, parentClosed, tenantNotFound } from './refusals.ts';
import { type Decision, followed, isOpen, type Lifecycle } from './rules.ts';

export type LifecycleOutcome = { tenant: TenantRow } | { refusal: LifecycleRefusal };

export interface LifecycleChange {
  tenantId: string;
  decide(lifecycle: Lifecycle, tenant: TenantRow): Decision;
  /** In the running transaction and the tenant's scope, of what is news. */
  tell(unit: UnitOfWork, news: { tenantId: string; lifecycle: Lifecycle }): Promise<void>;
}

export function changeLifecycle(
  service: Arthemiz,
  { tenantId, decide, tell }: LifecycleChange,
): Promise<LifecycleOutcome> {
  const { Tenant } = service.models;
  return acrossTenants('operators decide over a tenant from outside of it', () =>
    service.transaction<LifecycleOutcome>(async (unit) => {
      const tenant = await Tenant.findOne({ _id: tenantId }).lean();
      if (tenant === null) return { refusal: tenantNotFound() };
      const before = lifecycleOf(tenant);
      const decision = decide(before, tenant);
      if ('refusal' in decision) return decision;
      if (!decision.isNews) return { tenant };
      const { lifecycle } = decision;
      if (tenant.parentId && isOpen(lifecycle) && !(await isOpenTenant(service, tenant.parentId)))
        return { refusal: parentClosed() };
      await store(service, { tenantId, lifecycle });
      await inTenant(tenantId, () => tell(unit, { tenantId, lifecycle }));
      for (const environment of await Tenant.find({ parentId: tenantId }).lean()) {
        const its = followed(lifecycleOf(environment), { before, after: lifecycle });
        if ('refusal' in its) continue;
        const news = { tenantId: environment._id, lifecycle: its.lifecycle };
        await store(service, news);
        if (its.isNews) await inTenant(environment._id, () => tell(unit, news));
      }
      return { tenant: { ...tenant, ...lifecycle } };
    }),
  );
}

/** Counts also where nothing changes: whoever decides over an environment and over its tenant at once takes turns. */
async function store(
  { models }: Arthemiz,
  { tenantId, lifecycle: { suspension, deletion } }: { tenantId: string; lifecycle: Lifecycle },
): Promise<void> {
  await models.Tenant.updateOne(
    { _id: tenantId },
    { $set: { suspension, deletion }, $inc: { grantChanges: 1 } },
  );
}
