// Proofs of possession (RFC 9449): a token that is bound to a key is worth nothing to who has stolen it alone.
import { createHash } from 'node:crypto';
import { inTime } from '@supergraph/chassis/deadline';
import { unauthenticated } from '@supergraph/chassis/errors';
import type { Logger } from '@supergraph/chassis/logging';
import type { Redis } from 'ioredis';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { PresentedProof } from './credentials.ts';

export interface Proofs {
  /** @throws PlatformError UNAUTHENTICATED where the token's key has not signed this request, or has signed it before */
  demand(proof: PresentedProof | undefined, bound: BoundToken): Promise<void>;
}

export interface BoundToken {
  token: string;
  /** Of the key that it is bound to (RFC 7638). */
  keyThumbprint: string;
}

export interface ProofsOptions {
  /** Shared by all gateways, so that a proof works at one of them. Away: each process knows those that it has seen. */
  redis: Redis;
  namespace: string;
  logger: Logger;
  /** Most proofs remembered by this process. Default 50,000. */
  cacheSize?: number;
}

/** Signature algorithms that proofs may have; arthemiz takes the same. */
export const proofAlgorithms = ['ES256', 'Ed25519', 'EdDSA'];

/** Why a proof did not do, for the challenge of the answer. */
export class InvalidProof extends Error {
  override readonly name = 'InvalidProof';
}

const maximumLength = 4_096;
/** For how long after it was made a proof counts, and by how much clocks may differ. */
const lifetimeSeconds = 60;
const clockToleranceSeconds = 5;
const redisTimeoutMs = 250;

const claims = z.object({
  jti: z.string().min(1).max(256),
  htm: z.string(),
  htu: z.string().max(2_048),
  iat: z.number(),
  ath: z.string(),
});

export function createProofs({ redis, namespace, logger, cacheSize = 50_000 }: ProofsOptions): Proofs {
  const rememberedMs = (lifetimeSeconds + 2 * clockToleranceSeconds) * 1_000;
  const seen = new LRUCache<string, true>({ max: cacheSize, ttl: rememberedMs });
  // A request whose body took its time is authenticated twice.
  const accepted = new WeakSet<PresentedProof>();

  /** Whether nobody has shown it before, at any gateway that Redis can tell of. */
  async function isFirstUse(id: string): Promise<boolean> {
    if (seen.has(id)) return false;
    seen.set(id, true);
    const noted = redis.set(`${namespace}:gateway:proof:${id}`, '1', 'PX', rememberedMs, 'NX');
    try {
      return (await inTime(noted, { deadlineMs: redisTimeoutMs, otherwise: () => 'OK' })) === 'OK';
    } catch (error) {
      logger.debug({ err: error }, 'a proof of possession is remembered by this process alone');
      return true;
    }
  }

  return {
    async demand(proof, bound) {
      if (proof === undefined) throw refused('it was not shown: send it in the header DPoP');
      if (accepted.has(proof)) return;
      const { jti } = await verify(proof, bound);
      const id = createHash('sha256').update(`${bound.keyThumbprint} ${jti}`).digest('base64url');
      if (!(await isFirstUse(id))) throw refused('it was used before: make a new one for each request');
      accepted.add(proof);
    },
  };
}

/** What a proof says. @throws unless it is for this request and token (RFC 9449, 4.3) */
async function verify({ jwt, method, uri }: PresentedProof, { token, keyThumbprint }: BoundToken) {
  if (jwt.length > maximumLength) throw refused('it is too long');
  const { payload, protectedHeader } = await jwtVerify(jwt, EmbeddedJWK, {
    algorithms: proofAlgorithms,
    typ: 'dpop+jwt',
  }).catch((error: unknown) => {
    throw refused('it is no signed proof', error);
  });
  const parsed = claims.safeParse(payload);
  if (!parsed.success) throw refused('it lacks claims', parsed.error);
  const { htm, htu, iat, ath } = parsed.data;
  const key = protectedHeader.jwk;
  if (key === undefined || (await calculateJwkThumbprint(key)) !== keyThumbprint)
    throw refused('it is signed with another key than the token is bound to');
  if (ath !== createHash('sha256').update(token).digest('base64url'))
    throw refused('it is for another token');
  if (htm !== method) throw refused('it is for another method');
  if (addressOf(htu) !== addressOf(uri)) throw refused('it is for another address');
  const age = Date.now() / 1_000 - iat;
  if (age > lifetimeSeconds + clockToleranceSeconds || age < -clockToleranceSeconds)
    throw refused('it was not made just now: set the clock');
  return parsed.data;
}

/** In one way of writing, without query and fragment; null for what is no address. */
function addressOf(uri: string): string | null {
  const url = URL.parse(uri);
  return url === null ? null : `${url.origin}${url.pathname}`;
}

function refused(why: string, cause?: unknown) {
  return unauthenticated(`The proof of possession does not do: ${why}.`, {
    cause: new InvalidProof(why, { cause }),
  });
}
