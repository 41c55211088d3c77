// A client's connection in the graphql-transport-ws protocol, apart from any socket library. Results arrive as text
// that other clients get too, so that a frame is joined from three strings and nothing is serialized per client.
import type { Logger } from '@supergraph/chassis/logging';
import { maskError } from '@supergraph/chassis/masking';
import { type FormattedExecutionResult, type GraphQLFormattedError, OperationTypeNode } from 'graphql';
import { CloseCode, MessageType, parseMessage, type SubscribePayload } from 'graphql-ws';
import type { Session } from '../authentication/accessTokens.ts';
import type { OperationContext } from '../context.ts';
import type { Operations } from '../operations.ts';
import type { LiveOperations } from './liveOperations.ts';

/** What a connection needs of its socket. */
export interface ClientSocket {
  send(text: string): void;
  close(code: number, reason: string): void;
  /** Bytes that the client has not taken yet. */
  readonly unsentBytes: number;
}

export interface Connection {
  receive(text: string): void;
  /** Settles when the queries and mutations that are under way have been answered. */
  settled(): Promise<unknown>;
  /** To be called when the socket has closed, by whomever. */
  closed(): void;
}

export interface ConnectionOptions {
  socket: ClientSocket;
  operations: Operations;
  live: LiveOperations;
  /** The session of an Authorization value. @throws PlatformError */
  authenticate(authorization: string | undefined): Session | Promise<Session>;
  /** Of the HTTP request that opened the socket: counts where connection_init names none. */
  authorization: string | undefined;
  request: Omit<OperationContext, 'session'>;
  logger: Logger;
  limits?: Partial<ConnectionLimits>;
}

export interface ConnectionLimits {
  /** How long a client may take to send connection_init. Default 10 s. */
  initialisationMs: number;
  /** Most operations open at once. Default 1,000. */
  operations: number;
  /** A client with more unread than that is dropped. Default 1 MiB. */
  unsentBytes: number;
}

const defaults: ConnectionLimits = { initialisationMs: 10_000, operations: 1_000, unsentBytes: 1_048_576 };

/** The protocol has no code of its own for it; clients take this one for a reason to connect again. */
const tooSlow = 4408;
const tryAgainLater = 1013;
const longestTimerMs = 2_147_483_647;

export function openConnection(options: ConnectionOptions): Connection {
  const { socket, operations, live, logger } = options;
  const limits = { ...defaults, ...options.limits };
  const open = new Map<string, () => void>();
  const underWay = new Set<Promise<void>>();
  let hasInitialised = false;
  let isOver = false;
  let session: Session | undefined;
  let expiry: NodeJS.Timeout | undefined;
  const initialisation = setTimeout(
    () => close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout'),
    limits.initialisationMs,
  );

  // A client may take its time to close, or never do: from here on nothing that it sends counts.
  function close(code: number, reason: string): void {
    leave();
    socket.close(code, reason);
  }

  function leave(): void {
    isOver = true;
    session = undefined;
    clearTimeout(initialisation);
    clearTimeout(expiry);
    for (const stop of open.values()) stop();
    open.clear();
  }

  async function initialise(payload: unknown): Promise<void> {
    if (hasInitialised)
      return close(CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests');
    hasInitialised = true;
    clearTimeout(initialisation);
    let verified: Session;
    try {
      verified = await options.authenticate(authorizationIn(payload) ?? options.authorization);
    } catch (error) {
      return refuse(error);
    }
    if (isOver) return;
    session = verified;
    const { expiresAt } = session;
    if (Number.isFinite(expiresAt)) {
      const lifetimeMs = Math.min(Math.max(expiresAt - Date.now(), 0), longestTimerMs);
      expiry = setTimeout(() => close(CloseCode.Forbidden, 'The access token has expired'), lifetimeMs);
    }
    send({ type: MessageType.ConnectionAck });
  }

  function refuse(error: unknown): void {
    const { message, extensions } = maskError(error, logger);
    const isTokenRefused = extensions?.code === 'UNAUTHENTICATED';
    close(isTokenRefused ? CloseCode.Forbidden : tryAgainLater, message.slice(0, 100));
  }

  function subscribe(id: string, payload: SubscribePayload) {
    if (session === undefined) return close(CloseCode.Unauthorized, 'Unauthorized');
    if (open.has(id)) return close(CloseCode.SubscriberAlreadyExists, subscriberExists(id));
    if (open.size >= limits.operations) return fail(id, [tooMany(limits.operations)]);
    const context = { ...options.request, session };
    const prepared = operations.prepare(payload, context);
    if ('errors' in prepared) return fail(id, prepared.errors);
    if (prepared.request.operation.operation === OperationTypeNode.SUBSCRIPTION) {
      const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
      // Reserved first: a subscription may fail before it is open.
      open.set(id, () => undefined);
      const stop = live.subscribe(prepared, {
        next: (result) => sendText(`${head}${result}}`),
        fail: (errors) => finish(id, () => fail(id, errors)),
        complete: () => finish(id, () => send({ id, type: MessageType.Complete })),
      });
      if (open.has(id)) open.set(id, stop);
      else stop();
      return;
    }
    let isLeft = false;
    open.set(id, () => {
      isLeft = true;
    });
    const answered = (result: FormattedExecutionResult) => {
      if (isLeft) return;
      send({ id, type: MessageType.Next, payload: result });
      finish(id, () => send({ id, type: MessageType.Complete }));
    };
    const answer = operations
      .execute(prepared)
      .then(answered, (error: unknown) => {
        if (!isLeft) finish(id, () => fail(id, [maskError(error, logger)]));
      })
      .finally(() => underWay.delete(answer));
    underWay.add(answer);
  }

  function trySubscribe(id: string, payload: SubscribePayload): void {
    try {
      subscribe(id, payload);
    } catch (error) {
      open.delete(id);
      fail(id, [maskError(error, logger)]);
    }
  }

  function finish(id: string, tell: () => void): void {
    const stop = open.get(id);
    if (stop === undefined) return;
    open.delete(id);
    stop();
    tell();
  }

  function fail(id: string, errors: readonly GraphQLFormattedError[]): void {
    send({ id, type: MessageType.Error, payload: errors });
  }

  function send(message: object): void {
    sendText(JSON.stringify(message));
  }

  function sendText(text: string) {
    if (isOver) return;
    if (socket.unsentBytes > limits.unsentBytes)
      return close(tooSlow, `Too slow: more than ${limits.unsentBytes} bytes unread`);
    socket.send(text);
  }

  function handle(message: ReturnType<typeof parseMessage>) {
    switch (message.type) {
      case MessageType.ConnectionInit:
        return void initialise(message.payload);
      case MessageType.Ping:
        return send({ type: MessageType.Pong, ...(message.payload ? { payload: message.payload } : {}) });
      case MessageType.Pong:
        return;
      case MessageType.Subscribe:
        return trySubscribe(message.id, message.payload);
      case MessageType.Complete:
        return finish(message.id, () => undefined);
      default:
        return close(CloseCode.BadRequest, `Clients don't send "${message.type}"`);
    }
  }

  return {
    receive(text) {
      if (isOver) return;
      let message: ReturnType<typeof parseMessage>;
      try {
        message = parseMessage(text);
      } catch {
        return close(CloseCode.BadRequest, 'Invalid message received');
      }
      handle(message);
    },
    settled: () => Promise.all(underWay),
    closed: leave,
  };
}

function authorizationIn(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  // Clients differ in how they write it; HTTP's header has no case either.
  const entry = Object.entries(payload).find(([name]) => name.toLowerCase() === 'authorization');
  const value = entry?.[1];
  if (value === undefined || value === null) return undefined;
  // What is there and no text is a wrong header, which never counts as none.
  return typeof value === 'string' ? value : '';
}

/** A close reason has room for 123 bytes (RFC 6455, §5.5), and the client chose the id. */
function subscriberExists(id: string): string {
  return id.length <= 50 && /^[\x20-\x7e]*$/.test(id)
    ? `Subscriber for ${id} already exists`
    : 'Subscriber already exists';
}

function tooMany(maximum: number): GraphQLFormattedError {
  return {
    message: `One connection carries ${maximum} operations at most. End some, or open another connection.`,
    extensions: { code: 'RATE_LIMITED' },
  };
}
