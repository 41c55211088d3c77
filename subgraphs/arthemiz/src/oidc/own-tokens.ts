// Access tokens that come back to who issued them.
import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose';
import type { Arthemiz } from '../context.ts';
import { partsOf } from '../parts.ts';

/** What an access token of ours for the API says; null for one that is not, or has expired. What it says may hold no more. */
export async function ownTokenClaims(service: Arthemiz, token: string): Promise<JWTPayload | null> {
  const { ISSUER: issuer, AUDIENCE: audience } = service.config;
  const published = partsOf(service).keys.current().published;
  const keys = createLocalJWKSet({ keys: published.map(({ d: _, ...publicKey }) => publicKey) });
  const options = { issuer, audience, algorithms: ['ES256'], typ: 'at+jwt', requiredClaims: ['exp', 'iat'] };
  const verified = await jwtVerify(token, keys, options).catch(() => null);
  return verified?.payload ?? null;
}
