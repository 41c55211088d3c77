// Gives the tenant in scope another look, and tells of it.
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { inTenantsRegion } from '../residency/transactions.ts';
import type { BrandingChange } from './rules.ts';

export function changeBranding(
  service: Arthemiz,
  { change, changedBy }: { change: BrandingChange; changedBy: string },
): Promise<void> {
  const tenantId = currentTenant();
  return inTenantsRegion(service, async ({ emit }) => {
    const { TenantBranding } = service.models;
    const changed = await TenantBranding.findOneAndUpdate(
      { _id: tenantId },
      { $set: change },
      { upsert: true, returnDocument: 'after' },
    );
    const { displayName = null, accentColour = null, logo } = changed;
    const data = { tenantId, displayName, accentColour, hasLogo: Boolean(logo), changedBy };
    await emit('arthemiz.tenant.branding-changed.v1', { subject: tenantId, data });
  });
}
