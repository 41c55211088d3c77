// What an API key is good for at a moment, and what may be asked for one. Pure.
import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { permissions } from '../roles/rules.ts';
import type { ApiKeyRow } from './model.ts';

/** Keys of a tenant that live at once. */
export const maximumApiKeys = 500;

const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** How long a key is shown after its end. */
const shownAfterEndMs = 30 * dayMs;

const id = z.string().min(1, 'must not be empty').max(100, 'is longer than 100 characters');

export const newApiKeyInput = z.object({
  name: z.string().trim().min(1, 'must not be empty').max(100, 'is longer than 100 characters'),
  permissions: z
    .array(
      z.enum(permissions, {
        error: ({ input }) =>
          `names "${String(input).slice(0, 100)}", which is no permission of the platform`,
      }),
    )
    .min(1, 'must not be empty')
    .max(200, 'has more than 200 entries')
    .transform((given) => [...new Set(given)].sort()),
  expiresInDays: z
    .number()
    .int()
    .min(1, 'must be 1 at least')
    .max(365, 'must be 365 at most')
    .nullish()
    .transform((days) => days ?? 90),
});

/** For how long the secret from before a rotation lives on. */
export const overlapHours = z
  .number()
  .int()
  .min(0, 'must not be negative')
  .max(168, 'must be 168 at most')
  .nullish()
  .transform((hours) => hours ?? 24);

export const rotatedApiKeyInput = z.object({ id, overlapHours });

export const revokedApiKeyInput = z.object({ id });

export interface Lifetime {
  now: Date;
  lifetimeDays: number;
}

/** When a key ends that gets a secret now. */
export function expiryOf({ now, lifetimeDays }: Lifetime): Pick<ApiKeyRow, 'expiresAt' | 'forgetAt'> {
  const expiresAt = new Date(now.getTime() + lifetimeDays * dayMs);
  return { expiresAt, forgetAt: new Date(expiresAt.getTime() + shownAfterEndMs) };
}

/** When the secret from before a rotation ends: after the overlap, and never later than it would have. */
export function overlapEnd(
  key: Pick<ApiKeyRow, 'expiresAt'>,
  { now, hours }: { now: Date; hours: number },
): Date {
  return new Date(Math.min(now.getTime() + hours * hourMs, key.expiresAt.getTime()));
}

/** Until when this digest is the key's; null for one that is not, or no more. */
export function goodUntil(key: ApiKeyRow, { digest, now }: { digest: Buffer; now: Date }): Date | null {
  if (key.revokedAt !== null) return null;
  const candidates = [{ digest: key.digest, endsAt: key.expiresAt }, ...(key.previous ? [key.previous] : [])];
  const found = candidates.find((candidate) => isDigest(candidate.digest, digest));
  return found !== undefined && found.endsAt > now ? found.endsAt : null;
}

/** Compares in constant time. */
function isDigest(text: string, digest: Buffer): boolean {
  const known = Buffer.from(text, 'base64url');
  return known.length === digest.length && timingSafeEqual(known, digest);
}

/** What a key may do: what it was given and its creator may do, too. */
export function permissionsWithin(given: readonly string[], creators: readonly string[]): string[] {
  return given.filter((permission) => creators.includes(permission));
}
