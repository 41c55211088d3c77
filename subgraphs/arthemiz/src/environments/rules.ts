// Environments of a tenant: tenants of their own beside the one that is in production. Pure.
import { z } from 'zod';
import { newTenantInput } from '../tenants/rules.ts';

export const environmentKinds = ['STAGING', 'SANDBOX'] as const;
export type EnvironmentKind = (typeof environmentKinds)[number];

/** Most of one tenant. */
export const maximumEnvironments = 10;

export const newEnvironmentInput = z.object({
  name: z.string().regex(/^[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){0,19}$/, {
    error: 'must be 1 to 20 of a-z, 0-9 and inner hyphens',
  }),
  kind: z.enum(environmentKinds),
  idempotencyKey: newTenantInput.shape.idempotencyKey,
});

/** Null where it would be longer than a slug may be. */
export function slugOf({ parent, name }: { parent: string; name: string }): string | null {
  const slug = `${parent}-${name}`;
  return newTenantInput.shape.slug.safeParse(slug).success ? slug : null;
}
