import { effectivePermissions, type RoleGraph } from './inheritance.ts';
import { permissionNotHeld } from './refusals.ts';

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
