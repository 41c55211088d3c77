import { unauthenticated } from '@supergraph/chassis/errors';
import { anonymous } from '@supergraph/chassis/viewer';
import type { AccessTokenVerifier, Session } from './accessTokens.ts';
import type { Credentials } from './credentials.ts';
import type { Proofs } from './proofs.ts';

/** The session of what a caller shows. @throws PlatformError, at once or later */
export type Authenticate = (credentials: Credentials) => Session | Promise<Session>;

/** The session of everybody who presents no token. */
export const anonymousSession: Session = {
  viewer: anonymous,
  issuedAt: 0,
  expiresAt: Number.POSITIVE_INFINITY,
  onChange: () => () => undefined,
};

/**
 * The session that an Authorization header stands for; without a header, the anonymous one. A header that
 * is wrong never counts as none, nor does a token that is bound to a key count without the key's proof.
 * @throws PlatformError UNAUTHENTICATED or SERVICE_UNAVAILABLE
 */
export function authenticate(
  credentials: Credentials,
  { verify, proofs }: { verify: AccessTokenVerifier; proofs: Proofs },
): Session | Promise<Session> {
  const { authorization } = credentials;
  if (authorization === undefined) return anonymousSession;
  const [, scheme, token] = /^(bearer|dpop) +([\w.~+/=-]+) *$/i.exec(authorization) ?? [];
  if (token === undefined)
    throw unauthenticated('Expected an Authorization header of the form "Bearer <token>" or "DPoP <token>".');
  const session = verify(token);
  if (scheme?.toLowerCase() === 'dpop') return proven(session, { credentials, token, proofs });
  return 'then' in session ? session.then(unbound) : unbound(session);
}

/** RFC 9449, 7.2: who has a bound token alone may have stolen it. */
function unbound(session: Session): Session {
  if (session.keyThumbprint === undefined) return session;
  throw unauthenticated(
    'This access token is bound to a key. Send it as "DPoP <token>", with a proof in the header DPoP.',
  );
}

async function proven(
  verified: Session | Promise<Session>,
  { credentials, token, proofs }: { credentials: Credentials; token: string; proofs: Proofs },
): Promise<Session> {
  const session = await verified;
  const { keyThumbprint } = session;
  // It would look bound, and anybody could use it.
  if (keyThumbprint === undefined)
    throw unauthenticated('This access token is bound to no key. Send it as "Bearer <token>".');
  await proofs.demand(credentials.proof, { token, keyThumbprint });
  return session;
}

/** What an Authorization header of the form "Bearer <token>" holds (RFC 6750); undefined for any other. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : /^bearer +([\w.~+/=-]+) *$/i.exec(authorization)?.[1];
}
