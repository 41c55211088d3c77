// Who is in which groups.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import { roleIdsHeld } from '../memberships/holdings.ts';
import type { MembershipRow } from '../memberships/model.ts';
import type { AssignmentOutcome } from '../roles/assigning.ts';
import type { Changer } from '../roles/changing.ts';
import { tellPersonRolesChanged } from '../roles/events.ts';
import { givingRefusal } from '../roles/giving.ts';
import { type Grants, isLastAdministrator } from '../roles/holders.ts';
import { personRolesChange } from '../roles/inheritance.ts';
import { grantsInTurn } from '../roles/reading.ts';
import { groupNotFound, lastAdministrator, personNotFound } from '../roles/refusals.ts';
import { added } from '../roles/rules.ts';
import { changeGrants, keepDutiesApart } from '../separations/keeping.ts';
import { tellPersonGroupsChanged } from './events.ts';
import { heldRoleIds } from './rules.ts';

/** Lets a person of the tenant in scope be in exactly these groups. */
export function assignGroups(
  service: Arthemiz,
  { personId, groupIds, changer }: { personId: string; groupIds: string[]; changer: Changer },
): Promise<AssignmentOutcome> {
  return changeGrants<AssignmentOutcome>(service, async (unit) => {
    const grants = await grantsInTurn(service);
    const before: MembershipRow | null = await service.models.Membership.findOne({ personId }).lean();
    if (before === null) return { refusal: personNotFound() };
    if (groupIds.some((id) => !grants.groups.some(({ _id }) => _id === id)))
      return { refusal: groupNotFound() };
    return changeGroups(service, unit, { ...grants, before, groupIds, changer });
  });
}

export interface GroupsChange extends Grants {
  before: MembershipRow;
  /** All of them the tenant's. */
  groupIds: string[];
  changer: Changer;
}

/** The same for a member at hand, in a transaction that has taken the tenant's turn. @throws DutiesHeldTogether */
export async function changeGroups(
  service: Arthemiz,
  unit: UnitOfWork,
  { roles, groups, before, groupIds, changer }: GroupsChange,
): Promise<AssignmentOutcome> {
  const groupsBefore = before.groupIds ?? [];
  const entered = { roleIds: [], groupIds: added(groupsBefore, groupIds) };
  // Every permission of a group that is entered counts, also one that the person has by another way already.
  const given = heldRoleIds(entered, groups);
  const refusal = givingRefusal(roles, { given, held: changer.permissions });
  if (refusal) return { refusal };
  const membership = { ...before, groupIds };
  if (await isLastAdministrator(service, { roles, groups, wanted: membership }))
    return { refusal: lastAdministrator() };
  const groupsAdded = namesOf(entered.groupIds);
  const groupsRemoved = namesOf(added(groupIds, groupsBefore));
  if (groupsAdded.length + groupsRemoved.length === 0) return { membership: before };
  const { personId, tenantId } = before;
  await service.models.Membership.updateOne({ personId }, { $set: { groupIds } });
  await keepDutiesApart(service, { personId });
  const who = { personId, changedBy: changer.subject };
  await tellPersonGroupsChanged(unit, { ...who, groupsAdded, groupsRemoved });
  const change = personRolesChange(roles, {
    held: await roleIdsHeld(service, before),
    wanted: await roleIdsHeld(service, membership),
  });
  if (change.rolesAdded.length + change.rolesRemoved.length > 0)
    await tellPersonRolesChanged(service, unit, { ...who, ...change, tenantId });
  return { membership };

  function namesOf(ids: readonly string[]): string[] {
    return groups.filter(({ _id }) => ids.includes(_id)).map(({ name }) => name);
  }
}
