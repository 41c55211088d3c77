// How GraphiQL's operations reach the platform: HTTP for queries and mutations, WebSocket for subscriptions.
import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import { createSignedFetch, type TokenSource } from './http.ts';
import { createLiveConnection, type LiveConnection } from './live.ts';
import { selectOperation } from './operation.ts';

export interface PlatformFetcher {
  fetcher: Fetcher;
  live: LiveConnection;
  /** Ends the live connection with everything subscribed on it. */
  dispose(): void;
}

/** @param origin of this page, which serves `/graphql` for HTTP and WebSocket alike */
export function createPlatformFetcher(origin: string, tokens: TokenSource): PlatformFetcher {
  const url = `${origin}/graphql`;
  const live = createLiveConnection(url.replace(/^http/, 'ws'), tokens);
  const send = createGraphiQLFetcher({
    url,
    fetch: createSignedFetch(tokens),
    wsClient: live.client,
    // The gateway answers in one piece; without this the client would ask for multipart.
    enableIncrementalDelivery: false,
  });
  return {
    fetcher: (request, options) => {
      const operation = selectOperation(request.query, request.operationName);
      return send(
        { ...request, operationName: operation.name },
        { ...options, documentAST: operation.document },
      );
    },
    live,
    dispose: () => void live.client.dispose(),
  };
}
