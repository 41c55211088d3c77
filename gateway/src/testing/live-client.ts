// For tests only: clients of live operations, by graphql-ws, by a bare socket, and by Server-Sent Events.
import type { GraphqlResult } from '@supergraph/chassis/testing';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { openStreamedResponse, type StreamedRequest, type StreamedResponse } from './streamed-response.ts';

export interface Watched {
  readonly results: GraphqlResult[];
  /** How it ended: `complete`, the errors with which it was refused, or the close of the connection. */
  readonly end: Promise<unknown>;
  stop(): void;
}

export interface LiveClient {
  watch(query: string, variables?: Record<string, unknown>): Watched;
  close(): Promise<void>;
}

export interface LiveClientOptions {
  url: string;
  /** Shown in connection_init. */
  token?: string;
}

/** A client that never reconnects, so that a test sees what becomes of its connection. */
export function openLiveClient({ url, token }: LiveClientOptions): LiveClient {
  const client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  return {
    watch(query, variables) {
      const results: GraphqlResult[] = [];
      let stop: () => void = () => undefined;
      const end = new Promise<unknown>((resolve) => {
        stop = client.subscribe(
          { query, ...(variables ? { variables } : {}) },
          {
            next: (result) => void results.push(result as GraphqlResult), // what GraphQL over WebSocket carries
            error: resolve,
            complete: () => resolve('complete'),
          },
        );
      });
      return { results, end, stop: () => stop() };
    },
    close: async () => client.dispose(),
  };
}

export interface RawSocket {
  readonly socket: WebSocket;
  readonly messages: Array<Record<string, unknown>>;
  readonly closed: Promise<{ code: number; reason: string }>;
  send(message: object | string): void;
}

export interface RawSocketOptions {
  protocols?: string[];
  headers?: Record<string, string>;
}

/** A socket that says what a test tells it to. */
export async function openRawSocket(url: string, options: RawSocketOptions = {}): Promise<RawSocket> {
  const { protocols = ['graphql-transport-ws'], headers = {} } = options;
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, protocols, { headers });
  const messages: Array<Record<string, unknown>> = [];
  socket.on('message', (data) => void messages.push(JSON.parse(String(data))));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    socket,
    messages,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
  };
}

export interface EventStream extends StreamedResponse {
  events(): Array<{ event: string; data: string }>;
  /** All that came, oldest first. */
  ids(): string[];
}

export interface EventStreamRequest extends StreamedRequest {
  lastEventId?: string;
}

export async function openEventStream(
  url: string,
  { lastEventId, headers: more, ...request }: EventStreamRequest,
): Promise<EventStream> {
  const headers = {
    ...more,
    accept: 'text/event-stream',
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  };
  const response = await openStreamedResponse(url, { ...request, headers });
  return {
    ...response,
    events: () =>
      response
        .text()
        .split('\n\n')
        .filter((block) => block.startsWith('event:'))
        .map((block) => {
          const [, event = '', data = ''] = /^event: (.*)\n(?:id: .*\n)?data:(?: (.*))?$/.exec(block) ?? [];
          return { event, data };
        }),
    ids: () => [...response.text().matchAll(/^id: (.*)$/gm)].map(([, id = '']) => id),
  };
}
