// What may be asked for a service client, and which of its secrets are good at a moment. Pure.
import { z } from 'zod';
import { overlapHours } from '../api-keys/rules.ts';
import type { ServiceClientRow } from './model.ts';
import { publicKeys } from './public-keys.ts';

/** Service clients of a tenant. */
export const maximumServiceClients = 500;

const hourMs = 3_600_000;

const id = z.string().min(1, 'must not be empty').max(100, 'is longer than 100 characters');
const name = z.string().trim().min(1, 'must not be empty').max(100, 'is longer than 100 characters');
const roleIds = z
  .array(id)
  .max(50, 'has more than 50 entries')
  .transform((given) => [...new Set(given)]);
/** GraphQL sends null for what is left out, and a key has other members for each kind. */
const keys = z.preprocess((given) => (Array.isArray(given) ? given.map(withoutNulls) : given), publicKeys);

export const newServiceClientInput = z.object({
  name,
  roleIds,
  publicKeys: keys.nullish().transform((given) => given ?? undefined),
});

export const updatedServiceClientInput = z.object({ id, roleIds });

export const rotatedSecretInput = z.object({ id, overlapHours });

export const publicKeysInput = z.object({ id, publicKeys: keys });

export const deletedServiceClientInput = z.object({ id });

/** When the secret from before a rotation ends. */
export function overlapEnd({ now, hours }: { now: Date; hours: number }): Date {
  return new Date(now.getTime() + hours * hourMs);
}

/** The digests of the secrets that are good now. */
export function goodSecretHashes(
  { secretHash, previousSecret }: Pick<ServiceClientRow, 'secretHash' | 'previousSecret'>,
  now: Date,
): string[] {
  const previous = previousSecret && previousSecret.endsAt > now ? [previousSecret.hash] : [];
  return [...(secretHash ? [secretHash] : []), ...previous];
}

function withoutNulls(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given;
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}
