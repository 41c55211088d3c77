// What somebody is in a tenant: their roles there and what these allow, at this moment.
import { inTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { lifecycleOf } from '../lifecycle/openness.ts';
import { isOpen } from '../lifecycle/rules.ts';
import { partsOf } from '../parts.ts';
import { listInReach } from '../residency/searching.ts';
import { everywhere, type Held, holding } from '../roles/inheritance.ts';
import { rolesWithInherited } from '../roles/reading.ts';
import { holdingsOf } from './holdings.ts';
import { presentMembers } from './presence.ts';

export interface Standing {
  tenantId: string;
  /** Names of the roles held themselves in the whole tenant, sorted; not of those that they inherit. */
  roles: string[];
  /** Those on one resource among them, as `check:write@chk_1`. */
  permissions: string[];
}

export interface JoinedTenant {
  tenantId: string;
  tenantName: string;
  /** Whether anybody may act in it. */
  isOpen: boolean;
}

/** A person may be a member of this many tenants and still choose among all of them at sign-in. */
const maximumTenants = 200;

/** The tenants that a person belongs to, by name. */
export async function joinedTenants(service: Arthemiz, personId: string): Promise<JoinedTenant[]> {
  const { models } = service;
  const memberships = await listInReach(service, {
    reason: 'a person is asked for their tenant at sign-in',
    list: () =>
      models.Membership.find({ personId, ...presentMembers })
        .sort({ _id: 1 })
        .limit(maximumTenants)
        .lean(),
  });
  const tenants = await models.Tenant.find({
    _id: { $in: memberships.map(({ tenantId }) => tenantId) },
  }).lean();
  return tenants
    .map((tenant) => ({
      tenantId: tenant._id,
      tenantName: tenant.name,
      isOpen: isOpen(lifecycleOf(tenant)),
    }))
    .sort((a, b) => a.tenantName.localeCompare(b.tenantName));
}

/** The tenants that a person may enter, by name. */
export async function openTenants(service: Arthemiz, personId: string): Promise<JoinedTenant[]> {
  const tenants = await joinedTenants(service, personId);
  return tenants.filter((tenant) => tenant.isOpen);
}

/** A person's standing in a tenant, or null when they are no member, are suspended, or nobody may act there. */
export function standingOfPerson(
  service: Arthemiz,
  { personId, tenantId }: { personId: string; tenantId: string },
): Promise<Standing | null> {
  const read = () =>
    inTenant(tenantId, async () => {
      const membership = await service.models.Membership.findOne({ personId, ...presentMembers }).lean();
      if (membership === null) return null;
      const held = (await holdingsOf(service, [membership])).get(personId) ?? [];
      const standing = await standingOf(service, { tenantId, held });
      return { ...standing, isLasting: !membership.elevatedUntil };
    });
  return partsOf(service).standings.of({ tenantId, subject: personId, read });
}

/** A service client's standing in its tenant, or null when there is no such client, or nobody may act there. */
export async function standingOfClient(service: Arthemiz, clientId: string): Promise<Standing | null> {
  const { clients, standings } = partsOf(service);
  const tenantId = await clients.tenantOf(clientId);
  if (tenantId === null) return null;
  const read = () =>
    inTenant(tenantId, async () => {
      const client = await service.models.ServiceClient.findOne({ _id: clientId }).lean();
      if (client === null) return null;
      const held = everywhere(client.roleIds);
      return { ...(await standingOf(service, { tenantId, held })), isLasting: true };
    });
  return standings.of({ tenantId, subject: clientId, read });
}

async function standingOf(
  service: Arthemiz,
  { tenantId, held }: { tenantId: string; held: readonly Held[] },
): Promise<Standing> {
  const graph = await rolesWithInherited(
    service,
    held.map(({ roleId }) => roleId),
  );
  return { tenantId, ...holding(graph, held) };
}
