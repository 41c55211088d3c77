// Somebody else's answer to a request for a role.
import type { Arthemiz } from '../context.ts';
import { roleIdsHeld } from '../memberships/holdings.ts';
import { personBehind } from '../memberships/person-behind.ts';
import { presentMembers } from '../memberships/presence.ts';
import type { Changer } from '../roles/changing.ts';
import { tellPersonRolesChanged } from '../roles/events.ts';
import { givingRefusal } from '../roles/giving.ts';
import { personRolesChange } from '../roles/inheritance.ts';
import { grantsInTurn } from '../roles/reading.ts';
import {
  elevationNotFound,
  elevationNotOpen,
  ownElevation,
  personNotFound,
  roleNotFound,
} from '../roles/refusals.ts';
import { changeGrants, keepDutiesApart } from '../separations/keeping.ts';
import { tellElevation } from './events.ts';
import type { ElevationRow } from './model.ts';
import type { ElevationOutcome } from './requesting.ts';
import { endOf, statusAt } from './rules.ts';

/** Approves or declines a request of the tenant in scope. From an approval on the person holds the role. */
export function decideElevation(
  service: Arthemiz,
  { id, isApproved, changer }: { id: string; isApproved: boolean; changer: Changer },
): Promise<ElevationOutcome> {
  const { models } = service;
  return changeGrants<ElevationOutcome>(service, async (unit) => {
    const { roles } = await grantsInTurn(service);
    const request: ElevationRow | null = await models.Elevation.findOne({ _id: id }).lean();
    if (request === null) return { refusal: elevationNotFound() };
    const decidedAt = new Date();
    const status = statusAt(request, decidedAt);
    if (status !== 'REQUESTED') return { refusal: elevationNotOpen(status) };
    const { personId, roleId, tenantId } = request;
    // Neither by an API key of theirs nor by a service client that they made.
    if (personId === (await personBehind(service, changer.subject))) return { refusal: ownElevation() };
    const decided = { decidedBy: changer.subject, decidedAt };
    if (!isApproved) {
      const elevation: ElevationRow = { ...request, ...decided, outcome: 'declined' };
      await models.Elevation.updateOne({ _id: id }, { $set: { ...decided, outcome: 'declined' } });
      await tellElevation(unit, 'arthemiz.elevation.declined.v1', { elevation, by: changer.subject });
      return { elevation };
    }
    if (!roles.has(roleId)) return { refusal: roleNotFound() };
    const refusal = givingRefusal(roles, { given: [roleId], held: changer.permissions });
    if (refusal) return { refusal };
    const member = await models.Membership.findOne({ personId, ...presentMembers }).lean();
    if (member === null) return { refusal: personNotFound() };
    const held = await roleIdsHeld(service, member, decidedAt);
    const endsAt = endOf(request, decidedAt);
    const approval = { ...decided, outcome: 'approved' as const, endsAt, isEndDue: true };
    await models.Elevation.updateOne({ _id: id }, { $set: approval });
    await models.Membership.updateOne({ personId }, { $max: { elevatedUntil: endsAt } });
    await keepDutiesApart(service, { personId });
    const elevation: ElevationRow = { ...request, ...approval };
    await tellElevation(unit, 'arthemiz.elevation.approved.v1', { elevation, by: changer.subject });
    const change = personRolesChange(roles, { held, wanted: [...held, roleId] });
    if (change.rolesAdded.length > 0)
      await tellPersonRolesChanged(service, unit, {
        ...change,
        tenantId,
        personId,
        changedBy: changer.subject,
      });
    return { elevation };
  });
}
