import { acrossTenants } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';

/** Whether a person needs a second factor in the tenant, whatever the tenant asks of others. */
export async function isFactorDemanded(
  { models }: Arthemiz,
  { tenantId, personId }: { tenantId: string; personId: string },
): Promise<boolean> {
  const demand = await acrossTenants('sign-in asks what is demanded in the tenant that is entered', () =>
    models.FactorDemand.exists({
      ...{ tenantId, personId, isRequired: true },
      $or: [{ until: null }, { until: { $gt: new Date() } }],
    }),
  );
  return demand !== null;
}
