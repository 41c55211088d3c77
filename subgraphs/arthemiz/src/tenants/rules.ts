import { createHash } from 'node:crypto';
import { platformTenantId } from '@supergraph/chassis/tenancy';
import { z } from 'zod';
import type { EnvironmentRefusal } from '../environments/refusals.ts';
import type { LifecycleRefusal } from '../lifecycle/refusals.ts';
import { typedEmailAddress } from '../people/rules.ts';
import type { MoveRefusal } from '../residency/rules.ts';

/** The tenant of those who run the platform. */
export const platformTenant = { id: platformTenantId, slug: 'platform', name: 'Platform' } as const;

const name = z.string().trim().min(1, 'must not be empty').max(100, 'is longer than 100 characters');

export const newTenantInput = z.object({
  name,
  slug: z.string().regex(/^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,39}$/, {
    error: 'must be 2 to 40 of a-z, 0-9 and inner hyphens, beginning with a letter',
  }),
  idempotencyKey: z
    .string()
    .regex(/^[\x21-\x7e]{8,100}$/, { error: 'must be 8 to 100 visible ASCII characters' }),
  // A client that has no value for it sends null.
  ownerEmail: typedEmailAddress.nullish().transform((email) => email ?? undefined),
  region: z
    .string()
    .max(64, 'is longer than 64 characters')
    .nullish()
    .transform((region) => region ?? undefined),
});

export type NewTenantInput = z.infer<typeof newTenantInput>;

export const renamedTenantInput = z.object({ name });

/** Equal for requests that ask for the same tenant. */
export function requestDigest(asked: {
  name: string;
  slug: string;
  ownerEmail?: string | undefined;
  region?: string | undefined;
}): string {
  const { name, slug, ownerEmail, region } = asked;
  const known = ownerEmail === undefined ? [slug, name] : [slug, name, ownerEmail];
  // What was asked for before there were regions keeps its digest.
  const parts = region === undefined ? known : [...known, { region }];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** An expected refusal, as the schema's TenantError types state it; GraphQL reads the type's name off the value. */
export type TenantRefusal =
  | { __typename: 'InvalidTenantInput'; message: string; field: string }
  | { __typename: 'TenantSlugTaken'; message: string; slug: string }
  | { __typename: 'TenantKeyReused'; message: string }
  | { __typename: 'LocksViewerOut'; message: string }
  | { __typename: 'TenantOwnerNotInvitable'; message: string }
  | LifecycleRefusal
  | EnvironmentRefusal
  | MoveRefusal;

export const slugTaken = (slug: string): TenantRefusal => ({
  __typename: 'TenantSlugTaken',
  message: `Another tenant has the slug "${slug}". Choose a different one.`,
  slug,
});

export const keyReused = (): TenantRefusal => ({
  __typename: 'TenantKeyReused',
  message: 'This idempotency key was used for another tenant before. Send a new key for a new tenant.',
});

export const ownerNotInvitable = (): TenantRefusal => ({
  __typename: 'TenantOwnerNotInvitable',
  message:
    'This installation sends no mails, so no owner can be invited. Leave ownerEmail out, or set SMTP_URL for arthemiz.',
});

/** One refusal for each problem that the schema found. */
export function invalidInput({ issues }: z.ZodError): TenantRefusal[] {
  return issues.map(({ path, message }) => {
    const field = path.join('.');
    return { __typename: 'InvalidTenantInput', message: `The ${field} ${message}.`, field };
  });
}
