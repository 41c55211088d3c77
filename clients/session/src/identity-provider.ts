// The OpenID Connect conversation with the platform's own identity provider, at this page's origin.
import * as oauth from 'oauth4webapi';
import * as z from 'zod/mini';
import { audienceOf, endpointsAtOrigin, type PendingSignIn, type TokenSet } from './rules.ts';

const deadlineMs = 10_000;
const authentication = oauth.None();

/** A program of the platform that runs in the browser. */
export interface BrowserProgram {
  /** As which the identity provider knows it. */
  clientId: string;
  /** Where it is served, for example `/explorer/`: also its redirect URI. */
  path: string;
}

export interface IdentityProvider {
  /** Begins a sign-in: where to send the browser, and what to remember until it is back. */
  authorization(returnTo: string): Promise<{ url: URL; pending: PendingSignIn }>;
  /** Trades the code in the page's URL for tokens. Throws oauth4webapi's errors. */
  redeem(page: URL, pending: PendingSignIn): Promise<TokenSet>;
  /** New tokens for a refresh token. Throws oauth4webapi's errors. */
  refresh(tokens: TokenSet): Promise<TokenSet>;
  /** Makes the refresh token worthless. */
  revoke(tokens: TokenSet): Promise<void>;
  /** Where the browser goes to end the single sign-on session; null when the provider has no such page. */
  endSessionUrl(tokens: TokenSet): URL | null;
}

/**
 * Reads the provider's metadata and returns it ready to use.
 *
 * @param origin of this page, e.g. `https://localhost:8443`; the issuer may name another origin of the same platform
 */
export async function discoverIdentityProvider(
  origin: string,
  { clientId, path }: BrowserProgram,
): Promise<IdentityProvider> {
  const client: oauth.Client = { client_id: clientId };
  const redirectUri = `${origin}${path}`;
  const server = endpointsAtOrigin(await readMetadata(origin), origin);
  const resource = audienceOf(server.issuer);

  return {
    async authorization(returnTo) {
      const pending = {
        state: oauth.generateRandomState(),
        nonce: oauth.generateRandomNonce(),
        codeVerifier: oauth.generateRandomCodeVerifier(),
        returnTo,
      };
      const url = new URL(endpoint(server, 'authorization_endpoint'));
      url.search = new URLSearchParams({
        client_id: client.client_id,
        response_type: 'code',
        redirect_uri: redirectUri,
        // OpenID Connect Core §11: a refresh token is only given for offline_access together with prompt=consent.
        scope: 'openid offline_access',
        prompt: 'consent',
        resource,
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(pending.codeVerifier),
        code_challenge_method: 'S256',
      }).toString();
      return { url, pending };
    },

    async redeem(page, pending) {
      const parameters = oauth.validateAuthResponse(server, client, page, pending.state);
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        authentication,
        parameters,
        redirectUri,
        pending.codeVerifier,
        { ...requestOptions(origin), additionalParameters: { resource } },
      );
      const answer = await oauth.processAuthorizationCodeResponse(server, client, response, {
        expectedNonce: pending.nonce,
        requireIdToken: true,
      });
      return toTokenSet(answer);
    },

    async refresh(tokens) {
      if (tokens.refreshToken === null) throw new Error('the session has no refresh token');
      const response = await oauth.refreshTokenGrantRequest(
        server,
        client,
        authentication,
        tokens.refreshToken,
        { ...requestOptions(origin), additionalParameters: { resource } },
      );
      const answer = await oauth.processRefreshTokenResponse(server, client, response);
      // RFC 6749 §6: a response without a new refresh token leaves the old one valid.
      const renewed = toTokenSet(answer);
      return {
        ...renewed,
        refreshToken: renewed.refreshToken ?? tokens.refreshToken,
        idToken: renewed.idToken ?? tokens.idToken,
      };
    },

    async revoke(tokens) {
      if (tokens.refreshToken === null || !server.revocation_endpoint) return;
      const options = {
        ...requestOptions(origin),
        additionalParameters: { token_type_hint: 'refresh_token' },
      };
      const response = await oauth.revocationRequest(
        server,
        client,
        authentication,
        tokens.refreshToken,
        options,
      );
      await oauth.processRevocationResponse(response);
    },

    endSessionUrl(tokens) {
      if (!server.end_session_endpoint) return null;
      const url = new URL(server.end_session_endpoint);
      url.searchParams.set('client_id', client.client_id);
      url.searchParams.set('post_logout_redirect_uri', redirectUri);
      if (tokens.idToken !== null) url.searchParams.set('id_token_hint', tokens.idToken);
      return url;
    },
  };
}

async function readMetadata(origin: string): Promise<oauth.AuthorizationServer> {
  const response = await fetch(`${origin}/auth/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(deadlineMs),
    headers: { accept: 'application/json' },
  });
  if (!response.ok) throw new TypeError(`the identity provider answered ${response.status}`);
  // The issuer is whatever this origin says it is: see endpointsAtOrigin for why that may be believed.
  const { issuer } = z.object({ issuer: z.url() }).parse(await response.clone().json());
  return oauth.processDiscoveryResponse(new URL(issuer), response);
}

function requestOptions(origin: string) {
  return {
    signal: () => AbortSignal.timeout(deadlineMs),
    // Plain http happens on localhost only: elsewhere the browser has no crypto.subtle and sign-in never starts.
    [oauth.allowInsecureRequests]: origin.startsWith('http:'),
  };
}

function endpoint(server: oauth.AuthorizationServer, name: 'authorization_endpoint'): string {
  const url = server[name];
  if (!url) throw new Error(`the identity provider's metadata has no ${name}`);
  return url;
}

function toTokenSet(answer: oauth.TokenEndpointResponse): TokenSet {
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? null,
    idToken: answer.id_token ?? null,
    // RFC 6749 §5.1 only recommends expires_in; five minutes errs on the side of refreshing too often.
    expiresAt: Date.now() + (answer.expires_in ?? 300) * 1000,
  };
}
