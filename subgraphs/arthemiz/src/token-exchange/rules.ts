// What may be asked of a token exchange (RFC 8693), and what its token gives. Pure.
import { z } from 'zod';
import type { Permission } from '../roles/rules.ts';

export const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';

/** What a service client's roles have to allow. No field of the schema takes it. */
export const mayExchange = 'token:exchange' satisfies Permission;

/** Those that a request may name several times (RFC 8693, 2.1). */
export const repeatable = ['audience', 'resource'] as const;

const maximumTokenLength = 16_384;
const longestSeconds = 300;

const targets = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((given) => [given ?? []].flat());
const noActorToken = z
  .undefined({ error: 'no actor_token is taken: the client that authenticates is the actor' })
  .optional();

export const exchangeRequest = z.object({
  subject_token: z
    .string({ error: 'subject_token is required' })
    .max(maximumTokenLength, 'the subject_token is too long'),
  subject_token_type: z.literal(accessTokenType, { error: `subject_token_type must be ${accessTokenType}` }),
  requested_token_type: z
    .literal(accessTokenType, { error: `requested_token_type must be ${accessTokenType}` })
    .optional(),
  actor_token: noActorToken,
  actor_token_type: noActorToken,
  audience: targets,
  resource: targets,
  scope: z.string().optional(),
});

export const exchangeParameters = Object.keys(exchangeRequest.shape);

/** A token that needs no refresh and ends with the one that it was given for, at the latest. */
export function lifetimeSeconds({ expiresAt, now }: { expiresAt: Date; now: Date }): number {
  return Math.min(longestSeconds, Math.floor((expiresAt.getTime() - now.getTime()) / 1_000));
}

const namesIn = (scope: string) => scope.split(' ').filter(Boolean);

/** The scope that is asked for, or all that the subject token has; undefined where that is wider. */
export function narrowedScope({ held, asked }: { held: string; asked: string | undefined }) {
  // There are no refresh tokens to be had.
  const offered = namesIn(held).filter((name) => name !== 'offline_access');
  const wanted = asked === undefined ? offered : namesIn(asked);
  return wanted.every((name) => offered.includes(name)) ? wanted.join(' ') : undefined;
}
