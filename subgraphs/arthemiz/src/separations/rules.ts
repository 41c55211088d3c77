// Separation of duties: of some roles and permissions, nobody holds more than one. Inherited and for a while count, and
// so does what is held on one resource: who may pay there and approve elsewhere is one step away from both.
import { withoutScope } from '@supergraph/chassis/scoped-permissions';
import { type Held, holding, type RoleGraph, reach } from '../roles/inheritance.ts';
import type { Permission } from '../roles/rules.ts';

/** They are looked at whenever somebody's roles change. */
export const maximumSeparations = 50;
/** Roles and permissions of one together. */
export const duties = { least: 2, most: 20 };

export interface Separation {
  name: string;
  roleIds: readonly string[];
  permissions: readonly string[];
}

/** What somebody holds by their roles: ids of these and of all that they inherit, and what they may do anywhere. */
export interface DutiesHeld {
  roleIds: ReadonlySet<string>;
  permissions: ReadonlySet<string>;
}

export function dutiesHeld(graph: RoleGraph, held: readonly Held[]): DutiesHeld {
  const roles = reach(
    graph,
    held.map(({ roleId }) => roleId),
  );
  return {
    roleIds: new Set([...roles].map(({ _id }) => _id)),
    permissions: new Set(holding(graph, held).permissions.map(withoutScope)),
  };
}

/** Which of its roles and permissions somebody holds. */
export function heldOf({ roleIds, permissions }: Separation, held: DutiesHeld) {
  return {
    roleIds: roleIds.filter((id) => held.roleIds.has(id)),
    permissions: permissions.filter((permission) => held.permissions.has(permission)),
  };
}

/** The first separation of which somebody holds more than one. */
export function brokenBy<Kept extends Separation>(
  separations: readonly Kept[],
  held: DutiesHeld,
): Kept | undefined {
  return separations.find((separation) => {
    const { roleIds, permissions } = heldOf(separation, held);
    return roleIds.length + permissions.length > 1;
  });
}

/** The separations that keep somebody from a permission: what they hold of one may not be held with it. */
export function keepingFrom<Kept extends Separation>(
  separations: readonly Kept[],
  { permission, held, giving }: { permission: Permission; held: DutiesHeld; giving: readonly string[] },
): Kept[] {
  if (held.permissions.has(permission)) return [];
  return separations.filter((separation) => {
    const { roleIds, permissions } = heldOf(separation, held);
    const names =
      separation.permissions.includes(permission) || separation.roleIds.some((id) => giving.includes(id));
    return names && roleIds.length + permissions.length > 0;
  });
}
