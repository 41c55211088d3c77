// A client's connection in the graphql-transport-ws protocol, apart from any socket library. Results arrive as text
// that other clients get too, so that a frame is joined from three strings and nothing is serialized per client.
import { rateLimited } from '@supergraph/chassis/errors';
import type { Logger } from '@supergraph/chassis/logging';
import { maskError } from '@supergraph/chassis/masking';
import { type GraphQLFormattedError, OperationTypeNode } from 'graphql';
import { CloseCode, MessageType, parseMessage, type SubscribePayload } from 'graphql-ws';
import type { Session } from '../authentication/accessTokens.ts';
import { onExpiry } from '../authentication/expiry.ts';
import type { OperationContext } from '../context.ts';
import type { Admission } from '../limits/admission.ts';
import type { RateLimits } from '../limits/rateLimits.ts';
import { TokenBucket } from '../limits/tokenBucket.ts';
import type { Operations, PreparedOperation } from '../operations.ts';
import type { LiveOperations } from '../subscriptions/liveOperations.ts';

/** What a connection needs of its socket. */
export interface ClientSocket {
  send(text: string): void;
  close(code: number, reason: string): void;
  /** Bytes that the client has not taken yet. */
  readonly unsentBytes: number;
}

export interface Connection {
  receive(text: string): void;
  /** Closes as soon as the queries and mutations that are under way have been answered. */
  drain(reason: { code: number; text: string }): Promise<void>;
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
  request: Omit<OperationContext, 'session' | 'admission'>;
  rateLimits: RateLimits;
  logger: Logger;
  limits?: Partial<ConnectionLimits>;
}

export interface ConnectionLimits {
  /** How long a client may take to send connection_init. Default 10 s. */
  initialisationMs: number;
  /** Most operations open at once; twice as many may be sent in a burst. Default 1,000. */
  operations: number;
  /** Most operations a second in the long run. Default 50. */
  operationsPerSecond: number;
  /** A client with more unread than that is dropped. Default 1 MiB. */
  unsentBytes: number;
}

const defaults: ConnectionLimits = {
  initialisationMs: 10_000,
  operations: 1_000,
  operationsPerSecond: 50,
  unsentBytes: 1_048_576,
};

/** The protocol has no code of its own for it; clients take this one for a reason to connect again. */
const tooSlow = 4408;
const tryAgainLater = 1013;

export function openConnection(options: ConnectionOptions): Connection {
  const { socket, operations, live, rateLimits, logger } = options;
  const limits = { ...defaults, ...options.limits };
  const open = new Map<string, () => void>();
  /** What waits to be counted, and queries and mutations that run, those included that their client has left. */
  const underWay = new Set<Promise<void>>();
  let subscriptions = 0;
  // The edge limits requests, and all that comes over a connection is one to it.
  const rate = new TokenBucket({ perSecond: limits.operationsPerSecond, burst: 2 * limits.operations });
  let hasInitialised = false;
  let isOver = false;
  let session: Session | undefined;
  let forgetExpiry: () => void = () => undefined;
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
    forgetExpiry();
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
    forgetExpiry = onExpiry(session, () => close(CloseCode.Forbidden, 'The access token has expired'));
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
    if (subscriptions + underWay.size >= limits.operations) return fail(id, [tooMany(limits.operations)]);
    if (!rate.take()) return fail(id, [tooFast(limits.operationsPerSecond)]);
    const { request } = options;
    const context = { ...request, session };
    const admission = rateLimits.enter({ viewer: session.viewer, ipAddress: request.ipAddress });
    if (!('then' in admission)) return begin(id, payload, { ...context, admission });
    const waiting = () => undefined;
    open.set(id, waiting);
    const entered = admission.then((given) => {
      underWay.delete(entered);
      // Completed by its client, or by the end of the connection.
      if (open.get(id) !== waiting) return;
      open.delete(id);
      attempt(id, () => begin(id, payload, { ...context, admission: given }));
    });
    underWay.add(entered);
  }

  function begin(
    id: string,
    payload: SubscribePayload,
    context: OperationContext & { admission: Admission },
  ) {
    if (context.admission.refusal) return fail(id, [context.admission.refusal.toJSON()]);
    const prepared = operations.prepare(payload, context);
    if ('errors' in prepared) return fail(id, prepared.errors);
    if (prepared.request.operation.operation === OperationTypeNode.SUBSCRIPTION) return follow(id, prepared);
    return run(id, prepared);
  }

  function follow(id: string, prepared: PreparedOperation): void {
    const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
    let unsubscribe: () => void = () => undefined;
    subscriptions += 1;
    // Set first: a subscription may fail before it is open.
    open.set(id, () => {
      subscriptions -= 1;
      unsubscribe();
    });
    const opened = live.subscribe(prepared, {
      next: (result) => sendText(`${head}${result}}`),
      fail: (errors) => finish(id, () => fail(id, errors)),
      complete: () => finish(id, () => send({ id, type: MessageType.Complete })),
    });
    if (open.has(id)) unsubscribe = opened;
    else opened();
  }

  function run(id: string, prepared: PreparedOperation): void {
    const gone = new AbortController();
    open.set(id, () => gone.abort());
    const answered = (result: string) => {
      if (gone.signal.aborted) return;
      sendText(`${JSON.stringify({ id, type: MessageType.Next }).slice(0, -1)},"payload":${result}}`);
      finish(id, () => send({ id, type: MessageType.Complete }));
    };
    const failed = (error: unknown) => {
      if (!gone.signal.aborted) finish(id, () => fail(id, [maskError(error, logger)]));
    };
    const answer = operations
      .execute(prepared, gone.signal)
      .then(answered, failed)
      .finally(() => underWay.delete(answer));
    underWay.add(answer);
  }

  function attempt(id: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      open.get(id)?.();
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
        return attempt(message.id, () => subscribe(message.id, message.payload));
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
    async drain({ code, text }) {
      while (underWay.size > 0) await Promise.all(underWay);
      if (!isOver) close(code, text);
    },
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
  return rateLimited(
    `One connection carries ${maximum} operations at most. End some, or open another connection.`,
  ).toJSON();
}

function tooFast(perSecond: number): GraphQLFormattedError {
  const extensions = { retryAfterSeconds: 1 };
  const message = `One connection takes ${perSecond} operations a second. Wait a second and send it again.`;
  return rateLimited(message, { extensions }).toJSON();
}
