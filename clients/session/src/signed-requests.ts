// HTTP with the session's token on every request.
import type { Session } from './session.ts';

/** What a request needs of the session. */
export type TokenSource = Pick<Session, 'accessToken' | 'renew'>;

/** How long an answer may take unless told. */
export const deadlineMs = 30_000;

export interface SendOptions {
  /** For all of the answer, its body included. Default `deadlineMs`. */
  timeoutMs?: number;
}

/**
 * Sends a request with the session's token. One refused for its token (401: it was not executed) is sent once more with
 * a new one.
 */
export async function sendSigned(
  tokens: TokenSource,
  input: RequestInfo | URL,
  init: RequestInit = {},
  { timeoutMs = deadlineMs }: SendOptions = {},
): Promise<Response> {
  const headers = sendableHeaders(init.headers);
  // A header typed into the headers editor wins, so that another token can be tried out.
  const isOwnToken = !headers.has('authorization');
  const send = (token: string) => {
    if (isOwnToken) headers.set('authorization', `Bearer ${token}`);
    return fetch(input, { ...init, headers, signal: AbortSignal.timeout(timeoutMs) });
  };
  const response = await send(isOwnToken ? await tokens.accessToken() : '');
  return response.status === 401 && isOwnToken ? send(await tokens.renew()) : response;
}

function sendableHeaders(given: HeadersInit | undefined): Headers {
  try {
    return new Headers(given);
  } catch {
    throw new Error('A header has a name or value that HTTP can’t carry. Look at the headers editor.');
  }
}
