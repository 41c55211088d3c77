// One oidc-provider instance: OAuth 2.1's safe subset, JWT access tokens (RFC 9068), and our own pages.
import { type Configuration, errors, Provider } from 'oidc-provider';
import { isClientSecret } from '../clients/secrets.ts';
import { mountPath } from '../config.ts';
import type { Arthemiz } from '../context.ts';
import type { KeySet } from '../keys/key-ring.ts';
import { tokenLifetimeSeconds } from '../keys/rules.ts';
import { renderLoggedOut, renderLogout, renderProviderError } from '../pages/provider-pages.ts';
import { partsOf } from '../parts.ts';
import { registrationEndpoint } from '../registered-clients/route.ts';
import { assuranceLevels } from '../second-factors/assurance.ts';
import { registerTokenExchange } from '../token-exchange/exchange.ts';
import { createAdapter } from './adapter.ts';
import { apiResource, scopes } from './api-resource.ts';
import { accessTokenClaims, findAccount } from './claims.ts';
import { assertionAlgorithms, checkAssertion } from './client-assertions.ts';
import { firstPartyClients } from './clients.ts';
import { deviceFlow } from './device-codes.ts';
import { createInteractionPolicy, grantForRequest } from './grants.ts';
import { queueLogouts } from './logout-notices.ts';
import { deriveSuccessors, useRefreshToken } from './refresh-tokens.ts';
import { OwnSigningKey } from './signing.ts';

const hour = 3_600;
const day = 24 * hour;
/** How long a browser stays signed in, and a refresh token's family lives, without a new sign-in. */
const sessionSeconds = 14 * day;

export interface ProviderOptions {
  keys: KeySet;
  /** Whether browsers reach it by https. */
  isSecure: boolean;
}

/** A provider for one set of keys. It holds nothing but configuration, so it is replaced when keys change. */
export function createProvider(service: Arthemiz, { keys, isSecure }: ProviderOptions): Provider {
  const { config, logger } = service;
  const provider = new Provider(config.ISSUER, {
    adapter: (kind: string) => createAdapter(service, kind),
    jwks: { keys: keys.published.map((key) => new OwnSigningKey(key)) },
    clients: firstPartyClients(config),
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    enabledJWA: { clientAuthSigningAlgValues: assertionAlgorithms },
    assertJwtClientAuthClaimsAndHeader: (_ctx, claims) => checkAssertion(config, claims),
    scopes,
    acrValues: [...assuranceLevels],
    claims: {
      openid: ['sub', 'auth_time', 'acr', 'amr'],
      profile: ['name'],
      email: ['email', 'email_verified'],
    },
    responseTypes: ['code'],
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    // ID tokens carry name and address, so that few clients need the userinfo endpoint.
    conformIdTokenClaims: false,
    discovery: { registration_endpoint: registrationEndpoint(service) },
    routes: {
      authorization: '/authorize',
      code_verification: '/device',
      device_authorization: '/device-authorization',
      end_session: '/logout',
      introspection: '/introspect',
      jwks: '/jwks',
      pushed_authorization_request: '/par',
      revocation: '/revoke',
      token: '/token',
      userinfo: '/userinfo',
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: true },
      pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: false },
      deviceFlow,
      clientCredentials: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
      // Signing by our own hand; see signing.ts. The provider says when a later version does it otherwise.
      externalSigningSupport: { enabled: true, ack: 'experimental-01' },
      userinfo: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: renderLogout(config),
        postLogoutSuccessSource: renderLoggedOut,
      },
      resourceIndicators: resourceIndicators(service, keys),
    },
    interactions: {
      policy: createInteractionPolicy(),
      url: (_ctx, interaction) => `${mountPath}/sign-in/${interaction.uid}`,
    },
    findAccount: (ctx, sub) => findAccount(service, ctx, sub),
    loadExistingGrant: (ctx) => grantForRequest(service, ctx),
    // A token that was exchanged has its claims already.
    extraTokenClaims: (ctx, token) => token.extra ?? accessTokenClaims(service, ctx, token),
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: (ctx) => useRefreshToken(service, ctx),
    // A refresh token asked for without offline_access ends with the browser's session.
    expiresWithSession: async (_ctx, source) => !source.scopes.has('offline_access'),
    clientBasedCORS: (_ctx, origin) => config.PUBLIC_ORIGINS.includes(origin),
    cookies: cookies(config.COOKIE_KEYS, isSecure),
    ttl: {
      AccessToken: tokenLifetimeSeconds,
      ClientCredentials: tokenLifetimeSeconds,
      IdToken: tokenLifetimeSeconds,
      AuthorizationCode: 60,
      DeviceCode: 600,
      Interaction: hour,
      Session: sessionSeconds,
      Grant: sessionSeconds,
      // Rotation does not prolong a family: its last token expires when its first one would have.
      RefreshToken: (ctx) => ctx?.oidc.entities.RotatedRefreshToken?.remainingTTL ?? sessionSeconds,
    },
    renderError: renderProviderError,
  });
  // nginx stands before it; route.ts lets no other name of a host through.
  provider.proxy = true;
  provider.maxIpsCount = 1;
  // Stored secrets are digests; the provider would compare them as they are.
  provider.Client.prototype.compareClientSecret = function (actual: string) {
    const hashes = (this.clientSecret ?? '').split(' ');
    return hashes.some((hash) => isClientSecret(actual, hash));
  };
  deriveSuccessors(provider, config);
  registerTokenExchange({ service, provider, api: apiResource(config, keys) });
  queueLogouts(provider, service);
  const { tokens } = partsOf(service).metrics;
  provider.on('grant.success', () => tokens.inc({ outcome: 'issued' }));
  provider.on('grant.error', (_ctx, error) => tokens.inc({ outcome: error.error }));
  provider.on('server_error', (_ctx, error) => logger.error({ err: error }, 'the OpenID provider failed'));
  const application: NodeJS.EventEmitter = provider; // Koa's own event, which the provider's types leave out
  application.on('error', (error: unknown) => logger.error({ err: error }, 'the OpenID provider failed'));
  return provider;
}

type ResourceIndicators = NonNullable<NonNullable<Configuration['features']>['resourceIndicators']>;

/** Access tokens are for the API unless something else is asked for. */
function resourceIndicators({ config }: Arthemiz, keys: KeySet): ResourceIndicators {
  return {
    enabled: true,
    defaultResource: (_ctx, _client, oneOf) => oneOf ?? config.AUDIENCE,
    // Who asks for profile or email and names no resource wants to read them at the userinfo endpoint.
    useGrantedResource: async (_ctx, source) =>
      !('scopes' in source && (source.scopes.has('profile') || source.scopes.has('email'))),
    getResourceServerInfo(_ctx, resource) {
      if (resource !== config.AUDIENCE) throw new errors.InvalidTarget();
      return apiResource(config, keys);
    },
  };
}

function cookies(keys: string[], isSecure: boolean): Configuration['cookies'] {
  // One host may be reached by http and by https (localhost is): a browser lets no http page replace a cookie that
  // was set by https, so the two must not share names.
  const prefix = isSecure ? '__Secure-arthemiz' : 'arthemiz';
  const attributes = { httpOnly: true, sameSite: 'lax', secure: isSecure, signed: true } as const;
  return {
    keys,
    names: { session: `${prefix}-session`, interaction: `${prefix}-sign-in`, resume: `${prefix}-resume` },
    long: { ...attributes, path: mountPath },
    short: attributes,
  };
}
