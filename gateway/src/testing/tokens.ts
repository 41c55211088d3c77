// For tests only: access tokens in the shape of RFC 9068, right unless a test makes them wrong.
import { importJWK, type JWK, type JWTPayload, SignJWT } from 'jose';

export interface TokenClaims {
  subject?: string;
  tenantId?: string;
  roles?: readonly string[];
  permissions?: readonly string[];
  /** Default 3,600; negative for a token that has expired. */
  expiresInSeconds?: number;
  issuer?: string;
  audience?: string;
  /** Further or different claims; undefined leaves one out. */
  claims?: JWTPayload;
  /** Further or different members of the header. */
  header?: { typ?: string; kid?: string; jku?: string; jwk?: JWK };
}

export async function signAccessToken(key: JWK, given: TokenClaims): Promise<string> {
  const { subject = 'per_test', tenantId, roles = [], permissions = [], expiresInSeconds = 3_600 } = given;
  const now = Math.floor(Date.now() / 1000);
  const payload: JWTPayload = {
    sub: subject,
    client_id: 'explorer',
    scope: 'openid',
    ...(tenantId === undefined ? {} : { tenant: tenantId }),
    roles,
    entitlements: permissions,
    iss: given.issuer,
    aud: given.audience,
    iat: now,
    exp: now + expiresInSeconds,
    ...given.claims,
  };
  return new SignJWT(payload)
    .setProtectedHeader({
      alg: 'ES256',
      typ: 'at+jwt',
      ...(key.kid ? { kid: key.kid } : {}),
      ...given.header,
    })
    .sign(await importJWK(key, 'ES256'));
}
