// Why somebody may do something, or what it would take.
import type { Holding } from '../memberships/holdings.ts';
import type { SeparationRow } from '../separations/model.ts';
import { dutiesHeld, keepingFrom } from '../separations/rules.ts';
import { effectivePermissions, type InheritingRole, pathBetween, type RoleGraph } from './inheritance.ts';
import type { Permission } from './rules.ts';
import { permittedOn } from './scopes.ts';

/** More ways than anybody reads. */
const maximumWays = 50;
const maximumSuggestions = 20;

/** By what somebody holds the first role, and the way from there. */
export interface AccessWay<Role extends InheritingRole> extends Omit<Holding, 'roleId'> {
  /** From a role that is held to one that has the permission itself. */
  path: Role[];
}

export interface AccessExplanation<Role extends InheritingRole> {
  permission: string;
  /** In the whole tenant. */
  isAllowed: boolean;
  /** The shortest first; those on one resource are among them. */
  ways: AccessWay<Role>[];
  /** Roles that would give it, those that allow the least first; none for somebody who has it. */
  rolesThatWouldGive: Role[];
  /** What keeps them from it, whichever of these roles they were given. */
  separations: SeparationRow[];
}

export function explain<Role extends InheritingRole>(
  roles: RoleGraph<Role>,
  {
    permission,
    held,
    separations,
  }: { permission: Permission; held: readonly Holding[]; separations: readonly SeparationRow[] },
): AccessExplanation<Role> {
  const giving = [...roles.values()].filter(({ permissions }) => permissions.includes(permission));
  const ways = held
    .filter(({ scope }) => scope === null || permittedOn(scope, [permission]).length > 0)
    .flatMap(({ roleId, ...by }) =>
      giving.map((to) => {
        const from = roles.get(roleId);
        return { ...by, path: from ? pathBetween(roles, { from, to }) : null };
      }),
    )
    .flatMap(({ path, ...by }) => (path === null ? [] : [{ ...by, path }]))
    .sort((one, other) => one.path.length - other.path.length)
    .slice(0, maximumWays);
  const isAllowed = ways.some(({ scope }) => scope === null);
  const rolesThatWouldGive = isAllowed ? [] : suggestions(roles, permission);
  const keeping = keepingFrom(separations, {
    permission,
    held: dutiesHeld(roles, held),
    giving: rolesThatWouldGive.map(({ _id }) => _id),
  });
  return { permission, isAllowed, ways, rolesThatWouldGive, separations: keeping };
}

function suggestions<Role extends InheritingRole>(roles: RoleGraph<Role>, permission: string): Role[] {
  return [...roles.values()]
    .map((role) => ({ role, allowed: effectivePermissions(roles, [role._id]) }))
    .filter(({ allowed }) => allowed.includes(permission))
    .sort((one, other) => one.allowed.length - other.allowed.length)
    .slice(0, maximumSuggestions)
    .map(({ role }) => role);
}
