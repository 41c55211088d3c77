// Letting a member of the tenant in scope do nothing there for a while, and letting them back. What they are elsewhere
// is not touched. In a transaction that has taken the tenant's turn (`grantsInTurn`).
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import { lastAdministrator, type RoleRefusal } from '../roles/refusals.ts';
import { tellPersonResumed, tellPersonSuspended } from './events.ts';
import { isNeeded, type PresenceChange, tellRoles } from './presence-changes.ts';

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
