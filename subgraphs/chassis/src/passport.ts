// The passport: a short-lived signed statement of who asks, minted by the gateway for one subgraph and one
// viewer. Subgraphs trust nothing else about a caller (RFC 7519, RFC 8037).
import { randomUUID } from 'node:crypto';
import { importJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { unauthenticated } from './errors.ts';
import { anonymous, sharedViewer, type Viewer } from './viewer.ts';

/** HTTP header, and key in the `extensions` of a WebSocket operation, that carries the passport. */
export const passportHeader = 'passport';

const issuer = 'gateway';
const algorithm = 'EdDSA';
const tokenType = 'passport+jwt';
const lifetimeSeconds = 60;
const maximumLength = 16_384;
/** Services run on clocks that differ a little. */
const clockToleranceSeconds = 5;

const claims = z
  .object({
    sub: z.string().min(1),
    exp: z.number(),
    iat: z.number(),
    tenant: z.string().min(1).optional(),
    client_id: z.string().optional(),
    sid: z.string().min(1).optional(),
    act: z.strictObject({ sub: z.string().min(1) }).optional(),
    roles: z.array(z.string()).default([]),
    permissions: z.array(z.string()).default([]),
    scopes: z.array(z.string()).default([]),
    anonymous: z.boolean().default(false),
    shared: z.boolean().default(false),
  })
  .refine((claim) => !claim.anonymous || (claim.tenant === undefined && claim.permissions.length === 0));

export interface PassportMintOptions {
  /** Ed25519 private key. */
  privateKey: JWK;
  /** Most passports kept for reuse. Default 10,000. */
  cacheSize?: number;
}

/** Makes a passport for a viewer at one subgraph, or hands out the one made within the last 30 s. */
export type PassportMint = (viewer: Viewer, audience: string) => Promise<string>;

/** A mint whose passports live 60 s and are reused for half of it. */
export async function createPassportMint({
  privateKey,
  cacheSize = 10_000,
}: PassportMintOptions): Promise<PassportMint> {
  const key = await importJWK(privateKey, algorithm);
  const minted = new LRUCache<string, Promise<string>>({ max: cacheSize, ttl: (lifetimeSeconds * 1000) / 2 });
  // The gateway keeps one Viewer per access token, so that most calls skip the joining of its claims.
  const identities = new WeakMap<Viewer, string>();
  return (viewer, audience) => {
    let identity = identities.get(viewer);
    if (identity === undefined) {
      identity = viewerIdentity(viewer);
      identities.set(viewer, identity);
    }
    const cacheKey = `${audience} ${identity}`;
    let passport = minted.get(cacheKey);
    if (passport === undefined) {
      passport = sign(viewer, audience, key);
      minted.set(cacheKey, passport);
    }
    return passport;
  };
}

/** Equal for viewers who get the same passport. */
export function viewerIdentity(viewer: Viewer): string {
  const { tenantId, roles, permissions, scopes, isAnonymous, isShared = false } = viewer;
  const person = isShared ? [] : [viewer.subject, viewer.clientId, viewer.sessionId, viewer.actorId];
  return JSON.stringify([person, tenantId, roles, [...permissions], [...scopes], isAnonymous]);
}

function sign(viewer: Viewer, audience: string, key: Awaited<ReturnType<typeof importJWK>>): Promise<string> {
  const payload = viewer.isAnonymous
    ? { anonymous: true }
    : {
        ...(viewer.tenantId === null ? {} : { tenant: viewer.tenantId }),
        ...clientClaims(viewer),
        roles: [...viewer.roles],
        permissions: [...viewer.permissions],
        scopes: [...viewer.scopes],
      };
  return new SignJWT(payload)
    .setProtectedHeader({ alg: algorithm, typ: tokenType })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(subjectOf(viewer))
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${lifetimeSeconds}s`)
    .sign(key);
}

/** The subject of a passport that stands for nobody in particular. */
const sharedSubject = 'shared';

function subjectOf(viewer: Viewer): string {
  if (viewer.isShared) return sharedSubject;
  return viewer.isAnonymous ? anonymous.subject : viewer.subject;
}

interface ClientClaims {
  shared?: true;
  client_id?: string;
  sid?: string;
  act?: { sub: string };
}

function clientClaims(viewer: Viewer): ClientClaims {
  if (viewer.isShared) return { shared: true };
  const { clientId, sessionId, actorId } = viewer;
  return {
    ...(clientId === null ? {} : { client_id: clientId }),
    ...(sessionId === undefined ? {} : { sid: sessionId }),
    ...(actorId === undefined ? {} : { act: { sub: actorId } }),
  };
}

export interface PassportVerifierOptions {
  /** Ed25519 public key of the gateway. */
  publicKey: JWK;
  /** Name of the subgraph that the passport must be made for. */
  audience: string;
  /** Most verified passports remembered. Default 10,000. */
  cacheSize?: number;
}

/**
 * Turns a passport into its viewer.
 * @throws PlatformError UNAUTHENTICATED for a missing, malformed, forged, expired or misdirected one.
 */
export type PassportVerifier = (token: unknown) => Viewer | Promise<Viewer>;

/** A verifier that checks each signature once and then remembers the viewer until the passport expires. */
export async function createPassportVerifier(options: PassportVerifierOptions): Promise<PassportVerifier> {
  const { publicKey, audience, cacheSize = 10_000 } = options;
  const key = await importJWK(publicKey, algorithm);
  const verified = new LRUCache<string, { viewer: Viewer; expiresAtMs: number }>({ max: cacheSize });

  async function verify(token: string): Promise<Viewer> {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [algorithm],
      typ: tokenType,
      issuer,
      audience,
      requiredClaims: ['exp', 'iat', 'sub'],
      maxTokenAge: lifetimeSeconds,
      clockTolerance: clockToleranceSeconds,
    }).catch((error: unknown) => {
      throw unauthenticated('The passport is not valid. Send a fresh one made for this service.', {
        cause: error,
      });
    });
    const parsed = claims.safeParse(payload);
    if (!parsed.success) throw unauthenticated('The passport lacks claims.', { cause: parsed.error });
    const viewer = viewerOf(parsed.data);
    const { exp, iat } = parsed.data;
    const endsAt = Math.min(exp, iat + lifetimeSeconds) + clockToleranceSeconds;
    verified.set(token, { viewer, expiresAtMs: endsAt * 1000 });
    return viewer;
  }

  return (token) => {
    if (typeof token !== 'string' || token === '') throw unauthenticated('A passport is required.');
    const known = verified.get(token);
    if (known !== undefined && known.expiresAtMs > Date.now()) return known.viewer;
    if (token.length > maximumLength) throw unauthenticated('The passport is too long.');
    return verify(token);
  };
}

function viewerOf(claim: z.infer<typeof claims>): Viewer {
  if (claim.anonymous) return anonymous;
  const rights = {
    tenantId: claim.tenant ?? null,
    roles: claim.roles,
    permissions: new Set(claim.permissions),
    scopes: new Set(claim.scopes),
    isAnonymous: false,
  };
  if (claim.shared) return sharedViewer(rights);
  const { sub: subject, client_id: clientId = null, sid: sessionId, act } = claim;
  return { subject, clientId, sessionId, actorId: act?.sub, ...rights };
}
