// Expected reasons for which a change of roles is refused, as the schema's RoleError types state them; GraphQL reads
// the type's name off the value.
import { z } from 'zod';
import { type ElevationStatus, minutesAllowed } from '../elevations/rules.ts';
import { duties } from '../separations/rules.ts';
import type { Holders } from './holders.ts';
import { maximumInherited } from './inheritance.ts';
import { permissions } from './rules.ts';
import { isIdOf, type ResourceType, resourceTypes } from './scopes.ts';

export type RoleRefusal =
  | { __typename: 'InvalidRoleInput'; message: string; field: string }
  | { __typename: 'RoleNotFound'; message: string }
  | { __typename: 'PersonNotFound'; message: string }
  | { __typename: 'PermissionNotHeld'; message: string; permissions: string[] }
  | { __typename: 'LastAdministrator'; message: string }
  | { __typename: 'OwnMembership'; message: string }
  | { __typename: 'RoleCycle'; message: string; path: string[] }
  | { __typename: 'RoleInheritanceTooDeep'; message: string; path: string[] }
  | { __typename: 'RoleNameTaken'; message: string }
  | { __typename: 'TooManyRoles'; message: string }
  | { __typename: 'TooManyScopedRoles'; message: string }
  | { __typename: 'DutiesSeparated'; message: string; separation: string; subject: string; held: string[] }
  | { __typename: 'SeparationOfDutiesNotFound'; message: string }
  | { __typename: 'SeparationOfDutiesNameTaken'; message: string }
  | { __typename: 'TooManySeparationsOfDuties'; message: string }
  | { __typename: 'RoleBuiltIn'; message: string }
  | { __typename: 'GroupNotFound'; message: string }
  | { __typename: 'ElevationNotFound'; message: string }
  | { __typename: 'ElevationNotOpen'; message: string; status: ElevationStatus }
  | { __typename: 'OwnElevation'; message: string }
  | { __typename: 'TooManyElevations'; message: string }
  | { __typename: 'GroupNameTaken'; message: string }
  | { __typename: 'TooManyGroups'; message: string }
  | { __typename: 'ServiceClientNotFound'; message: string }
  | { __typename: 'ServiceClientNameTaken'; message: string }
  | { __typename: 'TooManyServiceClients'; message: string }
  | ({ __typename: 'RoleInUse'; message: string } & Holders);

export const id = z.string().min(1, 'must not be empty').max(100, 'is longer than 100 characters');

const allowed = z
  .array(
    z.enum(permissions, {
      error: ({ input }) => `names "${String(input).slice(0, 100)}", which is no permission of the platform`,
    }),
  )
  .max(200, 'has more than 200 entries')
  .transform((given) => [...new Set(given)].sort());

const inherited = z
  .array(id)
  .max(maximumInherited, `has more than ${maximumInherited} entries`)
  .transform((given) => [...new Set(given)]);

const name = z
  .string()
  .trim()
  .min(1, { error: 'must not be empty', abort: true })
  .max(50, 'is longer than 50 characters')
  // Names stand in tokens, policies and logs.
  .regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._-]*$/u, {
    error: 'must be letters, digits, spaces, dots, hyphens and underscores, beginning with a letter or digit',
  });

export const newRoleInput = z.object({
  name,
  permissions: allowed,
  inheritedRoleIds: inherited.nullish().transform((given) => given ?? []),
});

export const updatedRoleInput = z.object({
  id,
  permissions: allowed,
  inheritedRoleIds: inherited.nullish().transform((given) => given ?? undefined),
});

export const deletedRoleInput = z.object({ id });

export const newSeparationInput = z
  .object({
    name,
    roleIds: z.array(id).nullish().transform(eachOnce),
    permissions: allowed.nullish().transform((given) => given ?? []),
  })
  .refine(
    ({ roleIds, permissions: named }) => {
      const count = roleIds.length + named.length;
      return count >= duties.least && count <= duties.most;
    },
    { path: ['permissions'], error: `and roles are ${duties.least} to ${duties.most} together` },
  );

export const deletedSeparationInput = z.object({ id });

function eachOnce(given: string[] | null | undefined): string[] {
  return [...new Set(given ?? [])];
}

const fiftyIds = z
  .array(id)
  .max(50, 'has more than 50 entries')
  .transform((given) => [...new Set(given)]);

const scope = z
  .object({
    resourceType: z.enum(Object.keys(resourceTypes) as ResourceType[]),
    resourceId: z.string(),
  })
  .refine(isIdOf, { path: ['resourceId'], error: 'is no id of such a resource' });

export const assignedRolesInput = z.object({
  personId: id,
  roleIds: fiftyIds,
  scope: scope.nullish().transform((given) => given ?? null),
});

export const newGroupInput = z.object({ name, roleIds: fiftyIds });

export const updatedGroupInput = z.object({
  id,
  name: name.nullish().transform((given) => given ?? undefined),
  roleIds: fiftyIds.nullish().transform((given) => given ?? undefined),
});

export const deletedGroupInput = z.object({ id });

export const assignedGroupsInput = z.object({ personId: id, groupIds: fiftyIds });

export const requestedElevationInput = z.object({
  roleId: id,
  minutes: z
    .int()
    .min(minutesAllowed.least, `are less than ${minutesAllowed.least}`)
    .max(minutesAllowed.most, `are more than ${minutesAllowed.most}`),
  reason: z.string().trim().min(1, 'must not be empty').max(500, 'is longer than 500 characters'),
});

export const decidedElevationInput = z.object({ id, isApproved: z.boolean() });

export const endedElevationInput = z.object({ id });

export const explainedAccess = z.object({ personId: id, permission: z.enum(permissions) });

/** One refusal for each problem that the schema found. */
export function invalidInput({ issues }: z.ZodError): RoleRefusal[] {
  return issues.map(({ path, message }) => {
    const field = path.join('.');
    return { __typename: 'InvalidRoleInput', message: `The ${field} ${message}.`, field };
  });
}

export const roleNotFound = (): RoleRefusal & { __typename: 'RoleNotFound' } => ({
  __typename: 'RoleNotFound',
  message: 'The tenant has no role of this id.',
});

export const personNotFound = (): RoleRefusal => ({
  __typename: 'PersonNotFound',
  message: 'The tenant has no person of this id.',
});

export const groupNotFound = (): RoleRefusal => ({
  __typename: 'GroupNotFound',
  message: 'The tenant has no group of this id.',
});

export const groupNameTaken = (taken: string): RoleRefusal => ({
  __typename: 'GroupNameTaken',
  message: `Another group has the name "${taken}". Choose a different one.`,
});

export const tooManyGroups = (maximum: number): RoleRefusal => ({
  __typename: 'TooManyGroups',
  message: `The tenant has ${maximum} groups, which is the most. Delete one first.`,
});

export const elevationNotFound = (): RoleRefusal => ({
  __typename: 'ElevationNotFound',
  message: 'The tenant has no elevation of this id that you may decide about.',
});

export const elevationNotOpen = (status: ElevationStatus): RoleRefusal => ({
  __typename: 'ElevationNotOpen',
  message: `The elevation is ${status.toLowerCase()}, so that there is nothing to decide any more.`,
  status,
});

export const ownElevation = (): RoleRefusal => ({
  __typename: 'OwnElevation',
  message: 'You asked for this yourself. Somebody else has to approve it.',
});

export const tooManyElevations = (maximum: number): RoleRefusal => ({
  __typename: 'TooManyElevations',
  message: `You wait for or hold ${maximum} roles for a while already, which is the most. End one first.`,
});

export const permissionNotHeld = (missing: string[]): RoleRefusal & { __typename: 'PermissionNotHeld' } => ({
  __typename: 'PermissionNotHeld',
  message: `You can't give what you don't have yourself: ${missing.join(', ')}.`,
  permissions: missing,
});

export const lastAdministrator = (): RoleRefusal => ({
  __typename: 'LastAdministrator',
  message: 'Nobody in the tenant could change roles any more. Give role:write to somebody else first.',
});

export const roleCycle = (path: string[]): RoleRefusal => ({
  __typename: 'RoleCycle',
  message: `The role would inherit from itself: ${path.join(' → ')}. Take one of these steps away first.`,
  path,
});

export const inheritanceTooDeep = (path: string[], maximum: number): RoleRefusal => ({
  __typename: 'RoleInheritanceTooDeep',
  message: `More than ${maximum} roles would inherit one from the other: ${path.join(' → ')}.`,
  path,
});

export const roleNameTaken = (name: string): RoleRefusal => ({
  __typename: 'RoleNameTaken',
  message: `The name "${name}" is another role's, or one that the platform keeps. Choose a different one.`,
});

export const tooManyRoles = (maximum: number): RoleRefusal => ({
  __typename: 'TooManyRoles',
  message: `The tenant has ${maximum} roles, which is the most. Delete one that nobody holds first.`,
});

export const tooManyScopedRoles = (maximum: number): RoleRefusal => ({
  __typename: 'TooManyScopedRoles',
  message: `A person holds ${maximum} roles on single resources at most. Give a role in the whole tenant instead.`,
});

export const dutiesSeparated = ({
  name: separation,
  subject,
  held,
}: {
  name: string;
  subject: string;
  held: string[];
}): RoleRefusal => ({
  __typename: 'DutiesSeparated',
  message: `"${separation}" keeps ${held.join(' and ')} apart, and ${subject} would hold them together.`,
  ...{ separation, subject, held },
});

export const separationNotFound = (): RoleRefusal => ({
  __typename: 'SeparationOfDutiesNotFound',
  message: 'The tenant has no separation of duties of this id.',
});

export const separationNameTaken = (taken: string): RoleRefusal => ({
  __typename: 'SeparationOfDutiesNameTaken',
  message: `Another separation of duties has the name "${taken}". Choose a different one.`,
});

export const tooManySeparations = (maximum: number): RoleRefusal => ({
  __typename: 'TooManySeparationsOfDuties',
  message: `The tenant has ${maximum} separations of duties, which is the most. Delete one first.`,
});

export const roleBuiltIn = (name: string): RoleRefusal => ({
  __typename: 'RoleBuiltIn',
  message: `The role "${name}" is built in and stays. Take its permissions away to make it allow nothing.`,
});

export const roleInUse = (name: string, holders: Holders): RoleRefusal => ({
  __typename: 'RoleInUse',
  message: `The role "${name}" is held by ${holderCounts(holders)}. Take it from them first.`,
  ...holders,
});

function holderCounts({ people, serviceClients, roles, groups }: Holders): string {
  const counts = [
    people > 0 && `${people} people`,
    serviceClients > 0 && `${serviceClients} service clients`,
    roles.length > 0 && `the roles that inherit it (${roles.join(', ')})`,
    groups.length > 0 && `the groups that give it (${groups.join(', ')})`,
  ];
  return counts.filter((count) => count !== false).join(', ');
}
