// Roles on one resource alone: what they give there, and how many of them somebody holds.
import { scopedTo } from '@supergraph/chassis/scoped-permissions';
import { added, type Permission } from './rules.ts';

/** What a role may be given on: how its ids begin, and what can be permitted on one. What lies in it comes along. */
export const resourceTypes = {
  SERVICE: { idPrefix: 'svc', permissions: ['service:read', 'check:read', 'check:write'] },
  CHECK: { idPrefix: 'chk', permissions: ['check:read', 'check:write'] },
} as const satisfies Record<string, { idPrefix: string; permissions: readonly Permission[] }>;

export type ResourceType = keyof typeof resourceTypes;

/** One resource. */
export interface Scope {
  resourceType: ResourceType;
  resourceId: string;
}

/** A role on one resource. */
export interface ScopedRole extends Scope {
  roleId: string;
}

/** Tokens and passports carry what they allow, one by one. */
export const maximumScopedRoles = 20;

/** Whether an id is one of the type's. */
export function isIdOf({ resourceType, resourceId }: Scope): boolean {
  const { idPrefix } = resourceTypes[resourceType];
  return new RegExp(`^${idPrefix}_[A-Za-z0-9-]{1,60}$`).test(resourceId);
}

export function isSameResource(one: Scope, other: Scope): boolean {
  return one.resourceType === other.resourceType && one.resourceId === other.resourceId;
}

/** What of this a role gives on a resource of the type. */
export function permittedOn(
  { resourceType }: Pick<Scope, 'resourceType'>,
  allowed: readonly string[],
): string[] {
  const possible: readonly string[] = resourceTypes[resourceType].permissions;
  return allowed.filter((permission) => possible.includes(permission));
}

/** What these roles give, as permissions on their resources, sorted. */
export function scopedPermissions(
  roles: readonly ScopedRole[],
  allowedBy: (roleId: string) => readonly string[],
): string[] {
  const given = roles.flatMap((role) =>
    permittedOn(role, allowedBy(role.roleId)).map((permission) => scopedTo(role.resourceId, permission)),
  );
  return [...new Set(given)].sort();
}

/** Somebody's roles on resources, where they hold exactly these on this one. */
export function withRolesOn(
  scope: Scope,
  { roleIds, held }: { roleIds: readonly string[]; held: readonly ScopedRole[] },
): ScopedRole[] {
  const elsewhere = held.filter((role) => !isSameResource(role, scope));
  return [...elsewhere, ...roleIds.map((roleId) => ({ roleId, ...scope }))];
}

/** Ids of the roles that come and go on a resource. */
export function changeOn(
  scope: Scope,
  { held, wanted }: { held: readonly ScopedRole[]; wanted: readonly ScopedRole[] },
) {
  const on = (roles: readonly ScopedRole[]) =>
    roles.filter((role) => isSameResource(role, scope)).map(({ roleId }) => roleId);
  return { rolesAdded: added(on(held), on(wanted)), rolesRemoved: added(on(wanted), on(held)) };
}
