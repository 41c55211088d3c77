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
  /** Subscribes so that nothing is lost by a cut: see `Followed`. Ends when the returned function is called. */
  follow(operation: Operation, sink: Followed): () => void;
  /** How the connection stands; a new object whenever that changes. */
  state(): LiveState;
  /** Calls `listener` after each change until the returned function is called. */
  watch(listener: () => void): () => void;
}

export interface Operation {
  query: string;
  variables?: Record<string, unknown>;
}

/** What somebody who follows a subscription hears, in this order but for `error`. */
export interface Followed {
  /**
   * From now on everything is told: what the present is has to be asked for now. Again when what was missed in a cut is
   * no longer kept; after shorter cuts what was missed is told instead.
   */
  begun(): void;
  next(data: Record<string, unknown>): void;
  /** It has ended. The gateway's errors about the operation, or anything else about the connection. */
  error(cause: unknown): void;
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
  /** The id of the operation that is subscribed to next, where whoever subscribes has to know it. */
  let nextId: string | undefined;
  /** The socket outlives its last subscription by a moment, in which the next one may begin. */
  let isConnected = false;
  let subscriptions = 0;
  let refusals = 0;
  let pongDeadline: ReturnType<typeof setTimeout> | undefined;
  /** Of what is followed, by the operation's id: called with each place that the gateway tells. */
  const places = new Map<string, (cursor: string) => void>();

  function happened(event: LiveEvent): void {
    const next = nextLiveState(state, event, Date.now());
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  }

  const client = createClient({
    url,
    lazy: true,
    generateID: () => {
      const id = nextId ?? crypto.randomUUID();
      nextId = undefined;
      return id;
    },
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
      ping: (isReceived, payload) => {
        if (isReceived) for (const [id, cursor] of cursorsOf(payload)) places.get(id)?.(cursor);
        else pongDeadline = setTimeout(() => client.terminate(), pongDeadlineMs);
      },
      pong: (isReceived) => {
        if (isReceived) clearTimeout(pongDeadline);
      },
      connected: () => {
        refusals = 0;
        isConnected = true;
        happened('connected');
      },
      error: () => happened('lost'),
      closed: (event) => {
        clearTimeout(pongDeadline);
        isConnected = false;
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
      if (isConnected) happened('connected');
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

  const follow: LiveConnection['follow'] = (operation, sink) => {
    const id = crypto.randomUUID();
    // The client writes the payload anew whenever it subscribes again, with the place as it is then.
    const extensions: { resumeAfter: string | null } = { resumeAfter: null };
    const goOnAfter = (cursor: string) => {
      const isFirst = extensions.resumeAfter === null;
      extensions.resumeAfter = cursor;
      if (isFirst) sink.begun();
    };
    places.set(id, goOnAfter);
    const end = () => places.delete(id);
    nextId = id;
    const stop = subscribe(
      { ...operation, extensions },
      {
        next({ data, errors, extensions: told }) {
          const { cursor, gap } = (told ?? {}) as { cursor?: string; gap?: boolean };
          if (gap === true) extensions.resumeAfter = null;
          if (cursor !== undefined) goOnAfter(cursor);
          if (data) sink.next(data as Record<string, unknown>);
          else if (gap !== true) sink.error(errors);
        },
        error(cause) {
          end();
          sink.error(cause);
        },
        complete: end,
      },
    );
    return () => {
      end();
      stop();
    };
  };

  return {
    client: { ...client, subscribe },
    follow,
    state: () => state,
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** `{ cursors: { id: cursor } }` of the gateway's ping. */
function cursorsOf(payload: unknown): [string, string][] {
  const { cursors } = (payload ?? {}) as { cursors?: Record<string, unknown> };
  return Object.entries(cursors ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
