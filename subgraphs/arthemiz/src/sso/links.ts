// The providers that a person is linked to: what they see of that, and ending it.
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import { doAtHome } from '../home-tasks/doing.ts';
import { roleIdsHeld } from '../memberships/holdings.ts';
import type { MembershipRow } from '../memberships/model.ts';
import type { PersonRow } from '../people/model.ts';
import { listInReach } from '../residency/searching.ts';
import { inTenantsRegion } from '../residency/transactions.ts';
import { tellPersonRolesChanged } from '../roles/events.ts';
import { isLastAdministrator } from '../roles/holders.ts';
import { personRolesChange } from '../roles/inheritance.ts';
import { grantsInTurn } from '../roles/reading.ts';
import { tellIdentityUnlinked } from './events.ts';
import type { IdentityLinkRow } from './link-model.ts';
import { requiredConnectionFor } from './realm.ts';
import { rolesAfter, whyLinkStays } from './rules.ts';

/** More tenants with a provider of their own nobody belongs to. */
const maximumLinks = 100;

export interface PersonLink {
  id: string;
  connectionId: string;
  tenantId: string;
  connectionName: string;
  tenantName: string;
  createdAt: Date;
  lastUsedAt: Date;
  /** Null where the person can end it. */
  stays: 'required' | 'only-way' | null;
}

/** Last used first. */
export async function linksOf(service: Arthemiz, person: PersonRow): Promise<PersonLink[]> {
  const { IdentityLink, Passkey, Password, SsoConnection, Tenant } = service.models;
  const personId = person._id;
  const reason = 'a person sees all providers that they are linked to';
  const found = await listInReach(service, {
    reason,
    list: () =>
      IdentityLink.find({ personId }).sort({ lastUsedAt: -1 }).limit(maximumLinks).lean<IdentityLinkRow[]>(),
  });
  const links = found.sort((one, other) => other.lastUsedAt.getTime() - one.lastUsedAt.getTime());
  if (links.length === 0) return [];
  const connections = await listInReach(service, {
    reason,
    list: () => SsoConnection.find({ _id: { $in: links.map(({ connectionId }) => connectionId) } }).lean(),
  });
  return acrossTenants(reason, async () => {
    const tenants = await Tenant.find({ _id: { $in: links.map(({ tenantId }) => tenantId) } }).lean();
    const required = await requiredConnectionFor(service, person.email);
    const hasOwnProof =
      (await Password.exists({ _id: personId })) !== null || (await Passkey.exists({ personId })) !== null;
    const known = new Map(connections.map((connection) => [connection._id, connection]));
    const hasOtherOpen = (id: string) =>
      links.some(({ connectionId }) => connectionId !== id && known.get(connectionId)?.isEnabled === true);
    return links.flatMap(({ _id: id, connectionId, tenantId, createdAt, lastUsedAt }) => {
      const connectionName = known.get(connectionId)?.name;
      const tenantName = tenants.find(({ _id }) => _id === tenantId)?.name;
      if (connectionName === undefined || tenantName === undefined) return [];
      const stays = whyLinkStays({
        connectionId,
        requiredConnectionId: required?._id ?? null,
        hasOtherWay: hasOwnProof || hasOtherOpen(connectionId),
      });
      return [{ id, connectionId, tenantId, connectionName, tenantName, createdAt, lastUsedAt, stays }];
    });
  });
}

/**
 * Ends a person's link, the sessions that came in by it, and what its provider's groups alone gave them, in one
 * transaction. Where the provider vouches for them again, they are linked again.
 * @returns false where there is none that they can end
 */
export async function endLink(
  service: Arthemiz,
  { person, linkId }: { person: PersonRow; linkId: string },
): Promise<boolean> {
  const wanted = (await linksOf(service, person)).find(({ id }) => id === linkId);
  if (wanted === undefined || wanted.stays !== null) return false;
  const { connectionId, tenantId } = wanted;
  const personId = person._id;
  return inTenant(tenantId, () =>
    inTenantsRegion(service, async (unit) => {
      const mine = { _id: linkId, personId };
      const link: IdentityLinkRow | null = await service.models.IdentityLink.findOneAndDelete(mine).lean();
      if (link === null) return false;
      await takeGivenRoles(service, unit, link);
      await tellIdentityUnlinked(unit, { person, connectionId, tenantId });
      await doAtHome(service, 'end-sessions-by-connection', { personId, connectionId });
      return true;
    }),
  );
}

/** Without the link nobody would ever take them back. The last administrator stays one. */
async function takeGivenRoles(
  service: Arthemiz,
  unit: UnitOfWork,
  { personId, tenantId, givenRoleIds }: IdentityLinkRow,
): Promise<void> {
  const { Membership } = service.models;
  const { roles, groups } = await grantsInTurn(service);
  const before: MembershipRow | null = await Membership.findOne({ personId }).lean();
  if (before === null) return;
  const { roleIds } = rolesAfter({ held: before.roleIds, given: givenRoleIds, mapped: [] });
  const after = { ...before, roleIds };
  if (await isLastAdministrator(service, { roles, groups, wanted: after })) return;
  await Membership.updateOne({ personId }, { $set: { roleIds } });
  const change = personRolesChange(roles, {
    held: await roleIdsHeld(service, before),
    wanted: await roleIdsHeld(service, after),
  });
  if (change.rolesRemoved.length > 0)
    await tellPersonRolesChanged(service, unit, { ...change, tenantId, personId, changedBy: personId });
}
