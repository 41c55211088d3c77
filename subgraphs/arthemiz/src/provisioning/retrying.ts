// Beginning a failed tenant's provisioning anew, once what was in its way is gone.
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { lifecycleOf } from '../lifecycle/openness.ts';
import { tenantNotFailed, tenantNotFound } from '../lifecycle/refusals.ts';
import { isOpen } from '../lifecycle/rules.ts';
import type { TenantOutcome } from '../tenants/provisioning.ts';
import { ownerInvitationStep } from './owner-invitation.ts';
import { begunAnew } from './rules.ts';
import { declaredSteps, restartProvisioning, stateOf } from './workflow.ts';

export function retryProvisioning(service: Arthemiz, tenantId: string): Promise<TenantOutcome> {
  const { Tenant, Provisioning } = service.models;
  return acrossTenants("operators begin a tenant's provisioning anew", () =>
    inTenant(tenantId, () =>
      service.transaction<TenantOutcome>(async (unit) => {
        const tenant = await Tenant.findOne({ _id: tenantId }).lean();
        if (tenant === null) return { refusal: tenantNotFound() };
        const row = await Provisioning.findOne({ tenantId }).lean();
        if (row === null || !isOpen(lifecycleOf(tenant))) return { refusal: tenantNotFailed() };
        const declared = await declaredSteps(service);
        const skipped = tenant.ownerEmail ? [] : [ownerInvitationStep];
        const before = stateOf(row);
        const state = begunAnew(before, { declared, skipped });
        if (state === null) return { refusal: tenantNotFailed() };
        await restartProvisioning(service, unit, { tenantId, before, state });
        return { tenant: { ...tenant, status: 'PROVISIONING' } };
      }),
    ),
  );
}
