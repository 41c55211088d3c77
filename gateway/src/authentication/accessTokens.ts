// Access tokens: JWTs of the issuer for this API (RFC 9068).
import { createHash } from 'node:crypto';
import { type PlatformError, serviceUnavailable, unauthenticated } from '@supergraph/chassis/errors';
import type { Viewer } from '@supergraph/chassis/viewer';
import { errors, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { type SigningKeys, SigningKeysUnavailable } from './signingKeys.ts';

/** Who a valid access token speaks for, until when, and what they may do at this moment. It never changes. */
export interface Session {
  readonly viewer: Viewer;
  /** When the token was issued, in milliseconds since the epoch. */
  readonly issuedAt: number;
  /** Milliseconds since the epoch; Infinity for anonymous viewers. */
  readonly expiresAt: number;
  /** Why it has ended before its time, where that can be said; a session that goes on has none. */
  readonly refusal?: PlatformError;
  /** Of the key that the token is bound to (RFC 9449, 6.1); without one, whoever bears it may use it. */
  readonly keyThumbprint?: string | undefined;
  /**
   * Calls `listener`, each time that what the viewer may do has changed, with the session that takes this one's place.
   * @returns what calls it off
   */
  onChange(listener: (next: Session) => void): () => void;
}

export interface AccessTokenOptions {
  keys: SigningKeys;
  issuer: string;
  /** This API's identifier; tokens for other APIs are refused. */
  audience: string;
  /** Most verified tokens remembered. Default 10,000. */
  cacheSize?: number;
  /** Tells when what a session's viewer may do has changed. Default: it never does. */
  onChange?(session: Session, listener: (next: Session) => void): () => void;
}

/**
 * Verifies an access token.
 * @throws PlatformError UNAUTHENTICATED for a token that is expired, forged or not meant for this API;
 *   SERVICE_UNAVAILABLE where the issuer's keys cannot be had.
 */
export type AccessTokenVerifier = (token: string) => Session | Promise<Session>;

/** Clocks of issuer and gateway may differ by this much. */
const clockToleranceSeconds = 5;
const maximumLength = 16_384;

const claims = z.object({
  sub: z.string().min(1),
  exp: z.number(),
  iat: z.number(),
  client_id: z.string().min(1),
  sid: z.string().min(1).optional(),
  scope: z.string().default(''),
  tenant: z.string().min(1).optional(),
  roles: z.array(z.string()).default([]),
  entitlements: z.array(z.string()).default([]),
  // A token that is bound in a way that we can't check is not taken for one that is not bound.
  cnf: z.strictObject({ jkt: z.string().min(1) }).optional(),
  // Of one who acts for an actor we would have to ask for the rights of all.
  act: z.strictObject({ sub: z.string().min(1) }).optional(),
});

/** A verifier that checks each token's signature once and remembers it, by its hash, until it expires. */
export function createAccessTokenVerifier(options: AccessTokenOptions): AccessTokenVerifier {
  const { keys, issuer, audience, cacheSize = 10_000, onChange = neverChanges } = options;
  const sessions = new LRUCache<string, Session>({ max: cacheSize });

  async function verify(token: string, hash: string): Promise<Session> {
    if (token.length > maximumLength) throw unauthenticated('The access token is too long.');
    const { payload } = await jwtVerify(token, keys.find, {
      // One asymmetric algorithm: neither `none` nor an HMAC keyed with the public key can pass.
      algorithms: ['ES256'],
      typ: 'at+jwt',
      issuer,
      audience,
      requiredClaims: ['exp', 'iat', 'sub'],
      clockTolerance: clockToleranceSeconds,
    }).catch((error: unknown) => {
      throw refusal(error);
    });
    const parsed = claims.safeParse(payload);
    if (!parsed.success) throw unauthenticated('The access token lacks claims.', { cause: parsed.error });
    const session = sessionOf(parsed.data, onChange);
    sessions.set(hash, session);
    return session;
  }

  return (token) => {
    const hash = createHash('sha256').update(token).digest('base64');
    const known = sessions.get(hash);
    if (known === undefined) return verify(token, hash);
    if (known.expiresAt > Date.now()) return known;
    sessions.delete(hash);
    throw unauthenticated(expired);
  };
}

type OnChange = NonNullable<AccessTokenOptions['onChange']>;

const neverChanges: OnChange = () => () => undefined;

const expired = 'The access token has expired. Get a new one and try again.';

function refusal(error: unknown): Error {
  if (error instanceof SigningKeysUnavailable) {
    return serviceUnavailable('Access tokens cannot be verified right now. Try again shortly.', {
      cause: error,
    });
  }
  if (error instanceof errors.JWTExpired) return unauthenticated(expired, { cause: error });
  return unauthenticated('The access token is not valid for this API.', { cause: error });
}

function sessionOf(claim: z.infer<typeof claims>, onChange: OnChange): Session {
  const viewer: Viewer = {
    subject: claim.sub,
    tenantId: claim.tenant ?? null,
    clientId: claim.client_id,
    sessionId: claim.sid,
    actorId: claim.act?.sub,
    roles: claim.roles,
    permissions: new Set(claim.entitlements),
    scopes: new Set(claim.scope.split(' ').filter(Boolean)),
    isAnonymous: false,
  };
  const session: Session = {
    viewer,
    issuedAt: claim.iat * 1000,
    expiresAt: (claim.exp + clockToleranceSeconds) * 1000,
    keyThumbprint: claim.cnf?.jkt,
    onChange: (listener) => onChange(session, listener),
  };
  return session;
}
