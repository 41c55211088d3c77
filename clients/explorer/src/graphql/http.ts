// GraphiQL's requests with the session's token.
import { deadlineMs, sendSigned, type TokenSource } from '@supergraph/session/signed-requests';
import { explainForeignAnswer, explainNoAnswer, failedAnswer, isGraphqlAnswer } from './failures.ts';

/** A signed `fetch` that always answers in GraphQL: whatever else comes back, or that nothing does, is an error in words. */
export function createSignedFetch(tokens: TokenSource): typeof fetch {
  return async (input, init) => {
    try {
      return await inGraphql(await sendSigned(tokens, input, init));
    } catch (error) {
      return Response.json(failedAnswer(explainNoAnswer(error, { deadlineMs })));
    }
  };
}

async function inGraphql(response: Response): Promise<Response> {
  const { status, headers } = response;
  const body = await response.text();
  if (isGraphqlAnswer(body)) return new Response(body, { status, headers });
  return Response.json(failedAnswer(explainForeignAnswer({ status, body })), { status });
}
