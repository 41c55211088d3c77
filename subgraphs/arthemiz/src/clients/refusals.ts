// Expected reasons for which nothing became of a service client, beside those of roles (roles/refusals.ts).
import type { RoleRefusal } from '../roles/refusals.ts';

export const serviceClientNotFound = (): RoleRefusal => ({
  __typename: 'ServiceClientNotFound',
  message: 'The tenant has no service client of this id.',
});

export const serviceClientNameTaken = (taken: string): RoleRefusal => ({
  __typename: 'ServiceClientNameTaken',
  message: `Another service client has the name "${taken}". Choose a different one.`,
});

export const tooManyServiceClients = (maximum: number): RoleRefusal => ({
  __typename: 'TooManyServiceClients',
  message: `The tenant has ${maximum} service clients, which is the most. Delete one that nobody uses.`,
});
