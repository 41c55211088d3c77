// What suspending a member, letting them back and removing them have in common.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import { tellPersonRolesChanged } from '../roles/events.ts';
import { type Grants, isLastAdministrator } from '../roles/holders.ts';
import { holding } from '../roles/inheritance.ts';
import { added } from '../roles/rules.ts';
import { holdingsOf } from './holdings.ts';
import type { MembershipRow } from './model.ts';

export interface PresenceChange extends Grants {
  member: MembershipRow;
  /** A person, a service client or an API key. */
  changedBy: string;
}

/** Whether nobody could decide about roles without them. */
export function isNeeded(service: Arthemiz, { roles, groups, member }: PresenceChange): Promise<boolean> {
  return isLastAdministrator(service, {
    ...{ roles, groups },
    wanted: { personId: member.personId, roleIds: [], groupIds: [] },
  });
}

/** What roles they lose, or have back. */
export async function tellRoles(
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
