// What a sign-in decides, as functions of data alone: no network, no storage, no clock.
import type { AuthorizationServer } from 'oauth4webapi';
import * as z from 'zod/mini';

const nonEmpty = z.string().check(z.minLength(1));

/** A sign-in that has left for the identity provider and not come back yet. */
export const pendingSignIn = z.object({
  state: nonEmpty,
  nonce: nonEmpty,
  codeVerifier: z.string().check(z.minLength(43)),
  /** Where the person was on the page: path, query and fragment. */
  returnTo: z.string().check(z.startsWith('/')),
});
export type PendingSignIn = z.infer<typeof pendingSignIn>;

/** The tokens of a signed-in person; `expiresAt` is the access token's end in ms since the epoch. */
export const tokenSet = z.object({
  accessToken: nonEmpty,
  refreshToken: z.nullable(nonEmpty),
  idToken: z.nullable(nonEmpty),
  expiresAt: z.int().check(z.positive()),
});
export type TokenSet = z.infer<typeof tokenSet>;

/**
 * Why nobody is signed in: an OAuth error code, or our own `session_ended`, `stale`, `unreachable`, `insecure` and
 * `unexpected`. Each program has its own words for them.
 */
export interface SignInFailure {
  code: string;
  description?: string;
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
export function readStored<T>(schema: z.ZodMiniType<T>, text: string | null): T | null {
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
