// Expected reasons for which a tenant's life goes on as it was, as the schema's TenantError types state them; GraphQL
// reads the type's name off the value.

export type LifecycleRefusal =
  | { __typename: 'TenantNotFound'; message: string }
  | { __typename: 'TenantProtected'; message: string }
  | { __typename: 'TenantParentClosed'; message: string }
  | { __typename: 'TenantNotFailed'; message: string }
  | { __typename: 'TenantDeletionScheduled'; message: string }
  | { __typename: 'TenantDeletionBegun'; message: string }
  | { __typename: 'InvalidTenantInput'; message: string; field: string };

export const tenantNotFound = (): LifecycleRefusal => ({
  __typename: 'TenantNotFound',
  message: 'There is no tenant of this id.',
});

export const tenantProtected = (): LifecycleRefusal => ({
  __typename: 'TenantProtected',
  message: 'This is the tenant of those who run the platform. Without it nobody could.',
});

export const parentClosed = (): LifecycleRefusal => ({
  __typename: 'TenantParentClosed',
  message: 'The tenant that this is an environment of is closed. Open that one.',
});

export const tenantNotFailed = (): LifecycleRefusal => ({
  __typename: 'TenantNotFailed',
  message: "The tenant's provisioning did not fail, so there is nothing to begin anew.",
});

export const deletionScheduled = (): LifecycleRefusal => ({
  __typename: 'TenantDeletionScheduled',
  message: 'The tenant is to be deleted. Cancel that first, with cancelTenantDeletion.',
});

export const deletionBegun = (): LifecycleRefusal => ({
  __typename: 'TenantDeletionBegun',
  message: "The tenant's data is being erased, or is gone. There is no way back.",
});

export const wrongSlug = (): LifecycleRefusal => ({
  __typename: 'InvalidTenantInput',
  message: "The confirmSlug is not the tenant's slug.",
  field: 'confirmSlug',
});
