// Subscriptions over graphql-transport-ws, opened with the first one and closed after the last.
import { type Client, CloseCode, createClient } from 'graphql-ws';
import {
  type LiveEvent,
  type LiveState,
  nextLiveState,
  noLiveConnection,
  reconnectDelayMs,
} from './live-state.ts';
import type { TokenSource } from './signed-requests.ts';

export interface LiveConnection {
  client: Client;
  /** How the connection stands; a new object whenever that changes. */
  state(): LiveState;
  /** Calls `listener` after each change until the returned function is called. */
  watch(listener: () => void): () => void;
}

/** A connection on which nothing was heard for this long is asked whether it is still there. */
const quietMs = 15_000;
const pongDeadlineMs = 5_000;
const acknowledgementDeadlineMs = 10_000;

/**
 * A WebSocket client that presents the current token whenever it connects, and that connects and subscribes again
 * for as long as somebody is subscribed. The gateway ends a connection whose token has expired with 4403; the client
 * then renews the token and is back at once. It gives up where the new token is refused too: what a sink's `error` gets
 * is a list of the gateway's errors about the operation, or anything else about the connection.
 */
export function createLiveConnection(url: string, tokens: TokenSource): LiveConnection {
  let state = noLiveConnection;
  const listeners = new Set<() => void>();
  let subscriptions = 0;
  let refusals = 0;
  let pongDeadline: ReturnType<typeof setTimeout> | undefined;

  function happened(event: LiveEvent): void {
    const next = nextLiveState(state, event, Date.now());
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  }

  const client = createClient({
    url,
    lazy: true,
    keepAlive: quietMs,
    connectionAckWaitTimeout: acknowledgementDeadlineMs,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => refusals < 2,
    retryWait: (attempts) => {
      const isRenewal = refusals > 0 && attempts === 0;
      return delay(isRenewal ? 0 : reconnectDelayMs(attempts, Math.random()));
    },
    connectionParams: async () => {
      const token = refusals > 0 ? await tokens.renew() : await tokens.accessToken();
      return { authorization: `Bearer ${token}` };
    },
    on: {
      ping: (isReceived) => {
        if (!isReceived) pongDeadline = setTimeout(() => client.terminate(), pongDeadlineMs);
      },
      pong: (isReceived) => {
        if (isReceived) clearTimeout(pongDeadline);
      },
      connected: () => {
        refusals = 0;
        happened('connected');
      },
      error: () => happened('lost'),
      closed: (event) => {
        clearTimeout(pongDeadline);
        const code = event instanceof CloseEvent ? event.code : undefined;
        if (code === CloseCode.Forbidden) refusals += 1;
        // A first refusal is a renewal under way, and 1000 our own goodbye: neither is a loss to speak of.
        else if (code !== 1000) happened('lost');
      },
    },
  });

  /** The client's own subscribe, counted. */
  const subscribe: Client['subscribe'] = (payload, sink) => {
    let isOpen = true;
    const end = () => {
      if (!isOpen) return;
      isOpen = false;
      subscriptions -= 1;
      if (subscriptions === 0) happened('ended');
    };
    subscriptions += 1;
    if (subscriptions === 1) {
      // Whoever subscribes once more after a refusal gets a renewed token and another try.
      refusals = Math.min(refusals, 1);
      happened('begun');
    }
    const stop = client.subscribe(payload, {
      ...sink,
      error: (cause) => {
        end();
        sink.error(cause);
      },
      complete: () => {
        end();
        sink.complete();
      },
    });
    return () => {
      end();
      stop();
    };
  };

  return {
    client: { ...client, subscribe },
    state: () => state,
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
