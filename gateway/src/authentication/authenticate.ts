import { type PlatformError, unauthenticated } from '@supergraph/chassis/errors';
import { anonymous } from '@supergraph/chassis/viewer';
import type { AccessTokenVerifier, Session } from './accessTokens.ts';
import type { Credentials, PresentedProof } from './credentials.ts';
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

/** What takes the place of a session that is over, and why where that can be said. */
export const endedSession = (refusal?: PlatformError): Session => ({
  ...anonymousSession,
  expiresAt: Date.now(),
  ...(refusal === undefined ? {} : { refusal }),
});

/** A token, and how it was sent: as whoever bears it may, or with a proof of the key that it is bound to. */
export interface PresentedToken {
  scheme: 'bearer' | 'dpop';
  token: string;
}

/**
 * The token of an Authorization header (RFC 6750, RFC 9449); undefined without a header. A header that is wrong never
 * counts as none.
 * @throws PlatformError UNAUTHENTICATED
 */
export function presentedIn(authorization: string | undefined): PresentedToken | undefined {
  if (authorization === undefined) return undefined;
  const [, scheme, token] = /^(bearer|dpop) +([\w.~+/=-]+) *$/i.exec(authorization) ?? [];
  if (token === undefined)
    throw unauthenticated('Expected an Authorization header of the form "Bearer <token>" or "DPoP <token>".');
  return { scheme: scheme?.toLowerCase() === 'dpop' ? 'dpop' : 'bearer', token };
}

/**
 * The session that an access token stands for. One that is bound to a key does not count without the key's proof.
 * @throws PlatformError UNAUTHENTICATED or SERVICE_UNAVAILABLE
 */
export function authenticate(
  { scheme, token }: PresentedToken,
  {
    proof,
    verify,
    proofs,
  }: { proof: PresentedProof | undefined; verify: AccessTokenVerifier; proofs: Proofs },
): Session | Promise<Session> {
  const session = verify(token);
  if (scheme === 'dpop') return proven(session, { proof, token, proofs });
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
  { proof, token, proofs }: { proof: PresentedProof | undefined; token: string; proofs: Proofs },
): Promise<Session> {
  const session = await verified;
  const { keyThumbprint } = session;
  // It would look bound, and anybody could use it.
  if (keyThumbprint === undefined)
    throw unauthenticated('This access token is bound to no key. Send it as "Bearer <token>".');
  await proofs.demand(proof, { token, keyThumbprint });
  return session;
}
