// Expected reasons for which a tenant's life goes on as it was, as the schema's TenantError types state them; GraphQL
// reads the type's name off the value.

export type LifecycleRefusal =
  | { __typename: 'TenantNotFound'; message: string }
  | { __typename: 'TenantProtected'; message: string };

export const tenantNotFound = (): LifecycleRefusal => ({
  __typename: 'TenantNotFound',
  message: 'There is no tenant of this id.',
});

export const tenantProtected = (): LifecycleRefusal => ({
  __typename: 'TenantProtected',
  message: 'This is the tenant of those who run the platform. Without it nobody could.',
});
