// A tenant's provisioning as the schema shows it, and live.
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { Context } from '../context.ts';
import { payloadOf } from '../lifecycle/payload.ts';
import { tenantInput } from '../lifecycle/rules.ts';
import type { Resolvers } from '../schema.generated.ts';
import { invalidInput } from '../tenants/rules.ts';
import { tenantProvisioningTopic } from './live.ts';
import type { ProvisioningRow } from './model.ts';
import { retryProvisioning } from './retrying.ts';

export const provisioningResolvers: Resolvers = {
  Mutation: {
    async retryTenantProvisioning(_, { input }, { service }) {
      const parsed = tenantInput.safeParse(input);
      if (!parsed.success) return { tenant: null, errors: invalidInput(parsed.error) };
      return payloadOf(await retryProvisioning(service, parsed.data.tenantId));
    },
  },
  Tenant: { provisioning: ({ _id }, _, { loaders }) => loaders.provisioning.load(_id) },
  TenantProvisioning: {
    tenant: ({ tenantId }, _, { loaders }) => loaders.tenant.load(tenantId),
  },
  Subscription: {
    tenantProvisioning: { subscribe: (_, { id }, context) => states(id, context) },
  },
};

/** How far it is now, then after each move. Of moves that follow closely the last one's outcome may be told alone. */
async function* states(
  tenantId: string,
  { service, signal }: Context,
): AsyncGenerator<{ tenantProvisioning: ProvisioningRow }> {
  const watching = 'a provisioning is watched by who may';
  const pushes = await acrossTenants(watching, () =>
    inTenant(tenantId, () => service.live.subscribe(tenantProvisioningTopic, { signal })),
  );
  let told = '';
  const news = async () => {
    const row = await acrossTenants(watching, () => service.models.Provisioning.findOne({ tenantId }).lean());
    const seen = JSON.stringify(row);
    if (row === null || seen === told) return [];
    told = seen;
    return [{ tenantProvisioning: row }];
  };
  yield* await news(); // also while Redis is away
  await pushes.ready;
  yield* await news();
  for await (const _ of pushes) yield* await news();
}
