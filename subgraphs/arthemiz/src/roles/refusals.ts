// Expected reasons for which a change of roles is refused, as the schema's RoleError types state them; GraphQL reads
// the type's name off the value.
import { z } from 'zod';
import { permissions } from './rules.ts';

export type RoleRefusal =
  | { __typename: 'InvalidRoleInput'; message: string; field: string }
  | { __typename: 'RoleNotFound'; message: string }
  | { __typename: 'PersonNotFound'; message: string }
  | { __typename: 'PermissionNotHeld'; message: string; permissions: string[] }
  | { __typename: 'LastAdministrator'; message: string };

const id = z.string().min(1, 'must not be empty').max(100, 'is longer than 100 characters');

export const updatedRoleInput = z.object({
  id,
  permissions: z
    .array(
      z.enum(permissions, {
        error: ({ input }) =>
          `names "${String(input).slice(0, 100)}", which is no permission of the platform`,
      }),
    )
    .max(200, 'has more than 200 entries')
    .transform((given) => [...new Set(given)].sort()),
});

export const assignedRolesInput = z.object({
  personId: id,
  roleIds: z
    .array(id)
    .max(50, 'has more than 50 entries')
    .transform((given) => [...new Set(given)]),
});

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

export const permissionNotHeld = (missing: string[]): RoleRefusal & { __typename: 'PermissionNotHeld' } => ({
  __typename: 'PermissionNotHeld',
  message: `You can't give what you don't have yourself: ${missing.join(', ')}.`,
  permissions: missing,
});

export const lastAdministrator = (): RoleRefusal => ({
  __typename: 'LastAdministrator',
  message: 'Nobody in the tenant could change roles any more. Give role:write to somebody else first.',
});
