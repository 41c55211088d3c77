// What can be permitted, and the roles that every tenant begins with.

/** Every permission of the platform, as `resource:action`. */
export const permissions = [
  'tenant:read',
  'tenant:update',
  'tenant:export',
  'tenant-export:read',
  'tenant:create',
  'tenant:suspend',
  'tenant:delete',
  'tenant:move',
  'person:read',
  'person:invite',
  'person:suspend',
  'person:remove',
  'invitation:read',
  'session:read',
  'session:end',
  'role:read',
  'role:write',
  'group:read',
  'separation-of-duties:read',
  'separation-of-duties:write',
  'api-key:read',
  'api-key:write',
  'service-client:read',
  'service-client:write',
  // Service clients': to act for somebody who sent them their token.
  'token:exchange',
  // Third parties' applications that the tenant's people may sign in to.
  'client:register',
  'registered-client:read',
  'registered-client:write',
  'elevation:read',
  'elevation:approve',
  'domain:read',
  'domain:write',
  'sso-connection:read',
  'sso-connection:write',
  // The tenant's identity provider's: its people and groups by SCIM.
  'scim:read',
  'scim:write',
  // Developers': the public schema by introspection, and what tools tell of it.
  'schema:read',
  'service:read',
  'service:write',
  'check:read',
  'check:write',
  'health-event:read',
  'alert:read',
  'alert:acknowledge',
  'alert-rule:read',
  'alert-rule:write',
  'silence:read',
  'silence:write',
  'maintenance-window:read',
  'maintenance-window:write',
  'inhibition:read',
  'notification-policy:read',
  'notification-channel:read',
  'notification-channel:write',
  'notification:read',
  'metric:read',
  'metric:write',
  'slo:read',
  'slo:write',
  'incident:read',
  'incident:write',
  'incident:acknowledge',
  'status-page:read',
  'status-page:write',
  'security-event:read',
  // Other products' and the tenant's own: to tell of accesses that they saw.
  'security-event:write',
  'finding:read',
  'finding:write',
  'response:read',
  'response:write',
  'response:approve',
  'response-policy:read',
  'response-policy:write',
  'allow-list-entry:read',
  'allow-list-entry:write',
  'detection-rule:read',
  'detection-rule:write',
  'suppression:read',
  'suppression:write',
  'canary:read',
  'canary:write',
  'audit-record:read',
] as const;

export type Permission = (typeof permissions)[number];

/** Whoever holds it decides what others may do; somebody in each tenant has to. */
export const administers: Permission = 'role:write';

/** Permissions over the whole platform; no ordinary tenant's role holds one. */
const platformPermissions: readonly Permission[] = [
  'tenant:create',
  'tenant:suspend',
  'tenant:delete',
  'tenant:move',
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
      'alert:read',
      'alert:acknowledge',
      'alert-rule:read',
      'alert-rule:write',
      'silence:read',
      'silence:write',
      'maintenance-window:read',
      'maintenance-window:write',
      'inhibition:read',
      'notification-policy:read',
      'notification-channel:read',
      'notification-channel:write',
      'notification:read',
      'metric:read',
      'metric:write',
      'slo:read',
      'slo:write',
      'incident:read',
      'incident:write',
      'incident:acknowledge',
      'status-page:read',
      'security-event:read',
      'finding:read',
      'finding:write',
      'response:read',
      'response:write',
      'response-policy:read',
      'allow-list-entry:read',
      'detection-rule:read',
      'suppression:read',
      'suppression:write',
      'schema:read',
    ],
  },
  {
    name: 'viewer',
    permissions: [
      'tenant:read',
      'person:read',
      'service:read',
      'check:read',
      'alert:read',
      'alert-rule:read',
      'silence:read',
      'maintenance-window:read',
      'metric:read',
      'slo:read',
      'incident:read',
    ],
  },
];

/** The role of those who run the platform, in the platform's own tenant alone. */
export const platformRoles: readonly RolePlan[] = [{ name: 'platform-operator', permissions }];

/**
 * What several roles allow together, without what they inherit: each permission once, sorted, so that equal grants give
 * equal tokens. What somebody may do is told by inheritance.ts.
 */
export function ownPermissionsOf(roles: readonly { permissions: readonly string[] }[]): string[] {
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

/** Whether a role is one of those that a tenant begins with. Later versions bring these up to date by their names. */
export function isBuiltIn({ isCustom }: { isCustom?: boolean | null }): boolean {
  return isCustom !== true;
}

const builtInNames = [...defaultRoles, ...platformRoles].map(({ name }) => name);

/** Whether policies and later versions read the name as one of a built-in role, of this tenant or of another kind. */
export function isReservedName(name: string): boolean {
  return builtInNames.some((builtIn) => sameName(builtIn, name));
}

/** Whether people would take two names for one. */
export function sameName(one: string, other: string): boolean {
  const plain = (name: string) => name.normalize('NFKC').trim().toLowerCase();
  return plain(one) === plain(other);
}

/** What `after` has that `before` has not, sorted. */
export function added(before: readonly string[], after: readonly string[]): string[] {
  return [...new Set(after)].filter((one) => !before.includes(one)).sort();
}
