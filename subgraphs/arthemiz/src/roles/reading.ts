// Roles of the tenant in scope, read together with what they inherit.
import type { Arthemiz } from '../context.ts';
import type { GroupRow } from '../groups/model.ts';
import { allGroups } from '../groups/reading.ts';
import { takeTurn } from '../turns/taking.ts';
import { graphOf, maximumRoles, type RoleGraph } from './inheritance.ts';
import type { RoleRow } from './model.ts';

type Reads = Pick<Arthemiz, 'models'>;

/** All roles, by name. */
export async function allRoles({ models }: Reads): Promise<RoleGraph<RoleRow>> {
  return graphOf(await models.Role.find().sort({ name: 1 }).limit(maximumRoles).lean());
}

/** At least these roles and all that they inherit, by name: in one query where none of them inherits anything. */
export async function rolesWithInherited(
  service: Reads,
  roleIds: readonly string[],
): Promise<RoleGraph<RoleRow>> {
  const roles = await service.models.Role.find({ _id: { $in: roleIds } })
    .sort({ name: 1 })
    .lean();
  const inherits = roles.some(({ inheritedRoleIds }) => (inheritedRoleIds ?? []).length > 0);
  return inherits ? allRoles(service) : graphOf(roles);
}

/**
 * All roles and groups, to change them or who holds them in the running transaction. Takes the tenant's turn: the next change
 * waits for this one's end. Without that, two owners could take the last administrator away together, and two writers
 * could close a cycle, each by one half.
 */
export async function grantsInTurn(
  service: Reads & Pick<Arthemiz, 'connection'>,
): Promise<{ roles: RoleGraph<RoleRow>; groups: GroupRow[] }> {
  await takeTurn(service, 'grantChanges');
  return { roles: await allRoles(service), groups: await allGroups(service) };
}
