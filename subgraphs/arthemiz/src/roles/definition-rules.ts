// Whether a role may be what somebody wants it to be.
import {
  cycleThrough,
  effectivePermissions,
  type InheritingRole,
  longestChain,
  maximumChain,
  type RoleGraph,
} from './inheritance.ts';
import {
  inheritanceTooDeep,
  permissionNotHeld,
  type RoleRefusal,
  roleCycle,
  roleNotFound,
} from './refusals.ts';
import { added } from './rules.ts';

/** Why somebody may not define the role so; undefined where they may. */
export function definitionRefusal({
  role,
  before,
  graph,
  held,
}: {
  role: InheritingRole;
  /** What it was; undefined for a new one. */
  before: InheritingRole | undefined;
  /** The roles of the tenant as they would be. */
  graph: RoleGraph;
  /** What the one who defines it may do. */
  held: ReadonlySet<string>;
}): RoleRefusal | undefined {
  const inherited = role.inheritedRoleIds ?? [];
  if (inherited.some((id) => !graph.has(id))) return roleNotFound();
  const cycle = cycleThrough(graph, role);
  if (cycle !== null) return roleCycle(namesOf(cycle));
  const chain = longestChain(graph);
  if (chain.length > maximumChain) return inheritanceTooDeep(namesOf(chain), maximumChain);
  // Of a role that is inherited now every permission counts, also one that comes by another way already: that way may
  // be taken away, and this one stays.
  const given = [
    ...added(before?.permissions ?? [], role.permissions),
    ...effectivePermissions(graph, added(before?.inheritedRoleIds ?? [], inherited)),
  ];
  const missing = [...new Set(given)].filter((permission) => !held.has(permission)).sort();
  return missing.length > 0 ? permissionNotHeld(missing) : undefined;
}

function namesOf(roles: readonly InheritingRole[]): string[] {
  return roles.map(({ name }) => name);
}
