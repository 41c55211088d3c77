import { scopedTo } from '@supergraph/chassis/scoped-permissions';
import { effectivePermissions, type RoleGraph } from './inheritance.ts';
import { permissionNotHeld } from './refusals.ts';
import { permittedOn, type Scope } from './scopes.ts';

/**
 * Why somebody may not give these roles: one of them allows, by itself or by what it inherits, what they don't hold.
 * Undefined where they may.
 */
export function givingRefusal(
  roles: RoleGraph,
  { given, held }: { given: Iterable<string>; held: ReadonlySet<string> },
) {
  const missing = effectivePermissions(roles, given).filter((permission) => !held.has(permission));
  return missing.length > 0 ? permissionNotHeld(missing) : undefined;
}

/** The same of roles on one resource: who holds what they allow there may give it. */
export function givingOnRefusal(
  roles: RoleGraph,
  { scope, given, held }: { scope: Scope; given: Iterable<string>; held: ReadonlySet<string> },
) {
  const missing = permittedOn(scope, effectivePermissions(roles, given)).filter(
    (permission) => !held.has(permission) && !held.has(scopedTo(scope.resourceId, permission)),
  );
  return missing.length > 0 ? permissionNotHeld(missing) : undefined;
}
