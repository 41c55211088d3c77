// Token exchange (RFC 8693): a service client that got a person's access token gets one of its own, to act for them. It
// may what both may, at most as long as the person's token lives, in the person's session.
import { permissionsOfBoth } from '@supergraph/chassis/scoped-permissions';
import { errors, type Provider, type ResourceServer, type TokenEndpointGrantContext } from 'oidc-provider';
import type { Arthemiz } from '../context.ts';
import { standingOfClient, standingOfPerson } from '../memberships/standing.ts';
import { clientAddress } from '../oidc/origin.ts';
import { lackIn } from '../tenants/compliance.ts';
import { refusalFor } from '../tenants/compliance-rules.ts';
import { tellExchanged } from './events.ts';
import {
  accessTokenType,
  exchangeParameters,
  exchangeRequest,
  lifetimeSeconds,
  mayExchange,
  narrowedScope,
  repeatable,
  tokenExchange,
} from './rules.ts';
import { readSubjectToken, type SubjectToken } from './subject-token.ts';

interface Exchange {
  service: Arthemiz;
  provider: Provider;
  /** What the tokens are for. */
  api: ResourceServer;
}

/** Lets service clients exchange tokens at the provider's token endpoint. */
export function registerTokenExchange(exchange: Exchange): void {
  const answer = (ctx: TokenEndpointGrantContext) => exchangeToken(exchange, ctx);
  exchange.provider.registerGrantType(tokenExchange, answer, exchangeParameters, repeatable);
}

async function exchangeToken(
  { service, provider, api }: Exchange,
  ctx: TokenEndpointGrantContext,
): Promise<void> {
  const { client, params } = ctx.oidc;
  const own = await standingOfClient(service, client.clientId);
  if (!own?.permissions.includes(mayExchange))
    throw new errors.UnauthorizedClient(`the client's roles don't allow ${mayExchange}`);
  const asked = requestIn(params);
  const { AUDIENCE } = service.config;
  if ([...asked.audience, ...asked.resource].some((target) => target !== AUDIENCE))
    throw new errors.InvalidTarget(`exchanged tokens are for ${AUDIENCE} alone`);
  // Without a word it would get one that anybody may use.
  if (ctx.req.headers.dpop !== undefined)
    throw new errors.InvalidRequest('exchanged tokens are bound to no key: send no DPoP proof');
  const { tenantId } = own;
  const subject = await readSubjectToken(service, { token: asked.subject_token, tenantId });
  const scope = narrowedScope({ held: subject.scope, asked: asked.scope });
  if (scope === undefined)
    throw new errors.InvalidScope("scope goes beyond the subject token's", asked.scope ?? '');
  await demandCompliance(service, ctx, subject);
  const persons = await standingOfPerson(service, { personId: subject.sub, tenantId });
  if (persons === null) throw new errors.InvalidRequest('the person is no member of the tenant any more');
  const now = new Date();
  const expiresIn = lifetimeSeconds({ expiresAt: new Date(subject.exp * 1_000), now });
  if (expiresIn < 1) throw new errors.InvalidRequest('the subject token expires just now');

  const { auth_time, acr, amr, sid } = subject;
  const token = new provider.AccessToken({
    ...{
      client,
      accountId: subject.sub,
      grantId: subject.grant.grantId,
      gty: tokenExchange,
      scope,
      expiresIn,
    },
    resourceServer: new provider.ResourceServer(AUDIENCE, api),
    // Here already, so that the provider asks for no claims of a token that the person's client gets.
    extra: {
      ...{ tenant: tenantId, roles: [], sid, act: { sub: client.clientId }, auth_time, acr, amr },
      entitlements: permissionsOfBoth(persons.permissions, own.permissions),
    },
  });
  const expiresAt = new Date(now.getTime() + expiresIn * 1_000);
  await tellExchanged(service, ctx, { clientId: client.clientId, subject, scope, expiresAt });
  ctx.oidc.entity('AccessToken', token);
  ctx.body = {
    access_token: await token.save(),
    issued_token_type: accessTokenType,
    token_type: token.tokenType,
    expires_in: token.expiration,
    ...(scope === '' ? {} : { scope }),
  };
}

function requestIn(params: TokenEndpointGrantContext['oidc']['params']) {
  const parsed = exchangeRequest.safeParse(params);
  if (parsed.success) return parsed.data;
  throw new errors.InvalidRequest(parsed.error.issues[0]?.message ?? 'the request is not valid');
}

/** The tenant may have begun to ask for more since the person signed in, and asks it of where the program is, too. */
async function demandCompliance(
  service: Arthemiz,
  ctx: TokenEndpointGrantContext,
  { sub: personId, tenant: tenantId, amr, auth_time: authTime, grant }: SubjectToken,
): Promise<void> {
  const lack = await lackIn(service, {
    ...{ tenantId, personId, amr, ipAddress: clientAddress(ctx.req), lastUsedAt: grant.lastUsedAt },
    signedInAt: authTime === undefined ? null : new Date(authTime * 1_000),
  });
  if (lack !== null) throw new errors.InvalidRequest(refusalFor(lack));
}
