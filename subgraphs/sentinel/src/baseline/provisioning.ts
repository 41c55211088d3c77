// What sentinel does for a new tenant.
import type { ProvisioningStep } from '@supergraph/chassis/provisioning';
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { Sentinel } from '../context.ts';

export const baselineStep: ProvisioningStep<Sentinel> = {
  name: 'baseline',
  description: 'Notes from when on the tenant is watched.',
  async provision({ service }) {
    const tenantId = currentTenant();
    const watchedSince = new Date();
    await service.models.Baseline.updateOne(
      { tenantId },
      { $setOnInsert: { watchedSince } },
      { upsert: true },
    );
  },
  async compensate({ service }) {
    await service.models.Baseline.deleteMany({});
  },
};
