// Expected reasons for which no environment is made, as the schema's TenantError types state them.
import { maximumEnvironments } from './rules.ts';

export type EnvironmentRefusal =
  | { __typename: 'TooManyEnvironments'; message: string }
  | { __typename: 'TenantIsEnvironment'; message: string }
  | { __typename: 'InvalidTenantInput'; message: string; field: string };

export const tooManyEnvironments = (): EnvironmentRefusal => ({
  __typename: 'TooManyEnvironments',
  message: `The tenant has ${maximumEnvironments} environments. Have one deleted first.`,
});

export const isEnvironment = (): EnvironmentRefusal => ({
  __typename: 'TenantIsEnvironment',
  message: 'Only an open tenant that is in production has environments.',
});

export const slugTooLong = (): EnvironmentRefusal => ({
  __typename: 'InvalidTenantInput',
  message: "The name makes the slug, the tenant's own and a hyphen before it, longer than 40 characters.",
  field: 'name',
});
