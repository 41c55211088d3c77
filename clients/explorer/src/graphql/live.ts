// The live connection as GraphiQL gets it: every end for good is told in words.
import { createLiveConnection, type LiveConnection } from '@supergraph/session/live';
import type { TokenSource } from '@supergraph/session/signed-requests';
import { explainLiveEnd, failedAnswer } from './failures.ts';

export function openLiveConnection(url: string, tokens: TokenSource): LiveConnection {
  const live = createLiveConnection(url, tokens);
  const subscribe: LiveConnection['client']['subscribe'] = (payload, sink) =>
    live.client.subscribe(payload, {
      ...sink,
      // A list is the gateway's errors about the operation; anything else is about the connection.
      error: (cause) => sink.error(Array.isArray(cause) ? cause : failedAnswer(explainLiveEnd(cause)).errors),
    });
  return { ...live, client: { ...live.client, subscribe } };
}
