import { newId } from '@supergraph/chassis/identifiers';
import type { Arthemiz } from '../context.ts';
import { presentMembers } from '../memberships/presence.ts';
import { inTenantsRegion } from '../residency/transactions.ts';
import { grantsInTurn } from '../roles/reading.ts';
import { personNotFound, type RoleRefusal, roleNotFound, tooManyElevations } from '../roles/refusals.ts';
import { tellElevation } from './events.ts';
import type { ElevationRow } from './model.ts';
import { maximumOpen, openAt } from './rules.ts';

export type ElevationOutcome = { elevation: ElevationRow } | { refusal: RoleRefusal };

/** Asks, for a person of the tenant in scope, for a role for some minutes. */
export function requestElevation(
  service: Arthemiz,
  given: { personId: string; roleId: string; minutes: number; reason: string },
): Promise<ElevationOutcome> {
  const { models } = service;
  const { personId, roleId } = given;
  return inTenantsRegion<ElevationOutcome>(service, async (unit) => {
    const { roles } = await grantsInTurn(service);
    if ((await models.Membership.exists({ personId, ...presentMembers })) === null)
      return { refusal: personNotFound() };
    const role = roles.get(roleId);
    if (role === undefined) return { refusal: roleNotFound() };
    const requestedAt = new Date();
    const open = await models.Elevation.countDocuments({ personId, ...openAt(requestedAt) });
    if (open >= maximumOpen) return { refusal: tooManyElevations(maximumOpen) };
    const [created] = await models.Elevation.create([
      { ...given, _id: newId('elv'), roleName: role.name, requestedAt },
    ]);
    if (created === undefined) throw new Error('The elevation was not requested.');
    const elevation: ElevationRow = created.toObject();
    await tellElevation(unit, 'arthemiz.elevation.requested.v1', { elevation, by: personId });
    return { elevation };
  });
}
