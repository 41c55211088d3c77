// What a client signs to prove who it is (RFC 7523, private_key_jwt), beyond what the provider checks.
import { errors } from 'oidc-provider';
import type { Config } from '../config.ts';

/** Those of FAPI 2.0: no secret that both sides hold, and no padding that was broken before. */
export const assertionAlgorithms = ['ES256', 'PS256', 'EdDSA', 'Ed25519'] as const;

/** An assertion is remembered until it expires, so that it works once; nobody makes us remember it for longer. */
const maximumLifetimeSeconds = 300;

/** @throws InvalidClientAuth */
export function checkAssertion(
  { ISSUER }: Pick<Config, 'ISSUER'>,
  { aud, exp }: Record<string, unknown>,
): void {
  // An endpoint's address may be another server's invention; the issuer alone says for whom it was signed.
  if (aud !== ISSUER) throw new errors.InvalidClientAuth('aud must be the issuer, and nothing else');
  if (typeof exp !== 'number' || exp > Date.now() / 1000 + maximumLifetimeSeconds)
    throw new errors.InvalidClientAuth(`exp must be at most ${maximumLifetimeSeconds} s ahead`);
}
