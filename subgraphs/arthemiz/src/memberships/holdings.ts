// The roles that members of the tenant in scope hold at this moment, and what gives them.
import type { Arthemiz } from '../context.ts';
import type { ElevationRow } from '../elevations/model.ts';
import type { GroupRow } from '../groups/model.ts';
import { groupsOf } from '../groups/reading.ts';
import { heldRoles } from '../groups/rules.ts';
import type { Scope } from '../roles/scopes.ts';
import type { MembershipRow } from './model.ts';
import { isPresent } from './presence.ts';

/** A role that somebody holds: by a group, for a while, on one resource, or, without any of these, as their own. */
export interface Holding {
  roleId: string;
  group: GroupRow | null;
  elevation: ElevationRow | null;
  scope: Scope | null;
}

/** By person. A role stands there as often as it is given. Who is suspended or awaited holds none. */
export async function holdingsOf(
  service: Pick<Arthemiz, 'models'>,
  given: readonly MembershipRow[],
  now = new Date(),
): Promise<Map<string, Holding[]>> {
  const members = given.filter(isPresent);
  const groups = await groupsOf(service, members);
  const elevations = await activeElevations(service, members, now);
  return new Map(
    members.map((member) => [
      member.personId,
      [
        ...heldRoles(member, groups).map((held) => ({ ...held, elevation: null, scope: null })),
        ...elevations
          .filter(({ personId }) => personId === member.personId)
          .map((elevation) => ({ roleId: elevation.roleId, group: null, elevation, scope: null })),
        ...(member.scopedRoles ?? []).map(({ roleId, ...scope }) => ({
          ...{ roleId, group: null, elevation: null, scope },
        })),
      ],
    ]),
  );
}

/** The ids of the roles that a member holds in the whole tenant at this moment, each once. */
export async function roleIdsHeld(
  service: Pick<Arthemiz, 'models'>,
  member: MembershipRow,
  now = new Date(),
): Promise<string[]> {
  const holdings = await holdingsOf(service, [member], now);
  const held = (holdings.get(member.personId) ?? []).filter(({ scope }) => scope === null);
  return [...new Set(held.map(({ roleId }) => roleId))];
}

async function activeElevations(
  { models }: Pick<Arthemiz, 'models'>,
  members: readonly MembershipRow[],
  now: Date,
): Promise<ElevationRow[]> {
  // Next to nobody is elevated, and tokens are issued often.
  const elevated = members.filter(({ elevatedUntil }) => elevatedUntil && elevatedUntil > now);
  if (elevated.length === 0) return [];
  const personIds = elevated.map(({ personId }) => personId);
  return models.Elevation.find({
    personId: { $in: personIds },
    outcome: 'approved',
    endsAt: { $gt: now },
  }).lean();
}
