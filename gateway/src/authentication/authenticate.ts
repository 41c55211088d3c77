import { unauthenticated } from '@supergraph/chassis/errors';
import { anonymous } from '@supergraph/chassis/viewer';
import type { AccessTokenVerifier, Session } from './accessTokens.ts';

/** The session of an Authorization value. @throws PlatformError, at once or later */
export type Authenticate = (authorization: string | undefined) => Session | Promise<Session>;

/** The session of everybody who presents no token. */
export const anonymousSession: Session = {
  viewer: anonymous,
  issuedAt: 0,
  expiresAt: Number.POSITIVE_INFINITY,
  onChange: () => () => undefined,
};

/**
 * The session that an Authorization header stands for; without a header, the anonymous one. A header that
 * is wrong never counts as none.
 * @throws PlatformError UNAUTHENTICATED or SERVICE_UNAVAILABLE
 */
export function authenticate(
  authorization: string | undefined,
  verify: AccessTokenVerifier,
): Session | Promise<Session> {
  if (authorization === undefined) return anonymousSession;
  const token = bearerOf(authorization);
  if (token === undefined)
    throw unauthenticated('Expected an Authorization header of the form "Bearer <token>".');
  return verify(token);
}

/** What an Authorization header of the form "Bearer <token>" holds (RFC 6750); undefined for any other. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : /^bearer +([\w.~+/=-]+) *$/i.exec(authorization)?.[1];
}
