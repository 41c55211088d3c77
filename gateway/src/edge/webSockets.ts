// GraphQL over WebSocket (graphql-transport-ws) on real sockets.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { requestFacts } from '@supergraph/chassis/context';
import { within } from '@supergraph/chassis/deadline';
import { handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Connection, type ConnectionOptions, openConnection } from './connection.ts';

export interface WebSockets {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /**
   * Answers the queries and mutations that are under way, for `graceMs` at most, then tells clients to reconnect
   * elsewhere (1012) and cuts off those that do not close.
   */
  stop(options: { graceMs: number }): Promise<void>;
}

export type WebSocketsOptions = Pick<
  ConnectionOptions,
  'operations' | 'live' | 'rateLimits' | 'authenticate' | 'logger' | 'limits'
> & {
  /** How often a client is pinged; no answer until the next ping ends its connection. Default 12 s. */
  keepAliveMs?: number;
  /** Largest message. Default 1 MiB. */
  maximumMessageBytes?: number;
};

const subprotocolNotAcceptable = 4406;
const serviceRestart = 1012;
/** How long a client may take to close when it is told to. */
const closingMs = 2_000;

export function createWebSockets(options: WebSocketsOptions): WebSockets {
  const { logger, keepAliveMs = 12_000, maximumMessageBytes = 1_048_576 } = options;
  const server = new WebSocketServer({ noServer: true, maxPayload: maximumMessageBytes, handleProtocols });
  const connections = new Set<Connection>();

  function opened(socket: WebSocket, request: IncomingMessage) {
    socket.on('error', (error) => logger.debug({ err: error }, 'a client connection failed'));
    if (socket.protocol === '')
      return socket.close(subprotocolNotAcceptable, 'Offer the subprotocol graphql-transport-ws');
    const { requestId = '', ipAddress } = requestFacts(request);
    const connection = openConnection({
      ...options,
      authorization: request.headers.authorization,
      request: { requestId, ipAddress },
      socket: {
        send: (text) => {
          if (socket.readyState === socket.OPEN) socket.send(text);
        },
        close: (code, reason) => socket.close(code, reason),
        get unsentBytes() {
          return socket.bufferedAmount;
        },
      },
    });
    attend(socket, connection);
  }

  function attend(socket: WebSocket, connection: Connection): void {
    connections.add(connection);
    let isAlive = true;
    const pings = setInterval(() => {
      if (!isAlive) return socket.terminate();
      isAlive = false;
      socket.ping();
    }, keepAliveMs);
    socket.on('pong', () => {
      isAlive = true;
    });
    socket.on('message', (data) => {
      isAlive = true;
      connection.receive(String(data));
    });
    socket.once('close', () => {
      clearInterval(pings);
      connections.delete(connection);
      connection.closed();
    });
  }

  return {
    upgrade(request, socket, head) {
      server.handleUpgrade(request, socket, head, (webSocket) => opened(webSocket, request));
    },
    async stop({ graceMs }) {
      const reason = { code: serviceRestart, text: 'Service restart' };
      await within(graceMs, Promise.all([...connections].map((connection) => connection.drain(reason))));
      const closed = [...server.clients].map(
        (client) => new Promise((resolve) => client.once('close', resolve)),
      );
      for (const client of server.clients) client.close(serviceRestart, reason.text);
      await within(Math.min(graceMs, closingMs), Promise.all(closed));
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}
