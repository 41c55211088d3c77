// How GraphiQL's operations reach the platform: HTTP for queries and mutations, WebSocket for subscriptions.
import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import type { LiveConnection } from '@supergraph/session/live';
import type { TokenSource } from '@supergraph/session/signed-requests';
import { createRuns, type Runs } from '../plan/runs.ts';
import { createSignedFetch } from './http.ts';
import { openLiveConnection } from './live.ts';
import { selectOperation } from './operation.ts';

export interface PlatformFetcher {
  fetcher: Fetcher;
  live: LiveConnection;
  /** How long the last query or mutation took. */
  runs: Runs;
  /** Ends the live connection with everything subscribed on it. */
  dispose(): void;
}

/** @param origin of this page, which serves `/graphql` for HTTP and WebSocket alike */
export function createPlatformFetcher(origin: string, tokens: TokenSource): PlatformFetcher {
  const url = `${origin}/graphql`;
  const live = openLiveConnection(url.replace(/^http/, 'ws'), tokens);
  const runs = createRuns();
  const signed = createSignedFetch(tokens);
  return {
    fetcher: (request, options) => {
      const operation = selectOperation(request.query, request.operationName);
      const run = { query: request.query, operationName: operation.name };
      const send = createGraphiQLFetcher({
        url,
        fetch: async (input, init) => {
          const response = await signed(input, init);
          // Before the schema is known GraphiQL asks for it by itself: that is no run of the person's.
          if (request.operationName !== 'IntrospectionQuery') runs.record(run, response);
          return response;
        },
        headers: { 'x-server-timing': '1' },
        wsClient: live.client,
        // The gateway answers in one piece; without this the client would ask for multipart.
        enableIncrementalDelivery: false,
      });
      return send(
        { ...request, operationName: operation.name },
        { ...options, documentAST: operation.document },
      );
    },
    live,
    runs,
    dispose: () => void live.client.dispose(),
  };
}
