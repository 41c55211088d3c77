import type { KoaContextWithOIDC } from 'oidc-provider';

/** How and when the person proved who they are, for access tokens (RFC 9068, 2.2.1). */
export function authenticationClaims({ oidc }: KoaContextWithOIDC) {
  const { AuthorizationCode, RefreshToken, DeviceCode } = oidc.entities;
  const source = AuthorizationCode ?? RefreshToken ?? DeviceCode;
  return { auth_time: source?.authTime, acr: source?.acr, amr: source?.amr };
}
