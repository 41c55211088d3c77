// What the explorer's sign-in decides, as functions of data alone: no network, no storage, no clock.
import type { AuthorizationServer } from 'oauth4webapi';
import { z } from 'zod';

/** A sign-in that has left for the identity provider and not come back yet. */
export const pendingSignIn = z.object({
  state: z.string().min(1),
  nonce: z.string().min(1),
  codeVerifier: z.string().min(43),
});
export type PendingSignIn = z.infer<typeof pendingSignIn>;

/** The tokens of a signed-in person; `expiresAt` is the access token's end in ms since the epoch. */
export const tokenSet = z.object({
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1).nullable(),
  idToken: z.string().min(1).nullable(),
  expiresAt: z.number().int().positive(),
});
export type TokenSet = z.infer<typeof tokenSet>;

/** What the signed-out page says about why it is shown. */
export interface Notice {
  title: string;
  detail: string;
}

/** Below this much remaining life an access token is not sent any more: it could expire on the way. */
export const minimumRemainingMs = 20_000;
/** The refresh happens this long before the end, or halfway through a shorter life. */
const refreshAheadMs = 90_000;
/** A provider that gives very short tokens, or a clock that is wrong, must not make the page ask without pause. */
export const shortestRefreshDelayMs = 5_000;
/** Timers hold 31 bits of milliseconds and fire at once beyond that. */
const longestRefreshDelayMs = 86_400_000;

export function isUsable(tokens: TokenSet, nowMs: number): boolean {
  return tokens.expiresAt - nowMs > minimumRemainingMs;
}

/** Milliseconds until the silent refresh of tokens just received or found. */
export function refreshDelayMs(tokens: TokenSet, nowMs: number): number {
  const remainingMs = tokens.expiresAt - nowMs;
  const delayMs = Math.floor(Math.max(remainingMs - refreshAheadMs, remainingMs / 2));
  return Math.min(Math.max(delayMs, shortestRefreshDelayMs), longestRefreshDelayMs);
}

/** The stored value when it is intact, null when it is absent, cut short or of another version. */
export function readStored<T>(schema: z.ZodType<T>, text: string | null): T | null {
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Whether the page was opened by the identity provider's redirect (RFC 6749 §4.1.2). */
export function isAuthorizationResponse(page: URL): boolean {
  return page.searchParams.has('state') && (page.searchParams.has('code') || page.searchParams.has('error'));
}

/** The resource (RFC 8707) that access tokens are asked for: the issuer's `/auth` replaced by `/graphql`. */
export function audienceOf(issuer: string): string {
  return `${issuer.replace(/\/auth\/?$/, '')}/graphql`;
}

/**
 * The server's metadata with its endpoints at the page's own origin.
 *
 * One platform answers at http://localhost:8080 and https://localhost:8443 under one issuer name, and a page
 * may only call its own origin (the Content-Security-Policy says so). Taking the endpoint's path and leaving
 * its origin is safe here: the metadata came from the origin that served this very program.
 */
export function endpointsAtOrigin(server: AuthorizationServer, origin: string): AuthorizationServer {
  const moved = Object.entries(server).map(([name, value]) =>
    name.endsWith('_endpoint') || name === 'jwks_uri' ? [name, atOrigin(value, origin)] : [name, value],
  );
  return { ...server, ...Object.fromEntries(moved) };
}

function atOrigin(endpoint: unknown, origin: string): unknown {
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint)) return endpoint;
  const url = new URL(endpoint);
  return `${origin}${url.pathname}${url.search}`;
}

/** OAuth error codes, and our own `stale`, `unreachable` and `insecure`, in words for the person in front of the page. */
const notices: Record<string, Notice> = {
  access_denied: {
    title: 'Sign-in was cancelled',
    detail: 'Access was not granted. Sign in again when you are ready.',
  },
  invalid_grant: {
    title: 'That sign-in has expired',
    detail: 'The code was too old or already used, for example by reloading the page. Sign in again.',
  },
  session_ended: {
    title: 'Your session has ended',
    detail: 'It was signed out elsewhere or went unused for too long. Sign in again to go on.',
  },
  stale: {
    title: 'That sign-in did not start here',
    detail: 'It was begun in another tab, or this tab was restored since. Sign in again from this page.',
  },
  unreachable: {
    title: 'The identity provider does not answer',
    detail: 'Check that the platform is up (/health/ready), then sign in again.',
  },
  insecure: {
    title: 'Sign-in needs a secure page',
    detail: 'Browsers offer the cryptography only on https and on localhost. Open this page at one of those.',
  },
};

export function noticeOf(failure: { code: string; description?: string }): Notice {
  const known = notices[failure.code];
  if (known) return known;
  return {
    title: 'Sign-in failed',
    detail: `The identity provider said: ${failure.description ?? failure.code}. Sign in again; if it stays, tell whoever runs the platform.`,
  };
}
