// For tests only: a subgraph in name alone, which answers what a test tells it to, when it tells it to.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type WebSocket, WebSocketServer } from 'ws';

export interface SpokenRequest {
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** Whether whoever asked has given it up. */
  readonly isAborted: boolean;
  /** @param status default 200 */
  answer(result: object, status?: number): void;
}

export interface SpokenSubscription {
  readonly query: string;
  next(result: object): void;
  fail(errors: readonly object[]): void;
  complete(): void;
  /** Resolves when the subscriber has read all that was said. */
  heard(): Promise<void>;
}

export interface SpokenSubgraph {
  /** Its GraphQL endpoint. */
  readonly url: string;
  /** Over HTTP, in the order in which they came. None is answered by itself. */
  readonly requests: readonly SpokenRequest[];
  /** Over WebSocket, those included that have ended. */
  readonly subscriptions: readonly SpokenSubscription[];
  stop(): Promise<void>;
}

export async function startSpokenSubgraph(): Promise<SpokenSubgraph> {
  const requests: SpokenRequest[] = [];
  const subscriptions: SpokenSubscription[] = [];
  const server = createServer((request, response) => {
    if (request.method === 'POST') void receive(request, response);
    else response.end();
  });
  const sockets = new WebSocketServer({ server, handleProtocols: () => 'graphql-transport-ws' });

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { query } = JSON.parse(await text(request)) as { query: string };
    let isAborted = false;
    response.once('close', () => {
      isAborted = !response.writableFinished;
    });
    requests.push({
      query,
      headers: request.headers,
      get isAborted() {
        return isAborted;
      },
      answer(result, status = 200) {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(result));
      },
    });
  }

  sockets.on('connection', (socket) => {
    socket.on('message', (data) => {
      const { type, id, payload } = JSON.parse(String(data)) as {
        type: string;
        id: string;
        payload: { query: string };
      };
      if (type === 'connection_init') say(socket, { type: 'connection_ack' });
      if (type === 'ping') say(socket, { type: 'pong' });
      if (type === 'subscribe') subscriptions.push(subscriptionOf(socket, { id, query: payload.query }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    requests,
    subscriptions,
    async stop() {
      if (!server.listening) return;
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function subscriptionOf(socket: WebSocket, { id, query }: { id: string; query: string }): SpokenSubscription {
  return {
    query,
    next: (payload) => say(socket, { id, type: 'next', payload }),
    fail: (payload) => say(socket, { id, type: 'error', payload }),
    complete: () => say(socket, { id, type: 'complete' }),
    heard: () =>
      new Promise((resolve) => {
        socket.on('message', function listen(data) {
          if (!String(data).includes('"pong"')) return;
          socket.off('message', listen);
          resolve();
        });
        say(socket, { type: 'ping' });
      }),
  };
}

function say(socket: WebSocket, message: object): void {
  socket.send(JSON.stringify(message));
}
