// Letting a member of the tenant in scope do nothing there for a while, and letting them back. What they are elsewhere
// is not touched. In a transaction that has taken the tenant's turn (`grantsInTurn`).
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import { tellPersonRolesChanged } from '../roles/events.ts';
import { type Grants, isLastAdministrator } from '../roles/holders.ts';
import { holding } from '../roles/inheritance.ts';
import { lastAdministrator, type RoleRefusal } from '../roles/refusals.ts';
import { added } from '../roles/rules.ts';
import { tellPersonRemoved, tellPersonResumed, tellPersonSuspended } from './events.ts';
import { holdingsOf } from './holdings.ts';
import type { MembershipRow } from './model.ts';

export interface PresenceChange extends Grants {
  member: MembershipRow;
  changedBy: string;
}

export async function suspendMember(
  service: Arthemiz,
  unit: UnitOfWork,
  change: PresenceChange,
): Promise<RoleRefusal | undefined> {
  const { member, changedBy } = change;
  if (await isNeeded(service, change)) return lastAdministrator();
  const suspendedAt = new Date();
  await service.models.Membership.updateOne({ _id: member._id }, { $set: { suspendedAt } });
  await tellPersonSuspended(unit, { personId: member.personId, changedBy });
  await tellRoles(service, unit, { ...change, after: { ...member, suspendedAt } });
  return undefined;
}

export async function resumeMember(
  service: Arthemiz,
  unit: UnitOfWork,
  change: PresenceChange,
): Promise<void> {
  const { member, changedBy } = change;
  await service.models.Membership.updateOne({ _id: member._id }, { $unset: { suspendedAt: 1 } });
  await tellPersonResumed(unit, { personId: member.personId, changedBy });
  await tellRoles(service, unit, { ...change, after: { ...member, suspendedAt: null } });
}

/** Ends the membership for good: also its API keys, since they are bound to it. */
export async function removeMember(
  service: Arthemiz,
  unit: UnitOfWork,
  change: PresenceChange,
): Promise<RoleRefusal | undefined> {
  const { member, changedBy } = change;
  if (await isNeeded(service, change)) return lastAdministrator();
  await service.models.Membership.deleteOne({ _id: member._id });
  await tellPersonRemoved(unit, { personId: member.personId, changedBy });
  await tellRoles(service, unit, { ...change, after: { ...member, suspendedAt: new Date() } });
  return undefined;
}

function isNeeded(service: Arthemiz, { roles, groups, member }: PresenceChange): Promise<boolean> {
  return isLastAdministrator(service, {
    ...{ roles, groups },
    wanted: { personId: member.personId, roleIds: [], groupIds: [] },
  });
}

async function tellRoles(
  service: Arthemiz,
  unit: UnitOfWork,
  { roles, member, changedBy, after }: PresenceChange & { after: MembershipRow },
): Promise<void> {
  const [before, now] = [await heldBy(service, roles, member), await heldBy(service, roles, after)];
  const permissionsAdded = added(before.permissions, now.permissions);
  const permissionsRemoved = added(now.permissions, before.permissions);
  const rolesAdded = added(before.roles, now.roles);
  const rolesRemoved = added(now.roles, before.roles);
  const changes = [permissionsAdded, permissionsRemoved, rolesAdded, rolesRemoved];
  if (changes.every(({ length }) => length === 0)) return;
  const { tenantId, personId } = member;
  const change = { rolesAdded, rolesRemoved, permissionsAdded, permissionsRemoved };
  await tellPersonRolesChanged(service, unit, { ...change, tenantId, personId, changedBy });
}

/** Everywhere and on single resources. */
async function heldBy(service: Arthemiz, roles: Grants['roles'], member: MembershipRow) {
  const holdings = await holdingsOf(service, [member]);
  return holding(roles, holdings.get(member.personId) ?? []);
}
