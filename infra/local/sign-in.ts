// Signing in as people and services do, over HTTP, without a browser.
import * as oauth from 'oauth4webapi';
import { CookieJar } from './cookie-jar.ts';
import { pageMessage, readForm } from './html-form.ts';
import { Problem } from './problem.ts';

export interface Tokens {
  accessToken: string;
  refreshToken: string | undefined;
  idToken: string | undefined;
  expiresInSeconds: number | undefined;
}

const client: oauth.Client = { client_id: 'cli' };
/** Never listened on: the code is read from the redirect before anybody follows it (RFC 8252, 7.3). */
const redirectUri = 'http://127.0.0.1/callback';
const deadlineMs = 15_000;
const maximumSteps = 12;

/**
 * Signs a person in by authorization code with PKCE, filling in the pages that a browser would show.
 * @throws Problem with what the page says, when it refuses.
 */
export async function signIn(given: { origin: string; email: string; password: string }): Promise<Tokens> {
  const { origin, email, password } = given;
  const server = await discover(origin);
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const nonce = oauth.generateRandomNonce();
  const url = new URL(server.authorization_endpoint ?? '');
  url.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid offline_access',
    // Without it, offline_access is ignored (OpenID Connect Core, 11).
    prompt: 'consent',
    resource: audienceOf(origin),
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  }).toString();

  const callback = await walkThrough(
    url,
    new Map([
      ['email', email],
      ['password', password],
    ]),
  );
  const parameters = oauth.validateAuthResponse(server, client, callback, state);
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    redirectUri,
    verifier,
    { ...options(), additionalParameters: { resource: audienceOf(origin) } },
  );
  return tokensOf(
    await oauth.processAuthorizationCodeResponse(server, client, answer, { expectedNonce: nonce }),
  );
}

/** A token of a service client, by client credentials. */
export async function signInService(given: {
  origin: string;
  clientId: string;
  clientSecret: string;
}): Promise<Tokens> {
  const { origin, clientId, clientSecret } = given;
  const server = await discover(origin);
  const service = { client_id: clientId };
  const answer = await oauth.clientCredentialsGrantRequest(
    server,
    service,
    oauth.ClientSecretBasic(clientSecret),
    { resource: audienceOf(origin) },
    options(),
  );
  return tokensOf(await oauth.processClientCredentialsResponse(server, service, answer));
}

async function discover(origin: string): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(`${origin}/auth`);
  try {
    return await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options()));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Problem(
      `${issuer} does not answer as an OpenID provider (${why}). Look whether it is ready: ${origin}/health/ready`,
    );
  }
}

/** Follows redirects and submits forms until the provider sends the browser back to the client. */
async function walkThrough(start: URL, answers: ReadonlyMap<string, string>): Promise<URL> {
  const jar = new CookieJar();
  let url = start;
  let body: URLSearchParams | undefined;
  let answered = false;
  for (let step = 0; step < maximumSteps; step += 1) {
    const answer = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      body,
      redirect: 'manual',
      // A browser says where a form comes from, and the provider may want to know.
      headers: { cookie: jar.headerFor(url), ...(body === undefined ? {} : { origin: url.origin }) },
      signal: AbortSignal.timeout(deadlineMs),
    });
    jar.take(answer.headers);
    const location = answer.headers.get('location');
    if (location !== null) {
      await answer.body?.cancel();
      url = new URL(location, url);
      body = undefined;
      if (url.href.startsWith(`${redirectUri}?`)) return url;
      // Cookies and the password are for the provider alone.
      if (url.origin !== start.origin) throw new Problem(`The sign-in leads elsewhere: ${url.origin}`);
      continue;
    }
    const page = await answer.text();
    const form = readForm(page);
    if (form === undefined || (answered && form.fields.has('password'))) {
      throw new Problem(`The sign-in was refused: ${pageMessage(page)}`);
    }
    answered ||= form.fields.has('password');
    url = form.action === undefined ? url : new URL(form.action, url);
    if (url.origin !== start.origin) throw new Problem(`The sign-in leads elsewhere: ${url.origin}`);
    body = new URLSearchParams([...form.fields].map(([name, value]) => [name, answers.get(name) ?? value]));
  }
  throw new Problem('The sign-in did not come to an end: too many pages and redirects.');
}

function audienceOf(origin: string): string {
  return `${origin}/graphql`;
}

function options() {
  // In development the origin is http on this machine.
  return { [oauth.allowInsecureRequests]: true, signal: () => AbortSignal.timeout(deadlineMs) };
}

function tokensOf(answer: oauth.TokenEndpointResponse): Tokens {
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token,
    idToken: answer.id_token,
    expiresInSeconds: answer.expires_in,
  };
}
