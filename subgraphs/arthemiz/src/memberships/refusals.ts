// Expected reasons for which somebody goes on to belong to a tenant, beside those of roles (roles/refusals.ts), and what the
// changes take.
import { z } from 'zod';
import { id, type RoleRefusal } from '../roles/refusals.ts';

export const memberInput = z.object({ personId: id });

export const leavingInput = z.object({ confirmSlug: z.string().max(100, 'is longer than 100 characters') });

export const ownMembership = (): RoleRefusal => ({
  __typename: 'OwnMembership',
  message: 'That is you. Somebody else has to do it, or you leave the tenant: leaveTenant.',
});

export const notRemoved = (): RoleRefusal => ({
  __typename: 'PersonNotFound',
  message: 'Nobody of this id was removed from the tenant, or they are readmitted already.',
});

export const notAPerson = (): RoleRefusal => ({
  __typename: 'PersonNotFound',
  message: 'Only a person leaves a tenant. A service client is deleted, an API key revoked.',
});

export const wrongSlug = (): RoleRefusal => ({
  __typename: 'InvalidRoleInput',
  message: "The confirmSlug is not the tenant's slug.",
  field: 'confirmSlug',
});
