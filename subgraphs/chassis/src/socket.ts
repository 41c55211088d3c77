// Joins a `ws` socket to graphql-ws' transport-free server: pings, errors to the logger, back-pressure.
import type { WebSocket as GraphqlSocket } from 'graphql-ws';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';

export interface SocketOptions {
  logger: Logger;
  keepAliveMs: number;
  /** Hands the socket to graphql-ws; gives back what to call when it has closed. */
  open: (socket: GraphqlSocket) => (code?: number, reason?: string) => Promise<void>;
}

export function attachSocket(socket: WebSocket, { logger, keepAliveMs, open }: SocketOptions): void {
  let isAlive = true;
  socket.on('pong', () => {
    isAlive = true;
  });
  const pings = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, keepAliveMs);

  const failed = (error: unknown) => {
    logger.warn({ err: error }, 'WebSocket failed');
    socket.close(1011, 'Internal error');
  };
  socket.on('error', failed);

  const closed = open({
    protocol: socket.protocol,
    // Resolves when the operating system has taken the frame, so that a slow reader slows its subscriptions.
    send: (data) =>
      new Promise((resolve, reject) => {
        if (socket.readyState !== socket.OPEN) return resolve();
        socket.send(data, (error) => (error ? reject(error) : resolve()));
      }),
    close: (code, reason) => socket.close(code, reason),
    onMessage: (receive) => {
      socket.on('message', (data) => void receive(String(data)).catch(failed));
    },
  });
  socket.once('close', (code, reason) => {
    clearInterval(pings);
    void closed(code, String(reason)).catch((error: unknown) =>
      logger.error({ err: error }, 'WebSocket cleanup failed'),
    );
  });
}
