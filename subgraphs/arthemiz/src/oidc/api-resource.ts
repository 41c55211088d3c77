// The API as a resource that tokens are for (RFC 8707).
import type { ResourceServer } from 'oidc-provider';
import type { Config } from '../config.ts';
import type { KeySet } from '../keys/key-ring.ts';
import { tokenLifetimeSeconds } from '../keys/rules.ts';

/** Scopes that an access token for the API can carry. */
export const scopes = ['openid', 'offline_access', 'profile', 'email'];

export function apiResource({ AUDIENCE }: Pick<Config, 'AUDIENCE'>, keys: KeySet): ResourceServer {
  return {
    scope: scopes.join(' '),
    audience: AUDIENCE,
    accessTokenFormat: 'jwt',
    accessTokenTTL: tokenLifetimeSeconds,
    jwt: { sign: { alg: 'ES256', kid: keys.signing.kid } },
  };
}
