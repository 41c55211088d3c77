// GraphQL over HTTP with the session's token on every request.
import type { Session } from '../session/session.ts';
import { explainForeignAnswer, explainNoAnswer, failedAnswer, isGraphqlAnswer } from './failures.ts';

/** What a request needs of the session. */
export type TokenSource = Pick<Session, 'accessToken' | 'renew'>;

const deadlineMs = 30_000;

/**
 * A `fetch` that signs requests and always answers in GraphQL. One refused for its token (401: it was not executed)
 * is sent once more with a new one. Whatever else comes back, or that nothing does, becomes an error that says so.
 */
export function createSignedFetch(tokens: TokenSource): typeof fetch {
  return async (input, init) => {
    try {
      const headers = sendableHeaders(init?.headers);
      // A header typed into the headers editor wins, so that another token can be tried out.
      const isOwnToken = !headers.has('authorization');
      const send = (token: string) => {
        if (isOwnToken) headers.set('authorization', `Bearer ${token}`);
        return fetch(input, { ...init, headers, signal: AbortSignal.timeout(deadlineMs) });
      };
      let response = await send(isOwnToken ? await tokens.accessToken() : '');
      if (response.status === 401 && isOwnToken) response = await send(await tokens.renew());
      return await inGraphql(response);
    } catch (error) {
      return Response.json(failedAnswer(explainNoAnswer(error, { deadlineMs })));
    }
  };
}

function sendableHeaders(given: HeadersInit | undefined): Headers {
  try {
    return new Headers(given);
  } catch {
    throw new Error('A header has a name or value that HTTP can’t carry. Look at the headers editor.');
  }
}

async function inGraphql(response: Response): Promise<Response> {
  const { status, headers } = response;
  const body = await response.text();
  if (isGraphqlAnswer(body)) return new Response(body, { status, headers });
  return Response.json(failedAnswer(explainForeignAnswer({ status, body })), { status });
}
