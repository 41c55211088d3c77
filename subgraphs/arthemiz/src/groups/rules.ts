// What groups give to those who are in them.

/** A tenant's groups are read at once, so that they are bounded. */
export const maximumGroups = 200;

export interface RoleGiver {
  _id: string;
  roleIds: readonly string[];
}

export interface Member {
  roleIds: readonly string[];
  /** Memberships from before there were groups have none. */
  groupIds?: readonly string[] | null;
}

/** A role that somebody holds, and the group that gives it; without one it is theirs. */
export interface HeldRole<Group extends RoleGiver = RoleGiver> {
  roleId: string;
  group: Group | null;
}

/** The roles that a member holds, each as often as it is given. A group that is gone gives nothing. */
export function heldRoles<Group extends RoleGiver>(
  { roleIds, groupIds }: Member,
  groups: readonly Group[],
): HeldRole<Group>[] {
  return [
    ...roleIds.map((roleId) => ({ roleId, group: null })),
    ...groups
      .filter(({ _id }) => groupIds?.includes(_id))
      .flatMap((group) => group.roleIds.map((roleId) => ({ roleId, group }))),
  ];
}

/** The ids of the roles that a member holds, each once. */
export function heldRoleIds(member: Member, groups: readonly RoleGiver[]): string[] {
  return [...new Set(heldRoles(member, groups).map(({ roleId }) => roleId))];
}
