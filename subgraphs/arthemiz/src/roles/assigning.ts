// Who holds which roles. Changes of one tenant are made one after the other.
import type { Arthemiz } from '../context.ts';
import { roleIdsHeld } from '../memberships/holdings.ts';
import type { MembershipRow } from '../memberships/model.ts';
import { changeGrants, keepDutiesApart } from '../separations/keeping.ts';
import type { Changer } from './changing.ts';
import { tellPersonRolesChanged } from './events.ts';
import { givingRefusal } from './giving.ts';
import { isLastAdministrator } from './holders.ts';
import { personRolesChange } from './inheritance.ts';
import { grantsInTurn } from './reading.ts';
import { lastAdministrator, personNotFound, type RoleRefusal, roleNotFound } from './refusals.ts';
import { added } from './rules.ts';

export type AssignmentOutcome = { membership: MembershipRow } | { refusal: RoleRefusal };

/** Lets a person of the tenant in scope hold exactly these roles. */
export function assignRoles(
  service: Arthemiz,
  { personId, roleIds, changer }: { personId: string; roleIds: string[]; changer: Changer },
): Promise<AssignmentOutcome> {
  return changeGrants<AssignmentOutcome>(service, async (unit) => {
    const { roles, groups } = await grantsInTurn(service);
    const before: MembershipRow | null = await service.models.Membership.findOne({ personId }).lean();
    if (before === null) return { refusal: personNotFound() };
    if (roleIds.some((id) => !roles.has(id))) return { refusal: roleNotFound() };
    // Of a role that is given now every permission counts, also one that the person has by another role already.
    const given = added(before.roleIds, roleIds);
    const refusal = givingRefusal(roles, { given, held: changer.permissions });
    if (refusal) return { refusal };
    const membership = { ...before, roleIds };
    if (await isLastAdministrator(service, { roles, groups, wanted: membership }))
      return { refusal: lastAdministrator() };
    await service.models.Membership.updateOne({ personId }, { $set: { roleIds } });
    await keepDutiesApart(service, { personId });
    const change = personRolesChange(roles, {
      held: await roleIdsHeld(service, before),
      wanted: await roleIdsHeld(service, membership),
    });
    const { tenantId } = before;
    // A role that they hold by another way too stays with them, whatever becomes of their own.
    if (change.rolesAdded.length + change.rolesRemoved.length > 0)
      await tellPersonRolesChanged(service, unit, {
        ...change,
        tenantId,
        personId,
        changedBy: changer.subject,
      });
    return { membership };
  });
}
