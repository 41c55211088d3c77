// From which networks tenants let people and programs act in them, for gateways, which look at each request's address.
import type { TenantNetworks } from '@supergraph/chassis/proto/arthemiz/v1/access.generated';
import type { Arthemiz } from '../context.ts';

/** A page of 100 networks for each of them is far below what a message of gRPC may hold. */
const pageSize = 200;

const fields = { allowedNetworks: 1, networksChangedAt: 1 } as const;

/** A page of the tenants with networks, by id. */
export async function networksAfter({ models }: Arthemiz, afterTenantId: string): Promise<TenantNetworks[]> {
  // Whatever is a text: an index of the networks finds those that have one.
  const tenants = await models.Tenant.find(
    { _id: { $gt: afterTenantId }, allowedNetworks: { $gte: '' } },
    fields,
  )
    .sort({ _id: 1 })
    .limit(pageSize)
    .lean();
  return tenants.map(told);
}

/** The tenants whose networks changed since then, newest first. */
export async function changedNetworks(
  { models }: Arthemiz,
  since: Date,
): Promise<{ networks: TenantNetworks[]; isComplete: boolean }> {
  const tenants = await models.Tenant.find({ networksChangedAt: { $gte: since } }, fields)
    .sort({ networksChangedAt: -1 })
    .limit(pageSize)
    .lean();
  return { networks: tenants.map(told), isComplete: tenants.length < pageSize };
}

function told(tenant: {
  _id: string;
  allowedNetworks?: string[] | null | undefined;
  networksChangedAt?: Date | null | undefined;
}): TenantNetworks {
  const { _id: tenantId, allowedNetworks, networksChangedAt } = tenant;
  return { tenantId, networks: allowedNetworks ?? [], changedAt: networksChangedAt ?? undefined };
}
