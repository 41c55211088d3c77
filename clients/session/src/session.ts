// Who is signed in at this page, and an access token that is always good for the next request.
import { AuthorizationResponseError, ResponseBodyError } from 'oauth4webapi';
import { type BrowserProgram, discoverIdentityProvider, type IdentityProvider } from './identity-provider.ts';
import {
  isAuthorizationResponse,
  isUsable,
  pendingSignIn,
  readStored,
  refreshDelayMs,
  type SignInFailure,
  type TokenSet,
  tokenSet,
} from './rules.ts';

export type SessionState =
  | { phase: 'starting' }
  | { phase: 'signed-out'; failure: SignInFailure | null }
  | { phase: 'leaving' }
  | { phase: 'signed-in' };

/**
 * The session of one program's page.
 *
 * Tokens lie in sessionStorage rather than localStorage: a reload keeps the person signed in, while closing the tab, or
 * another tab, does not see them. A script running in this page could read memory just as well, so what keeps tokens
 * safe is the Content-Security-Policy that admits no foreign script.
 */
export class Session {
  readonly #program: BrowserProgram;
  readonly #pendingKey: string;
  readonly #tokensKey: string;
  #state: SessionState = { phase: 'starting' };
  #tokens: TokenSet | null = null;
  #provider: Promise<IdentityProvider> | null = null;
  #refresh: Promise<TokenSet> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(program: BrowserProgram) {
    this.#program = program;
    this.#pendingKey = `${program.clientId}.sign-in`;
    this.#tokensKey = `${program.clientId}.tokens`;
  }

  /** The current state; a new object whenever it changes. */
  readonly state = (): SessionState => this.#state;

  /** Calls `listener` after each change until the returned function is called. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Takes up a stored session or finishes a sign-in that the page's URL carries. Never throws. */
  async start(): Promise<void> {
    const page = new URL(location.href);
    if (isAuthorizationResponse(page)) {
      // The code goes out of the address bar and the history before anything else happens with it.
      history.replaceState(null, '', page.pathname);
      return this.#finishSignIn(page);
    }
    const stored = readStored(tokenSet, sessionStorage.getItem(this.#tokensKey));
    if (!stored) return this.#signedOut(null);
    this.#keep(stored);
    if (!isUsable(stored, Date.now())) await this.renew().catch(() => undefined);
    if (this.#tokens) this.#become({ phase: 'signed-in' });
  }

  /** Sends the browser to the sign-in page. */
  readonly signIn = async (): Promise<void> => {
    if (!isSecureContext) return this.#signedOut({ code: 'insecure' });
    this.#become({ phase: 'leaving' });
    try {
      const { url, pending } = await (await this.#discovered()).authorization(
        `${location.pathname}${location.search}${location.hash}`,
      );
      sessionStorage.setItem(this.#pendingKey, JSON.stringify(pending));
      location.assign(url);
    } catch (error) {
      this.#signedOut(failureOf(error));
    }
  };

  /** Forgets the tokens here, revokes them at the provider and ends its session. */
  readonly signOut = async (): Promise<void> => {
    const tokens = this.#tokens;
    this.#forget();
    this.#become({ phase: 'leaving' });
    if (!tokens) return this.#signedOut(null);
    try {
      const provider = await this.#discovered();
      // A failed revocation must not keep anyone signed in: the session's end below invalidates the grant as well.
      await provider.revoke(tokens).catch(() => undefined);
      const url = provider.endSessionUrl(tokens);
      if (url) return location.assign(url);
      this.#signedOut(null);
    } catch (error) {
      this.#signedOut(failureOf(error));
    }
  };

  /** An access token with enough life left for one request. Throws when signed out or when none can be had. */
  async accessToken(): Promise<string> {
    if (!this.#tokens) throw new Error('Signed out. Sign in to run operations.');
    if (isUsable(this.#tokens, Date.now())) return this.#tokens.accessToken;
    return this.renew();
  }

  /** A new access token, also when the present one looks good: for when the platform has refused it. */
  async renew(): Promise<string> {
    // One refresh at a time: a refresh token used twice counts as stolen and ends the whole session.
    this.#refresh ??= this.#renewOnce().finally(() => {
      this.#refresh = null;
    });
    return (await this.#refresh).accessToken;
  }

  async #renewOnce(): Promise<TokenSet> {
    const tokens = this.#tokens;
    if (!tokens) throw new Error('Signed out. Sign in to run operations.');
    try {
      const renewed = await (await this.#discovered()).refresh(tokens);
      // A sign-out that happened meanwhile wins.
      if (this.#tokens === tokens) this.#keep(renewed);
      return renewed;
    } catch (error) {
      const isOver =
        tokens.refreshToken === null || (error instanceof ResponseBodyError && error.status < 500);
      if (isOver) this.#signedOut({ code: 'session_ended' });
      // Otherwise the provider is away for a moment: the session stays, and the next request tries again.
      const advice = isOver
        ? 'Sign in again.'
        : 'The identity provider does not answer; try again in a moment.';
      throw new Error(`The session could not be renewed. ${advice}`, { cause: error });
    }
  }

  async #finishSignIn(page: URL): Promise<void> {
    const pending = readStored(pendingSignIn, sessionStorage.getItem(this.#pendingKey));
    sessionStorage.removeItem(this.#pendingKey);
    if (pending?.state !== page.searchParams.get('state')) {
      return this.#signedOut({ code: 'stale' });
    }
    try {
      this.#keep(await (await this.#discovered()).redeem(page, pending));
      history.replaceState(null, '', pending.returnTo);
      this.#become({ phase: 'signed-in' });
    } catch (error) {
      this.#signedOut(failureOf(error));
    }
  }

  #discovered(): Promise<IdentityProvider> {
    this.#provider ??= discoverIdentityProvider(location.origin, this.#program).catch((error: unknown) => {
      this.#provider = null;
      throw error;
    });
    return this.#provider;
  }

  #keep(tokens: TokenSet): void {
    this.#tokens = tokens;
    sessionStorage.setItem(this.#tokensKey, JSON.stringify(tokens));
    clearTimeout(this.#timer);
    if (tokens.refreshToken === null) return;
    // A failure here is not shown: the next request tries again and tells the person.
    this.#timer = setTimeout(() => this.renew().catch(() => undefined), refreshDelayMs(tokens, Date.now()));
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#tokens = null;
    sessionStorage.removeItem(this.#tokensKey);
  }

  #signedOut(failure: SignInFailure | null): void {
    this.#forget();
    this.#become({ phase: 'signed-out', failure });
  }

  #become(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

function failureOf(error: unknown): SignInFailure {
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    return { code: error.error, description: error.error_description };
  }
  // fetch rejects with a TypeError when nothing answers and a DOMException at its deadline; oauth4webapi's own
  // TypeErrors, which carry a code, mean something else.
  const isNetworkFailure = error instanceof TypeError && !('code' in error);
  if (isNetworkFailure || error instanceof DOMException) return { code: 'unreachable' };
  return { code: 'unexpected', description: error instanceof Error ? error.message : undefined };
}
