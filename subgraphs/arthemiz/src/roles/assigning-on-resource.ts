// Who holds which roles on one resource. Changes of one tenant are made one after the other.
import type { Arthemiz } from '../context.ts';
import type { MembershipRow } from '../memberships/model.ts';
import { changeGrants, keepDutiesApart } from '../separations/keeping.ts';
import type { AssignmentOutcome } from './assigning.ts';
import type { Changer } from './changing.ts';
import { tellPersonRolesChanged, tellScopedRolesChanged } from './events.ts';
import { givingOnRefusal } from './giving.ts';
import { permissionsOnResources } from './inheritance.ts';
import { grantsInTurn } from './reading.ts';
import { personNotFound, roleNotFound, tooManyScopedRoles } from './refusals.ts';
import { added } from './rules.ts';
import { changeOn, maximumScopedRoles, type Scope, type ScopedRole, withRolesOn } from './scopes.ts';

export interface WantedOnResource {
  personId: string;
  roleIds: string[];
  scope: Scope;
  changer: Changer;
}

/**
 * Lets a person of the tenant in scope hold exactly these roles on a resource. Whether it is there is nobody's to say
 * here: a role on what is not there, or is another tenant's, opens nothing.
 */
export function assignRolesOn(
  service: Arthemiz,
  { personId, roleIds, scope, changer }: WantedOnResource,
): Promise<AssignmentOutcome> {
  return changeGrants<AssignmentOutcome>(service, async (unit) => {
    const { roles } = await grantsInTurn(service);
    const before: MembershipRow | null = await service.models.Membership.findOne({ personId }).lean();
    if (before === null) return { refusal: personNotFound() };
    if (roleIds.some((id) => !roles.has(id))) return { refusal: roleNotFound() };
    const held: ScopedRole[] = before.scopedRoles ?? [];
    const scopedRoles = withRolesOn(scope, { roleIds, held });
    const change = changeOn(scope, { held, wanted: scopedRoles });
    const refusal = givingOnRefusal(roles, { scope, given: change.rolesAdded, held: changer.permissions });
    if (refusal) return { refusal };
    if (scopedRoles.length > maximumScopedRoles) return { refusal: tooManyScopedRoles(maximumScopedRoles) };
    if (change.rolesAdded.length + change.rolesRemoved.length === 0) return { membership: before };
    await service.models.Membership.updateOne({ personId }, { $set: { scopedRoles } });
    await keepDutiesApart(service, { personId });
    const namesOf = (ids: readonly string[]) => ids.flatMap((id) => roles.get(id)?.name ?? []).sort();
    const who = { personId, changedBy: changer.subject };
    await tellScopedRolesChanged(unit, {
      ...{ ...who, ...scope },
      rolesAdded: namesOf(change.rolesAdded),
      rolesRemoved: namesOf(change.rolesRemoved),
    });
    const allowedBefore = permissionsOnResources(roles, held);
    const allowed = permissionsOnResources(roles, scopedRoles);
    // For gateways: the names of roles are those that are held in the whole tenant.
    await tellPersonRolesChanged(service, unit, {
      ...{ ...who, tenantId: before.tenantId, rolesAdded: [], rolesRemoved: [] },
      permissionsAdded: added(allowedBefore, allowed),
      permissionsRemoved: added(allowed, allowedBefore),
    });
    return { membership: { ...before, scopedRoles } };
  });
}
