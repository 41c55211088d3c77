// Subscriptions over graphql-transport-ws, opened with the first one and closed after the last.
import { type Client, CloseCode, createClient } from 'graphql-ws';
import type { TokenSource } from './http.ts';

/**
 * A WebSocket client that presents the current token whenever it connects. The gateway ends a connection whose
 * token has expired with 4403; the client then renews the token, reconnects and subscribes again by itself.
 */
export function createLiveClient(url: string, tokens: TokenSource): Client {
  let isTokenRefused = false;
  return createClient({
    url,
    lazy: true,
    keepAlive: 15_000,
    retryAttempts: 8,
    shouldRetry: () => true,
    connectionParams: async () => {
      const token = isTokenRefused ? await tokens.renew() : await tokens.accessToken();
      isTokenRefused = false;
      return { authorization: `Bearer ${token}` };
    },
    on: {
      closed: (event) => {
        isTokenRefused = event instanceof CloseEvent && event.code === CloseCode.Forbidden;
      },
    },
  });
}
