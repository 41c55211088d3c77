// GraphQL over HTTP with the session's token on every request.
import type { Session } from '../session/session.ts';

/** What a request needs of the session. */
export type TokenSource = Pick<Session, 'accessToken' | 'renew'>;

const deadlineMs = 30_000;

/**
 * A `fetch` that signs requests. One refused for its token (401: it was not executed) is sent once more with a
 * new one. Throws an Error worth showing when the answer isn't JSON, as when the gateway is away and nginx answers.
 */
export function createSignedFetch(tokens: TokenSource): typeof fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    // A header typed into the headers editor wins, so that another token can be tried out.
    const isOwnToken = !headers.has('authorization');
    const send = (token: string) => {
      if (isOwnToken) headers.set('authorization', `Bearer ${token}`);
      return fetch(input, { ...init, headers, signal: AbortSignal.timeout(deadlineMs) });
    };
    let response = await send(isOwnToken ? await tokens.accessToken() : '');
    if (response.status === 401 && isOwnToken) response = await send(await tokens.renew());
    if (!response.headers.get('content-type')?.includes('json')) {
      throw new Error(`The platform answered ${response.status} ${response.statusText}: is the gateway up?`);
    }
    return response;
  };
}
