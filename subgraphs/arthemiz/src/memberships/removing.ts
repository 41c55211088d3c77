// Ending a membership of the tenant in scope for good, and with it all by which its person could go on there. Their account
// and their other tenants stay. In a transaction that has taken the tenant's turn (`grantsInTurn`).
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import { revokeKeysBoundTo } from '../api-keys/changing.ts';
import type { Arthemiz } from '../context.ts';
import { endElevationsOf } from '../elevations/ending.ts';
import { doAtHome } from '../home-tasks/doing.ts';
import { revokeInvitationsOf } from '../invitations/inviting.ts';
import { lastAdministrator, type RoleRefusal } from '../roles/refusals.ts';
import { tellPersonRemoved } from './events.ts';
import { isNeeded, type PresenceChange, tellRoles } from './presence-changes.ts';

export async function removeMember(
  service: Arthemiz,
  unit: UnitOfWork,
  change: PresenceChange,
): Promise<RoleRefusal | undefined> {
  const { member, changedBy } = change;
  const { _id, personId } = member;
  if (await isNeeded(service, change)) return lastAdministrator();
  await service.models.Membership.deleteOne({ _id });
  await tellPersonRemoved(unit, { personId, changedBy });
  await tellRoles(service, unit, { ...change, after: { ...member, suspendedAt: new Date() } });
  await endElevationsOf(service, unit, { personId, by: changedBy });
  await revokeKeysBoundTo(service, unit, { boundTo: _id, revokedBy: changedBy });
  await doAtHome(service, 'end-members-sessions', { personId, endedBy: changedBy });
  const email = await addressOf(service, change);
  // A link that is still out would bring them back.
  if (email) await revokeInvitationsOf(service, email);
  return undefined;
}

async function addressOf({ models }: Arthemiz, { member }: PresenceChange) {
  const person = await models.Person.findOne({ _id: member.personId }).lean();
  return person?.email ?? member.directory?.userName;
}
