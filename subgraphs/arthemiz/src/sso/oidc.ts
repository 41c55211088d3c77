// The relying party's side of OpenID Connect: code flow with PKCE, state, nonce, a redirect address of each connection's
// own and the issuer in the answer (RFC 9207), so that one provider's answer is never taken for another's.
import { addressGuard } from '@supergraph/chassis/addresses';
import type { HttpRequest } from '@supergraph/chassis/http-client';
import { type SealingContext, seal, unseal } from '@supergraph/chassis/sealing';
import { LRUCache } from 'lru-cache';
import * as client from 'openid-client';
import { z } from 'zod';
import type { Arthemiz } from '../context.ts';
import type { SsoConnectionRow } from './model.ts';
import { callbackPath } from './paths.ts';
import type { Protocol } from './protocol.ts';
import { type Identity, identity, type OidcSettings } from './rules.ts';

/** What providers say of themselves changes seldom. */
const keepMs = 10 * 60_000;
const configurations = new WeakMap<Arthemiz, LRUCache<string, client.Configuration>>();

/** @throws where the provider can't be reached or is not what it says */
export async function discover(
  service: Arthemiz,
  { issuer, clientId, clientSecret }: Pick<OidcSettings, 'issuer' | 'clientId' | 'clientSecret'>,
): Promise<client.Configuration> {
  const isPlain = issuer.startsWith('http:');
  return client.discovery(new URL(issuer), clientId, {}, authentication(clientSecret), {
    [client.customFetch]: guardedFetch(service),
    // Answers prove by their own signature who gave them, however they came.
    execute: [client.enableNonRepudiationChecks, ...(isPlain ? [client.allowInsecureRequests] : [])],
  });
}

const expected = z.object({ state: z.string(), nonce: z.string(), codeVerifier: z.string() });

export const oidcProtocol: Protocol = {
  async request(service, { connection, origin, email }) {
    const state = client.randomState();
    const nonce = client.randomNonce();
    const codeVerifier = client.randomPKCECodeVerifier();
    const url = client.buildAuthorizationUrl(await configurationOf(service, connection), {
      redirect_uri: `${origin}${callbackPath(connection._id)}`,
      scope: (connection.oidc?.scopes ?? ['openid']).join(' '),
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      login_hint: email,
    });
    return { url, state, expectation: { state, nonce, codeVerifier } };
  },

  async read(service, { connection, origin, answer, expectation }) {
    const { state, nonce, codeVerifier } = expected.parse(expectation);
    const configuration = await configurationOf(service, connection);
    const url = new URL(`${origin}${callbackPath(connection._id)}?${answer}`);
    const tokens = await client.authorizationCodeGrant(configuration, url, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
      idTokenExpected: true,
    });
    const claims: Record<string, unknown> | undefined = tokens.claims();
    if (claims === undefined) throw new Error('The provider sent no ID token.');
    const isComplete = claims.email !== undefined && claims[connection.groupsClaim] !== undefined;
    const { userinfo_endpoint: endpoint } = configuration.serverMetadata();
    const more: Record<string, unknown> =
      isComplete || endpoint === undefined
        ? {}
        : await client.fetchUserInfo(configuration, tokens.access_token, String(claims.sub));
    return identityOf({ ...more, ...claims }, connection.groupsClaim);
  },
};

const strings = z.union([z.array(z.string()), z.string().transform((one) => [one])]);

/** An address that the provider itself holds for unverified is none. */
function identityOf(claims: Record<string, unknown>, groupsClaim: string): Identity {
  const methods = strings.safeParse(claims.amr).data ?? [];
  const isVerified = claims.email_verified !== false && claims.email_verified !== 'false';
  return identity.parse({
    subject: claims.sub,
    email: isVerified && typeof claims.email === 'string' ? claims.email : null,
    name: typeof claims.name === 'string' ? claims.name.slice(0, 200) : null,
    groups: (strings.safeParse(claims[groupsClaim]).data ?? []).slice(0, 1_000),
    hasSecondFactor: methods.includes('mfa'),
  });
}

export function sealClientSecret(service: Arthemiz, connectionId: string, clientSecret: string): string {
  return seal(clientSecret, sealingOf(service, connectionId));
}

function sealingOf({ config }: Arthemiz, connectionId: string): SealingContext {
  return { encryptionKey: config.KEY_ENCRYPTION_KEY, belongsTo: `sso-client-secret:${connectionId}` };
}

async function configurationOf(
  service: Arthemiz,
  { _id, changedAt, oidc }: SsoConnectionRow,
): Promise<client.Configuration> {
  const kept = configurations.get(service) ?? new LRUCache({ max: 500, ttl: keepMs });
  configurations.set(service, kept);
  const key = `${_id} ${changedAt.getTime()}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  if (!oidc) throw new Error(`Connection ${_id} is none of OpenID Connect.`);
  const clientSecret = unseal(oidc.sealedClientSecret, sealingOf(service, _id));
  const configuration = await discover(service, { ...oidc, clientSecret });
  kept.set(key, configuration);
  return configuration;
}

/** The way that the provider knows; where it names none, the standard's own. */
function authentication(clientSecret: string): client.ClientAuth {
  const [basic, post] = [client.ClientSecretBasic(clientSecret), client.ClientSecretPost(clientSecret)];
  return (server, metadata, body, headers) => {
    const known = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const authenticate = known.includes('client_secret_basic') ? basic : post;
    authenticate(server, metadata, body, headers);
  };
}

/** Calls of a provider that a tenant chose: public addresses alone, in time, and no more of an answer than is read. */
function guardedFetch(service: Arthemiz): client.CustomFetch {
  const http = service.outgoing.http('identity-provider', {
    deadlineMs: 8_000,
    attempts: 1,
    // One tenant's provider that is away must not stand in the way of another's.
    breakAfter: Number.POSITIVE_INFINITY,
    maximumResponseBytes: 524_288,
    addresses: addressGuard(service.config.TENANT_TARGET_NETWORKS),
  });
  return async (url, { method, headers, body }) => {
    const {
      status,
      headers: answered,
      body: text,
    } = await http.request({
      url,
      method: method as NonNullable<HttpRequest['method']>, // openid-client asks by GET and POST alone
      headers,
      ...(body === undefined || body === null ? {} : { body: String(body) }),
    });
    const isEmpty = status === 204 || status === 304;
    return new Response(isEmpty ? null : text, { status, headers: plainHeaders(answered) });
  };
}

function plainHeaders(headers: Record<string, string | string[] | undefined>): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((one): [string, string][] =>
      one === undefined ? [] : [[name, one]],
    ),
  );
}
