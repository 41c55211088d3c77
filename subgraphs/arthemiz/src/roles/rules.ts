// What can be permitted, and the roles that every tenant begins with.

/** Every permission of the platform, as `resource:action`. */
export const permissions = [
  'tenant:read',
  'tenant:update',
  'tenant:create',
  'person:read',
  'person:invite',
  'role:read',
  'role:write',
  'api-key:read',
  'api-key:write',
  // Developers': the public schema by introspection, and what tools tell of it.
  'schema:read',
  'service:read',
  'service:write',
  'check:read',
  'check:write',
  'security-event:read',
  'dead-letter:read',
  'dead-letter:replay',
] as const;

export type Permission = (typeof permissions)[number];

/** Whoever holds it decides what others may do; somebody in each tenant has to. */
export const administers: Permission = 'role:write';

/** Permissions over the whole platform; no ordinary tenant's role holds one. */
const platformPermissions: readonly Permission[] = [
  'tenant:create',
  'dead-letter:read',
  'dead-letter:replay',
];

export interface RolePlan {
  readonly name: string;
  readonly permissions: readonly Permission[];
}

/** The roles of a new tenant. */
export const defaultRoles: readonly RolePlan[] = [
  {
    name: 'owner',
    permissions: permissions.filter((permission) => !platformPermissions.includes(permission)),
  },
  {
    name: 'operator',
    permissions: [
      'tenant:read',
      'person:read',
      'service:read',
      'service:write',
      'check:read',
      'check:write',
      'security-event:read',
      'schema:read',
    ],
  },
  { name: 'viewer', permissions: ['tenant:read', 'person:read', 'service:read', 'check:read'] },
];

/** The role of those who run the platform, in the platform's own tenant alone. */
export const platformRoles: readonly RolePlan[] = [{ name: 'platform-operator', permissions }];

/** What several roles allow together: each permission once, sorted, so that equal grants give equal tokens. */
export function permissionsOf(roles: readonly { permissions: readonly string[] }[]): string[] {
  return [...new Set(roles.flatMap((role) => role.permissions))].sort();
}

/** What a built-in role lacks of its plan and was never given. Without a record it was given what it holds. */
export function missingOf(
  plan: RolePlan,
  { permissions: held, offered }: { permissions: readonly string[]; offered?: readonly string[] | null },
): Permission[] {
  const given = new Set(offered ?? held);
  return plan.permissions.filter((permission) => !given.has(permission));
}

export interface RoleHolder {
  roleIds: readonly string[];
}

/** Whether somebody of a tenant decides about its roles. */
export function hasAdministrator(
  holders: readonly RoleHolder[],
  roles: readonly { _id: string; permissions: readonly string[] }[],
): boolean {
  const administering = new Set(
    roles.filter(({ permissions: allowed }) => allowed.includes(administers)).map(({ _id }) => _id),
  );
  return holders.some(({ roleIds }) => roleIds.some((id) => administering.has(id)));
}

interface NamedRole {
  name: string;
  permissions: readonly string[];
}

/** What becomes of a person who held some roles and holds others now. */
export function personRolesChange(held: readonly NamedRole[], wanted: readonly NamedRole[]) {
  const names = (roles: readonly NamedRole[]) => roles.map(({ name }) => name);
  return {
    rolesAdded: added(names(held), names(wanted)),
    rolesRemoved: added(names(wanted), names(held)),
    permissionsAdded: added(permissionsOf(held), permissionsOf(wanted)),
    permissionsRemoved: added(permissionsOf(wanted), permissionsOf(held)),
  };
}

/** What `after` has that `before` has not, sorted. */
export function added(before: readonly string[], after: readonly string[]): string[] {
  return [...new Set(after)].filter((one) => !before.includes(one)).sort();
}
