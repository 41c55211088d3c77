// Who holds roles of the tenant in scope, by themselves or by a group.
import type { Arthemiz } from '../context.ts';
import type { Member, RoleGiver } from '../groups/rules.ts';
import { presentMembers } from '../memberships/presence.ts';
import { effectivePermissions, type RoleGraph } from './inheritance.ts';
import { administers } from './rules.ts';

/** What roles allow and what groups give. */
export interface Grants {
  roles: RoleGraph;
  groups: readonly (RoleGiver & { name: string })[];
}

/** Whether a change takes role:write from the last one who held it. */
export async function losesAdministrator(
  service: Arthemiz,
  { before, after }: { before: Grants; after: Grants },
): Promise<boolean> {
  const [former, remaining] = [administering(before), administering(after)];
  if (isWithin(former.roleIds, remaining.roleIds) && isWithin(former.groupIds, remaining.groupIds))
    return false;
  // A tenant that has no administrator, such as one that nobody has joined yet, may go on without.
  return !(await isHeld(service, remaining)) && (await isHeld(service, former));
}

/** Whether nobody would hold role:write any more, were this a person's membership. */
export async function isLastAdministrator(
  service: Arthemiz,
  { wanted, ...grants }: Grants & { wanted: Member & { personId: string } },
): Promise<boolean> {
  const { personId } = wanted;
  const { roleIds, groupIds } = administering(grants);
  const stays =
    wanted.roleIds.some((id) => roleIds.includes(id)) || wanted.groupIds?.some((id) => groupIds.includes(id));
  if (stays || !(await isHeld(service, { roleIds, groupIds }, { personId }))) return false;
  return !(await isHeld(service, { roleIds, groupIds }, { personId: { $ne: personId } }));
}

interface Administering {
  roleIds: string[];
  groupIds: string[];
}

/** The roles that allow, themselves or by inheritance, to decide about roles, and the groups that give one of these. */
function administering({ roles, groups }: Grants): Administering {
  const roleIds = [...roles.keys()].filter((id) => effectivePermissions(roles, [id]).includes(administers));
  const groupIds = groups
    .filter((group) => group.roleIds.some((id) => roleIds.includes(id)))
    .map(({ _id }) => _id);
  return { roleIds, groupIds };
}

function isWithin(some: readonly string[], all: readonly string[]): boolean {
  return some.every((one) => all.includes(one));
}

async function isHeld(
  { models }: Arthemiz,
  { roleIds, groupIds }: Administering,
  who: { personId?: string | { $ne: string } } = {},
): Promise<boolean> {
  const holds = { $or: [{ roleIds: { $in: roleIds } }, { groupIds: { $in: groupIds } }] };
  return (await models.Membership.exists({ ...who, ...holds, ...presentMembers })) !== null;
}

export interface Holders {
  people: number;
  serviceClients: number;
  /** Names of the roles that inherit it, sorted. */
  roles: string[];
  /** Names of the groups that give it, sorted. */
  groups: string[];
}

/** Who holds a role itself, gives it or inherits it. */
export async function holdersOf(
  { models }: Arthemiz,
  { roles, groups }: Grants,
  roleId: string,
): Promise<Holders> {
  return {
    people:
      (await models.Membership.countDocuments({
        $or: [{ roleIds: roleId }, { 'scopedRoles.roleId': roleId }],
      })) +
      (await models.Elevation.countDocuments({
        roleId,
        outcome: 'approved',
        endsAt: { $gt: new Date() },
      })),
    serviceClients: await models.ServiceClient.countDocuments({ roleIds: roleId }),
    roles: [...roles.values()]
      .filter(({ inheritedRoleIds }) => inheritedRoleIds?.includes(roleId))
      .map(({ name }) => name)
      .sort(),
    groups: groups
      .filter(({ roleIds }) => roleIds.includes(roleId))
      .map(({ name }) => name)
      .sort(),
  };
}
