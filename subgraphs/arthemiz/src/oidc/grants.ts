// What a person lets a client do. The platform's own clients are granted what they ask for, others what the person has
// consented to; the grant also fixes the tenant that the tokens speak for.
import { type Grant, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { Arthemiz } from '../context.ts';
import { standingOfPerson } from '../memberships/standing.ts';
import { tellConsentGiven } from '../registered-clients/consents.ts';
import { homeTenantOf } from '../registered-clients/reading.ts';
import { actingOf, noteGrant } from '../sessions/acting.ts';
import { lackIn } from '../tenants/compliance.ts';
import { clientAddress } from './origin.ts';

interface ActingChoice {
  id: string;
  /** The connection that the person came in by; null for none. */
  connectionId: string | null;
}

/** What the sign-in page hands to the provider beside its own keys. */
export interface TenantChoice {
  tenant?: ActingChoice;
}

/**
 * The grant of the person and client of a request: the one they have, or a new one in the tenant that was chosen
 * at sign-in. Undefined when no tenant is known, the client is of another one, the person is no member any more, or lacks
 * what the tenant asks for; then they sign in again. Undefined too while their consent is missing; then they are asked.
 */
export async function grantForRequest(
  service: Arthemiz,
  ctx: KoaContextWithOIDC,
): Promise<Grant | undefined> {
  const { oidc } = ctx;
  const { account, client, session } = oidc;
  if (account === undefined || client === undefined || session === undefined) return undefined;
  const chosen = (oidc.result as TenantChoice | undefined)?.tenant; // put there by the sign-in page alone
  const known = session.grantIdFor(client.clientId);
  const acting = chosen ?? (await actingOfSession(service, ctx));
  if (acting === null) return undefined;
  const { id: tenantId, connectionId } = acting;
  const home = await homeTenantOf(service, client.clientId);
  if (home !== null && home !== tenantId) return undefined;
  const standing = await standingOfPerson(service, { personId: account.accountId, tenantId });
  if (standing === null) return undefined;
  const goesOn = chosen === undefined ? known : undefined;
  const lack = await lackIn(service, {
    ...{ tenantId, personId: account.accountId },
    ...{ amr: session.amr ?? [], ipAddress: clientAddress(ctx.req) },
    signedInAt: new Date((session.loginTs ?? 0) * 1_000),
    lastUsedAt: (goesOn === undefined ? null : await actingOf(service, goesOn))?.lastUsedAt ?? null,
  });
  if (lack !== null) return undefined;

  const earlier = goesOn === undefined ? undefined : await oidc.provider.Grant.find(goesOn);
  const isNew = home !== null && !covers(earlier, ctx);
  if (isNew && oidc.result?.consent === undefined) {
    withoutConsent.add(oidc);
    return undefined;
  }
  const grant =
    earlier ?? new oidc.provider.Grant({ accountId: account.accountId, clientId: client.clientId });
  const scopes = [...oidc.requestParamScopes].join(' ');
  grant.addOIDCScope(scopes);
  for (const indicator of Object.keys(oidc.resourceServers ?? {})) grant.addResourceScope(indicator, scopes);
  if (isNew)
    await tellConsentGiven(service, ctx, {
      ...{ tenantId, personId: account.accountId, clientId: client.clientId, scope: scopes },
    });
  const grantId = await grant.save();
  return (await noteGrant(service, ctx, { grantId, tenantId, connectionId })) ? grant : undefined;
}

/** Requests whose person has a tenant, and has yet to let the client do what it asks for. */
const withoutConsent = new WeakSet<object>();

/** Whether all that is asked for was consented to before. */
function covers(grant: Grant | undefined, { oidc }: KoaContextWithOIDC): boolean {
  if (grant === undefined) return false;
  const asked = [...oidc.requestParamScopes];
  return [
    grant.getOIDCScope(),
    ...Object.keys(oidc.resourceServers ?? {}).map((one) => grant.getResourceScope(one)),
  ].every((granted) => asked.every((scope) => granted.split(' ').includes(scope)));
}

/** In which tenant this browser session acts with any client. */
async function actingOfSession(
  service: Arthemiz,
  { oidc }: KoaContextWithOIDC,
): Promise<ActingChoice | null> {
  const authorizations = oidc.session?.authorizations ?? {};
  const own = oidc.client === undefined ? undefined : authorizations[oidc.client.clientId];
  for (const authorization of [own, ...Object.values(authorizations)]) {
    if (authorization?.grantId === undefined) continue;
    const acting = await actingOf(service, authorization.grantId);
    if (acting !== null) return { id: acting.tenantId, connectionId: acting.connectionId };
  }
  return null;
}

/** The provider's usual questions to a person, and one more: whoever has no tenant signs in again. */
export function createInteractionPolicy() {
  const policy = interactionPolicy.base();
  const { Check } = interactionPolicy;
  policy.get('login')?.checks.add(
    new Check('no_tenant', 'the person has to sign in to a tenant', 'login_required', ({ oidc }) => {
      const isWithoutGrant = oidc.session?.accountId !== undefined && oidc.entities.Grant?.jti === undefined;
      return isWithoutGrant && !withoutConsent.has(oidc) ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
    }),
  );
  return policy;
}
