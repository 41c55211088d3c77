// Roles include what other roles allow: a graph without cycles, whose edges lead from a role to those it inherits from.
import { added, ownPermissionsOf } from './rules.ts';
import { type Scope, type ScopedRole, scopedPermissions } from './scopes.ts';

/** A tenant has a handful of roles; with so many, its whole graph is still read at once. */
export const maximumRoles = 200;
/** Most roles that one role inherits from itself, not counting what those inherit. */
export const maximumInherited = 20;
/** Most roles on a way from a role down to one that inherits nothing, both counted: more, and nobody sees through it. */
export const maximumChain = 8;

export interface InheritingRole {
  _id: string;
  name: string;
  permissions: readonly string[];
  /** Roles from before roles could inherit have none. */
  inheritedRoleIds?: readonly string[] | null;
}

/** Roles by id. What a role inherits and the graph lacks allows nothing. */
export type RoleGraph<Role extends InheritingRole = InheritingRole> = ReadonlyMap<string, Role>;

export function graphOf<Role extends InheritingRole>(roles: readonly Role[]): RoleGraph<Role> {
  return new Map(roles.map((role) => [role._id, role]));
}

/** The roles that a role inherits from itself. */
export function inheritedBy<Role extends InheritingRole>(graph: RoleGraph<Role>, role: Role): Role[] {
  return rolesAt(graph, role.inheritedRoleIds ?? []);
}

/** These roles and all that they inherit, each once, nearest first. */
export function reach<Role extends InheritingRole>(
  graph: RoleGraph<Role>,
  roleIds: Iterable<string>,
): Set<Role> {
  const reached = new Set(rolesAt(graph, roleIds));
  // A set is walked in the order of insertion, what is added on the way included.
  for (const role of reached) for (const inherited of inheritedBy(graph, role)) reached.add(inherited);
  return reached;
}

/** What holding these roles allows: their own permissions and those of all that they inherit, sorted. */
export function effectivePermissions(graph: RoleGraph, roleIds: Iterable<string>): string[] {
  return ownPermissionsOf([...reach(graph, roleIds)]);
}

/** A role that somebody holds: in the whole tenant, or on one resource. */
export interface Held {
  roleId: string;
  scope: Scope | null;
}

export function everywhere(roleIds: readonly string[]): Held[] {
  return roleIds.map((roleId) => ({ roleId, scope: null }));
}

/**
 * What somebody is who holds these roles: all that they allow, and the names of those held in the whole tenant. A role on
 * one resource has no name there, or whoever asks for that name would take it for one that is held everywhere.
 */
export function holding(graph: RoleGraph, held: readonly Held[]) {
  const roleIds = new Set(held.flatMap(({ roleId, scope }) => (scope === null ? [roleId] : [])));
  const scoped = held.flatMap(({ roleId, scope }) => (scope === null ? [] : [{ roleId, ...scope }]));
  return {
    roles: rolesAt(graph, roleIds)
      .map(({ name }) => name)
      .sort(),
    permissions: [...effectivePermissions(graph, roleIds), ...permissionsOnResources(graph, scoped)],
  };
}

/** What holding these roles on their resources allows, sorted. */
export function permissionsOnResources(graph: RoleGraph, roles: readonly ScopedRole[]): string[] {
  return scopedPermissions(roles, (roleId) => effectivePermissions(graph, [roleId]));
}

/** A shortest way of inheritance from one role to another, both included; null where there is none. */
export function pathBetween<Role extends InheritingRole>(
  graph: RoleGraph<Role>,
  { from, to }: { from: Role; to: Role },
): Role[] | null {
  const heirOf = new Map<Role, Role | null>([[from, null]]);
  for (const role of heirOf.keys()) {
    if (role === to) return wayBack(heirOf, role);
    for (const inherited of inheritedBy(graph, role)) if (!heirOf.has(inherited)) heirOf.set(inherited, role);
  }
  return null;
}

/** A way by which the role would inherit from itself, beginning and ending with it; null where there is none. */
export function cycleThrough<Role extends InheritingRole>(graph: RoleGraph<Role>, role: Role): Role[] | null {
  for (const inherited of inheritedBy(graph, role)) {
    const back = pathBetween(graph, { from: inherited, to: role });
    if (back !== null) return [role, ...back];
  }
  return null;
}

/** A longest way through a graph without cycles, from heir to inherited. */
export function longestChain<Role extends InheritingRole>(graph: RoleGraph<Role>): Role[] {
  const chains = new Map<Role, Role[]>();
  const chainFrom = (role: Role): Role[] => {
    const known = chains.get(role);
    if (known !== undefined) return known;
    const chain = [role, ...longest(inheritedBy(graph, role).map(chainFrom))];
    chains.set(role, chain);
    return chain;
  };
  return longest([...graph.values()].map(chainFrom));
}

/** What becomes of somebody who held some roles and holds others now. */
export function personRolesChange(
  graph: RoleGraph,
  { held, wanted }: { held: readonly string[]; wanted: readonly string[] },
) {
  const names = (roleIds: readonly string[]) => rolesAt(graph, roleIds).map(({ name }) => name);
  const allowed = (roleIds: readonly string[]) => effectivePermissions(graph, roleIds);
  return {
    rolesAdded: added(names(held), names(wanted)),
    rolesRemoved: added(names(wanted), names(held)),
    permissionsAdded: added(allowed(held), allowed(wanted)),
    permissionsRemoved: added(allowed(wanted), allowed(held)),
  };
}

function longest<Role>(chains: readonly Role[][]): Role[] {
  return chains.reduce<Role[]>((best, chain) => (chain.length > best.length ? chain : best), []);
}

function rolesAt<Role extends InheritingRole>(graph: RoleGraph<Role>, ids: Iterable<string>): Role[] {
  return [...ids].flatMap((id) => graph.get(id) ?? []);
}

function wayBack<Role>(heirOf: ReadonlyMap<Role, Role | null>, end: Role): Role[] {
  const way = [end];
  for (let heir = heirOf.get(end); heir; heir = heirOf.get(heir)) way.unshift(heir);
  return way;
}
