// GraphQL over WebSocket (graphql-transport-ws) on real sockets.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { requestFacts } from '@supergraph/chassis/context';
import { within } from '@supergraph/chassis/deadline';
import { handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { credentialsOf, uriOf } from '../authentication/credentials.ts';
import { type Connection, type ConnectionOptions, openConnection } from './connection.ts';
import type { CrossOrigin } from './crossOrigin.ts';
import { retryAfterMs } from './retrying.ts';
import { writeFrames } from './webSocketFrames.ts';

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
  | 'operations'
  | 'persisted'
  | 'live'
  | 'rateLimits'
  | 'authenticate'
  | 'logger'
  | 'flusher'
  | 'viewerLimits'
  | 'limits'
> & {
  crossOrigin: CrossOrigin;
  /** How often a client is pinged; no answer until the next ping ends its connection. Default 12 s. */
  keepAliveMs?: number;
  /** Largest message. Default 1 MiB. */
  maximumMessageBytes?: number;
};

const subprotocolNotAcceptable = 4406;
const serviceRestart = 1012;
/** How long a client may take to close when it is told to. */
const closingMs = 2_000;
/** Between two that are told to come back. */
const drainEachMs = 0.5;

export function createWebSockets(options: WebSocketsOptions): WebSockets {
  const { logger, keepAliveMs = 12_000, maximumMessageBytes = 1_048_576 } = options;
  const server = new WebSocketServer({ noServer: true, maxPayload: maximumMessageBytes, handleProtocols });
  const connections = new Set<Connection>();

  function opened(socket: WebSocket, { request, stream }: { request: IncomingMessage; stream: Duplex }) {
    socket.on('error', (error) => logger.debug({ err: error }, 'a client connection failed'));
    if (socket.protocol === '')
      return socket.close(subprotocolNotAcceptable, 'Offer the subprotocol graphql-transport-ws');
    const { requestId = '', ipAddress } = requestFacts(request);
    const connection = openConnection({
      ...options,
      credentials: credentialsOf(request),
      uri: uriOf(request),
      request: { requestId, ipAddress },
      socket: {
        send: (text) => {
          if (socket.readyState === socket.OPEN) socket.send(text);
        },
        close: (code, reason) => socket.close(code, reason),
        // Past the library, which would make each message anew. It writes whole frames at once, as we do.
        write(frames) {
          if (socket.readyState === socket.OPEN) writeFrames(stream, frames);
        },
        whenDrained: (then) => void stream.once('drain', then),
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
      if (!options.crossOrigin.mayConnect(request))
        return void socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
      server.handleUpgrade(request, socket, head, (webSocket) =>
        opened(webSocket, { request, stream: socket }),
      );
    },
    async stop({ graceMs }) {
      const all = [...connections];
      // One after the other, and each with a moment of its own to wait: they go to the same few gateways.
      const spreadMs = Math.min(graceMs / 2, all.length * drainEachMs);
      const drained = all.map(async (connection, index) => {
        await pause((spreadMs * index) / all.length);
        await connection.drain({ code: serviceRestart, text: comeBack(all.length) });
      });
      await within(graceMs, Promise.all(drained));
      const closed = [...server.clients].map(
        (client) => new Promise((resolve) => client.once('close', resolve)),
      );
      for (const client of server.clients) client.close(serviceRestart, comeBack(all.length));
      await within(Math.min(graceMs, closingMs), Promise.all(closed));
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}

/** A reason that tells a client how long to wait: at random, and longer the more there are. */
function comeBack(clients: number): string {
  return `Service restart; retry after ${retryAfterMs(clients)} ms`;
}
