// The roles that members of the tenant in scope hold at this moment, and what gives them.
import type { Arthemiz } from '../context.ts';
import type { ElevationRow } from '../elevations/model.ts';
import type { GroupRow } from '../groups/model.ts';
import { groupsOf } from '../groups/reading.ts';
import { heldRoles } from '../groups/rules.ts';
import type { MembershipRow } from './model.ts';

/** A role that somebody holds: by a group, for a while, or, without either, as their own. */
export interface Holding {
  roleId: string;
  group: GroupRow | null;
  elevation: ElevationRow | null;
}

/** By person. A role stands there as often as it is given. */
export async function holdingsOf(
  service: Pick<Arthemiz, 'models'>,
  members: readonly MembershipRow[],
  now = new Date(),
): Promise<Map<string, Holding[]>> {
  const groups = await groupsOf(service, members);
  const elevations = await activeElevations(service, members, now);
  return new Map(
    members.map((member) => [
      member.personId,
      [
        ...heldRoles(member, groups).map((held) => ({ ...held, elevation: null })),
        ...elevations
          .filter(({ personId }) => personId === member.personId)
          .map((elevation) => ({ roleId: elevation.roleId, group: null, elevation })),
      ],
    ]),
  );
}

/** The ids of the roles that a member holds at this moment, each once. */
export async function roleIdsHeld(
  service: Pick<Arthemiz, 'models'>,
  member: MembershipRow,
  now = new Date(),
): Promise<string[]> {
  const holdings = await holdingsOf(service, [member], now);
  return [...new Set((holdings.get(member.personId) ?? []).map(({ roleId }) => roleId))];
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
