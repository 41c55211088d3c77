// What can be permitted, and the roles that every tenant begins with.

/** Every permission of the platform, as `resource:action`. */
export const permissions = [
  'tenant:read',
  'tenant:update',
  'tenant:create',
  'person:read',
  'role:read',
  'service:read',
  'service:write',
  'check:read',
  'check:write',
  'security-event:read',
  'dead-letter:read',
  'dead-letter:replay',
] as const;

export type Permission = (typeof permissions)[number];

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
