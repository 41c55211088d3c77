// The HTTP server of a service: routes by longest prefix, metrics and a span per request, and an end that
// finishes what is in flight.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { PlatformError } from './errors.ts';
import type { Metrics } from './metrics.ts';
import { type Problem, sendProblem, statusOf } from './problem.ts';
import { currentTraceId, type Tracing } from './tracing.ts';
import { TransientSet } from './transient.ts';

/** Answers every request whose path is `path` or lies below it. */
export interface Route {
  /** Begins with `/`; `/auth` takes `/auth` and `/auth/…`. */
  path: string;
  handle(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
  /** Takes over a connection that asks for another protocol, such as WebSocket. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** `quiet`: neither measured nor traced; for probes and scrapes. */
  observation?: 'quiet';
}

export interface HttpServerOptions {
  host: string;
  port: number;
  logger: Logger;
  metrics: Metrics;
  tracing: Tracing;
  /** `later`: only when `listen` is called. Default: at once. */
  listening?: 'at once' | 'later';
}

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Begins to listen where that was left for later. @throws when the address is taken, naming it. */
  listen(): Promise<void>;
  /** Answers by these routes from now on, instead of those before. */
  serve(routes: readonly Route[]): void;
  /**
   * Goes on accepting until no connection is left, at most `delayMs`, while each response tells its client by
   * `connection: close` to go elsewhere. Closing at once would race requests that are already under way to us.
   */
  drain(options: { delayMs: number }): Promise<void>;
  /** Stops accepting, lets requests in flight finish for `graceMs`, then destroys their sockets. */
  stop(options: { graceMs: number }): Promise<void>;
}

const requestIdHeader = 'x-request-id';
const acceptableRequestId = /^[\w.:-]{1,128}$/;

/** Starts listening. @throws when the address is taken, naming it. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host, port, logger, metrics, tracing } = options;
  let routes: readonly Route[] = [];
  let isDraining = false;
  /** Open connections and how many requests each has in flight. */
  const connections = new Map<Socket, number>();
  /** Requests in flight. */
  const responses = new TransientSet<ServerResponse>();

  async function respond(route: Route | undefined, request: IncomingMessage, response: ServerResponse) {
    if (route === undefined) return sendProblem(response, { status: 404 });
    try {
      await route.handle(request, response);
    } catch (error) {
      const status = statusOf(error);
      if (status >= 500)
        logger.error({ err: error, route: route.path, method: request.method }, 'request failed');
      sendProblem(response, { status, ...toldOf(error), traceId: currentTraceId() });
    }
  }

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    if (isDraining) response.setHeader('connection', 'close');
    const { socket } = request;
    connections.set(socket, (connections.get(socket) ?? 0) + 1);
    responses.add(response);
    response.once('close', () => {
      responses.delete(response);
      if (connections.has(socket)) connections.set(socket, (connections.get(socket) ?? 1) - 1);
    });
    const requestId = identify(request);
    response.setHeader(requestIdHeader, requestId);
    const route = findRoute(routes, request.url ?? '/');
    if (route?.observation === 'quiet') {
      void respond(route, request, response);
      return;
    }
    const startedAt = performance.now();
    response.once('close', () => {
      const labels = {
        route: route?.path ?? 'unmatched',
        method: knownMethods.has(request.method ?? '') ? (request.method ?? '') : 'other',
        status: response.writableFinished ? String(response.statusCode) : 'aborted',
      };
      const seconds = (performance.now() - startedAt) / 1000;
      metrics.httpRequests.observe(labels, seconds);
      logger.debug({ ...labels, seconds, requestId }, 'request');
    });
    const name = `${request.method} ${route?.path ?? 'unmatched'}`;
    void tracing.serve({ name, carrier: request.headers }, (span) => {
      span.setAttribute('http.request.method', request.method ?? '');
      return respond(route, request, response).finally(() =>
        span.setAttribute('http.response.status_code', response.statusCode),
      );
    });
  }

  const server = createServer(
    // Upstream proxies keep idle connections for a minute; a server that closes first would race their requests.
    {
      keepAliveTimeout: 75_000,
      headersTimeout: 15_000,
      requestTimeout: 60_000,
      maxHeaderSize: 32_768,
      noDelay: true,
    },
    onRequest,
  );
  server.on('connection', (socket) => {
    connections.set(socket, 0);
    socket.once('close', () => connections.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', (error: unknown) => logger.debug({ err: error }, 'upgraded connection failed'));
    connections.delete(request.socket); // its new protocol's server ends it
    identify(request);
    const route = findRoute(routes, request.url ?? '/');
    if (route?.upgrade === undefined || isDraining) {
      socket.end(
        `HTTP/1.1 ${isDraining ? '503 Service Unavailable' : '404 Not Found'}\r\nconnection: close\r\n\r\n`,
      );
      return;
    }
    route.upgrade(request, socket, head);
  });
  let actual = port;
  const begin = async () => {
    await listen(server, { host, port });
    actual = (server.address() as AddressInfo).port; // a TCP server that listens has an AddressInfo
  };
  if (options.listening !== 'later') await begin();
  return {
    get port() {
      return actual;
    },
    get url() {
      return `http://${host.includes(':') ? `[${host}]` : host}:${actual}`;
    },
    listen: begin,
    serve(given) {
      routes = [...given].sort((a, b) => b.path.length - a.path.length);
    },
    async drain({ delayMs }) {
      isDraining = true;
      for (const response of responses) {
        if (!response.headersSent) response.setHeader('connection', 'close');
      }
      await untilQuiet(connections, delayMs);
    },
    async stop({ graceMs }) {
      isDraining = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Node leaves connections alone that have not asked anything yet; a request may be on its way on them.
      const askedNothing = setTimeout(
        () => {
          for (const [socket, inFlight] of connections) if (inFlight === 0) socket.destroy();
        },
        Math.min(unaskedMs, graceMs),
      );
      const timer = setTimeout(() => {
        logger.warn({ graceMs }, 'requests still in flight after the grace period were cut off');
        server.closeAllConnections();
      }, graceMs);
      await closed;
      clearTimeout(timer);
      clearTimeout(askedNothing);
    },
  };
}

/** What a client may learn of an error that a route threw. */
function toldOf(error: unknown): Pick<Problem, 'code' | 'detail'> {
  if (error instanceof PlatformError && error.code !== 'INTERNAL_SERVER_ERROR')
    return { code: error.code, detail: error.message };
  // A refusal of the request's form. Of a GraphQLError without a status of its own nothing is known.
  if (error instanceof GraphQLError && statusOf(error) < 500) return { detail: error.message };
  const detail = 'Something went wrong on our side. Quote the trace id when you report it.';
  return { code: 'INTERNAL_SERVER_ERROR', detail };
}

/** The request's id, made where the client sent none that can be passed on. */
function identify(request: IncomingMessage): string {
  const given = request.headers[requestIdHeader];
  const requestId = typeof given === 'string' && acceptableRequestId.test(given) ? given : randomUUID();
  request.headers[requestIdHeader] = requestId;
  return requestId;
}

/** How long a connection that was just accepted may take to ask something while the server stops. */
const unaskedMs = 100;
const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

const ambiguousPath = /\/\.\.?(\/|$)|\\|%2e|%2f|%5c/i;

function findRoute(routes: readonly Route[], url: string): Route | undefined {
  const end = url.indexOf('?');
  const path = end === -1 ? url : url.slice(0, end);
  // A proxy may have read it as another path than the one that it is here.
  if (ambiguousPath.test(path)) return undefined;
  return routes.find(
    (route) =>
      path === route.path ||
      route.path === '/' ||
      (path.startsWith(route.path) && path[route.path.length] === '/'),
  );
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'is in use by another program' : 'cannot be listened on';
      reject(new Error(`${host}:${port} (HOST, PORT) ${reason}.`, { cause: error }));
    });
    server.listen({ host, port, backlog: 1024 }, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

/** Waits until no connection is left, at most `delayMs`. */
async function untilQuiet(connections: ReadonlyMap<Socket, number>, delayMs: number): Promise<void> {
  const giveUpAt = performance.now() + delayMs;
  while (connections.size > 0 && performance.now() < giveUpAt) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(20, delayMs)));
  }
}
