// What tokens say about their subject, read when they are issued: a role taken away is gone from the next token.
import type { AccessToken, Account, ClientCredentials, KoaContextWithOIDC } from 'oidc-provider';
import { errors } from 'oidc-provider';
import type { Arthemiz } from '../context.ts';
import { type Standing, standingOfClient, standingOfPerson } from '../memberships/standing.ts';
import { partsOf } from '../parts.ts';
import { type Acting, actingOf, noteUse } from '../sessions/acting.ts';
import { isOutside, lackIn } from '../tenants/compliance.ts';
import { refusalFor } from '../tenants/compliance-rules.ts';
import { authenticationClaims } from './authentication-claims.ts';
import { clientAddress } from './origin.ts';

/**
 * The claims `tenant`, `roles` and `entitlements` (RFC 9068, 2.2.3.1) of an access token, the session that it belongs to,
 * and how its person signed in.
 * @throws InvalidGrant when the subject has no standing in the tenant any more, or not what it asks for
 */
export async function accessTokenClaims(
  service: Arthemiz,
  ctx: KoaContextWithOIDC,
  token: AccessToken | ClientCredentials,
) {
  // Without an audience it opens the userinfo endpoint alone.
  if (token.aud === undefined) return undefined;
  const acting =
    'accountId' in token && token.grantId !== undefined ? await actingOf(service, token.grantId) : null;
  const standing = await standingOfSubject(service, { token, acting });
  if (standing === null) throw new errors.InvalidGrant('the subject is no member of the tenant any more');
  const { tenantId: tenant, roles, permissions: entitlements } = standing;
  if (!('accountId' in token)) {
    if (await isOutside(service, { tenantId: tenant, ipAddress: clientAddress(ctx.req) }))
      throw new errors.InvalidGrant('the tenant asks for another network');
    return { tenant, roles, entitlements };
  }
  const authentication = authenticationClaims(ctx);
  // The tenant may have begun to ask for it since they signed in.
  const { amr = [], auth_time: authTime } = authentication;
  const lack = await lackIn(service, {
    ...{ tenantId: tenant, personId: token.accountId, amr, ipAddress: clientAddress(ctx.req) },
    signedInAt: authTime === undefined ? null : new Date(authTime * 1_000),
    lastUsedAt: acting?.lastUsedAt ?? null,
  });
  if (lack !== null) throw new errors.InvalidGrant(refusalFor(lack));
  if (acting !== null && token.grantId !== undefined) {
    const use = { grantId: token.grantId, lastUsedAt: acting.lastUsedAt };
    if (!(await noteUse(service, ctx, use))) throw new errors.InvalidGrant('the session has ended');
  }
  return { tenant, roles, entitlements, sid: acting?.sessionId, ...authentication };
}

async function standingOfSubject(
  service: Arthemiz,
  { token, acting }: { token: AccessToken | ClientCredentials; acting: Acting | null },
): Promise<Standing | null> {
  if (!('accountId' in token))
    return token.clientId === undefined ? null : standingOfClient(service, token.clientId);
  if (acting === null) return null;
  return standingOfPerson(service, { personId: token.accountId, tenantId: acting.tenantId });
}

/** A person as the provider's account; undefined when there is none of this id. */
export async function findAccount(
  service: Arthemiz,
  _ctx: KoaContextWithOIDC,
  personId: string,
): Promise<Account | undefined> {
  const person = await partsOf(service).people(personId);
  if (person === null) return undefined;
  return {
    accountId: person._id,
    // The provider picks those that the granted scopes allow.
    claims: () => ({
      sub: person._id,
      email: person.email,
      email_verified: (person.emailVerifiedAt ?? null) !== null,
      name: person.displayName,
    }),
  };
}
