// A client's connection in the graphql-transport-ws protocol, apart from any socket library. Live events arrive as
// bytes that other clients get too, so that nothing is serialized per client.
import { badUserInput, rateLimited } from '@supergraph/chassis/errors';
import type { Logger } from '@supergraph/chassis/logging';
import { maskError } from '@supergraph/chassis/masking';
import { type GraphQLFormattedError, OperationTypeNode } from 'graphql';
import { CloseCode, type Message, MessageType } from 'graphql-ws';
import type { Session } from '../authentication/accessTokens.ts';
import { onExpiry } from '../authentication/expiry.ts';
import type { OperationContext } from '../context.ts';
import type { Admission } from '../limits/admission.ts';
import type { RateLimits } from '../limits/rateLimits.ts';
import { TokenBucket } from '../limits/tokenBucket.ts';
import type { Place, ViewerLimits } from '../limits/viewerLimits.ts';
import type { GraphqlParameters, Operations, PreparedOperation } from '../operations.ts';
import type { PersistedDocuments } from '../persistedDocuments/persistedDocuments.ts';
import type { LiveOperations, LiveSubscription, Subscriber } from '../subscriptions/liveOperations.ts';
import { authorizationIn, renewedPayload, speaksForSame } from './authorizationPayload.ts';
import { type OperationPayload, readClientMessage } from './clientMessages.ts';
import type { Flusher } from './flusher.ts';
import { Outbox, type OutboxTarget } from './outbox.ts';
import { type Resumption, resumptionIn } from './resumption.ts';

/** What a connection needs of its socket. */
export interface ClientSocket extends OutboxTarget {
  send(text: string): void;
  close(code: number, reason: string): void;
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
  persisted: PersistedDocuments;
  live: LiveOperations;
  /** The session of an Authorization value. @throws PlatformError */
  authenticate(authorization: string | undefined): Session | Promise<Session>;
  /** Of the HTTP request that opened the socket: counts where connection_init names none. */
  authorization: string | undefined;
  request: Omit<OperationContext, 'session' | 'admission'>;
  rateLimits: RateLimits;
  logger: Logger;
  /** Shared by all connections. */
  flusher: Flusher;
  viewerLimits: ViewerLimits;
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
/** Clients take it for a reason not to try again by themselves. */
const tooManyConnections = CloseCode.TooManyInitialisationRequests;

/** An operation that is open on the connection. */
interface OpenOperation {
  stop(): void;
  subscription?: LiveSubscription;
}

export function openConnection(options: ConnectionOptions): Connection {
  const { socket, operations, persisted, live, rateLimits, logger } = options;
  const limits = { ...defaults, ...options.limits };
  const open = new Map<string, OpenOperation>();
  const outbox = new Outbox({
    target: socket,
    flusher: options.flusher,
    limitBytes: limits.unsentBytes,
    tooSlow: () => close(tooSlow, `Too slow: more than ${limits.unsentBytes} bytes unread`),
  });
  /**
   * What waits to be counted or for its document, and queries and mutations that run, those included that their client
   * has left.
   */
  const underWay = new Set<Promise<void>>();
  let subscriptions = 0;
  // The edge limits requests, and all that comes over a connection is one to it.
  const rate = new TokenBucket({ perSecond: limits.operationsPerSecond, burst: 2 * limits.operations });
  // Each may open all subscriptions of the connection anew.
  const renewals = new TokenBucket({ perSecond: 1, burst: 10 });
  let hasInitialised = false;
  let isOver = false;
  let session: Session | undefined;
  let place: Place | undefined;
  let forgetSession: () => void = () => undefined;
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
    forgetSession();
    for (const { stop } of open.values()) stop();
    open.clear();
    outbox.clear();
    place?.leave();
    place = undefined;
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
    place = options.viewerLimits.enter(verified, options.request.ipAddress);
    if (place === undefined) return close(tooManyConnections, 'Too many connections');
    hold(verified);
    send({ type: MessageType.ConnectionAck });
  }

  /** Goes on with a session, until it expires or another takes its place. */
  function hold(verified: Session): void {
    forgetSession();
    session = verified;
    const forgetExpiry = onExpiry(verified, () => close(CloseCode.Forbidden, 'The access token has expired'));
    const forgetChange = verified.onChange(reauthorize);
    forgetSession = () => {
      forgetExpiry();
      forgetChange();
    };
  }

  function reauthorize(next: Session): void {
    if (isOver) return;
    session = next;
    for (const { subscription } of [...open.values()]) subscription?.reauthorize(next);
  }

  /** A client shows a fresh token before the one it came with expires. */
  async function renew(authorization: string): Promise<void> {
    const before = session;
    if (before === undefined) return close(CloseCode.Unauthorized, 'Unauthorized');
    if (!renewals.take()) return send(renewedPayload({ errors: [tooManyTokens] }));
    let verified: Session;
    try {
      verified = await options.authenticate(authorization);
    } catch (error) {
      return send(renewedPayload({ errors: [maskError(error, logger)] }));
    }
    if (isOver) return;
    if (!speaksForSame(before, verified)) return close(CloseCode.Forbidden, 'The access token is another’s');
    hold(verified);
    reauthorize(verified);
    send(renewedPayload({ session: verified }));
  }

  function refuse(error: unknown): void {
    const { message, extensions } = maskError(error, logger);
    const isTokenRefused = extensions?.code === 'UNAUTHENTICATED';
    close(isTokenRefused ? CloseCode.Forbidden : tryAgainLater, message.slice(0, 100));
  }

  function subscribe(id: string, payload: OperationPayload) {
    if (session === undefined) return close(CloseCode.Unauthorized, 'Unauthorized');
    if (open.has(id)) return close(CloseCode.SubscriberAlreadyExists, subscriberExists(id));
    if (subscriptions + underWay.size >= limits.operations) return fail(id, [tooMany(limits.operations)]);
    if (!rate.take()) return fail(id, [tooFast(limits.operationsPerSecond)]);
    const { request } = options;
    const context = { ...request, session, takesParts: true };
    const admission = rateLimits.enter({ viewer: session.viewer, ipAddress: request.ipAddress });
    whenThere(id, admission, (given) => begin(id, payload, { ...context, admission: given }));
  }

  function begin(
    id: string,
    payload: OperationPayload,
    context: OperationContext & { admission: Admission },
  ) {
    if (context.admission.refusal) return fail(id, [context.admission.refusal.toJSON()]);
    const resolved = persisted.resolve(payload, context.session.viewer);
    // What the viewer may do can have changed while that was waited for.
    whenThere(id, resolved, (parameters) =>
      start(id, parameters, { ...context, session: session ?? context.session }),
    );
  }

  function start(id: string, parameters: GraphqlParameters, context: OperationContext) {
    const prepared = operations.prepare(parameters, context);
    if ('errors' in prepared) return fail(id, prepared.errors);
    if (prepared.request.operation.operation !== OperationTypeNode.SUBSCRIPTION) return run(id, prepared);
    const resumption = resumptionIn(parameters.extensions);
    if (resumption === 'invalid') return fail(id, [badCursor]);
    if (!place?.subscribe()) return fail(id, [tooManySubscriptions(options.viewerLimits.subscriptions)]);
    return follow(id, prepared, resumption);
  }

  /** Goes on with an operation at once, or when what it waits for is there and its client still is. */
  function whenThere<T extends object>(id: string, given: T | Promise<T>, goOn: (given: T) => void) {
    if (!(given instanceof Promise)) return goOn(given);
    const waiting: OpenOperation = { stop: () => undefined };
    open.set(id, waiting);
    const unlessLeft = (work: () => void) => {
      underWay.delete(settled);
      // Completed by its client, or by the end of the connection.
      if (open.get(id) !== waiting) return;
      open.delete(id);
      attempt(id, work);
    };
    const settled = given.then(
      (there) => unlessLeft(() => goOn(there)),
      (error: unknown) =>
        unlessLeft(() => {
          throw error;
        }),
    );
    underWay.add(settled);
  }

  function follow(id: string, prepared: PreparedOperation, resumption: Resumption | undefined): void {
    const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
    const resumes = resumption !== undefined;
    subscriptions += 1;
    // Set first: a subscription may fail before it is open.
    const operation: OpenOperation = {
      stop() {
        subscriptions -= 1;
        place?.unsubscribe();
        operation.subscription?.end();
      },
    };
    open.set(id, operation);
    const subscriber: Subscriber = {
      next(event) {
        const gauge = event.key === undefined ? undefined : `${id} ${event.key}`;
        outbox.push({ head, end: resumes ? event.placedEnd : event.end }, gauge);
      },
      lost(event) {
        if (resumes) outbox.push({ head, end: event.end });
      },
      stands(cursor) {
        if (resumes) send({ type: MessageType.Ping, payload: { cursors: { [id]: cursor } } });
      },
      fail: (errors) => finish(id, () => fail(id, errors)),
      complete: () => finish(id, () => send({ id, type: MessageType.Complete })),
    };
    const subscription = live.subscribe(prepared, subscriber, resumption?.after);
    if (open.get(id) === operation) operation.subscription = subscription;
    else subscription.end();
  }

  function run(id: string, prepared: PreparedOperation): void {
    const gone = new AbortController();
    open.set(id, { stop: () => gone.abort() });
    const tell = (result: string) => {
      if (gone.signal.aborted) return;
      sendText(`${JSON.stringify({ id, type: MessageType.Next }).slice(0, -1)},"payload":${result}}`);
    };
    const answered = () => {
      if (!gone.signal.aborted) finish(id, () => send({ id, type: MessageType.Complete }));
    };
    const failed = (error: unknown) => {
      if (!gone.signal.aborted) finish(id, () => fail(id, [maskError(error, logger)]));
    };
    const told = prepared.compiled.isDeferred
      ? operations.executeInParts(prepared, { tell, gone: gone.signal })
      : operations.execute(prepared, gone.signal).then(tell);
    const answer = told.then(answered, failed).finally(() => underWay.delete(answer));
    underWay.add(answer);
  }

  function attempt(id: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      open.get(id)?.stop();
      open.delete(id);
      fail(id, [maskError(error, logger)]);
    }
  }

  function finish(id: string, tell: () => void): void {
    const operation = open.get(id);
    if (operation === undefined) return;
    open.delete(id);
    operation.stop();
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
    // What came before goes before.
    outbox.flush();
    if (isOver) return;
    if (socket.unsentBytes > limits.unsentBytes)
      return close(tooSlow, `Too slow: more than ${limits.unsentBytes} bytes unread`);
    socket.send(text);
  }

  function handle(message: Message) {
    switch (message.type) {
      case MessageType.ConnectionInit:
        return void initialise(message.payload);
      case MessageType.Ping: {
        const authorization = authorizationIn(message.payload);
        if (authorization !== undefined) return void renew(authorization);
        return send({ type: MessageType.Pong, ...(message.payload ? { payload: message.payload } : {}) });
      }
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
      let message: Message;
      try {
        message = readClientMessage(text);
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

const tooManyTokens: GraphQLFormattedError = rateLimited(
  'One connection takes one fresh token a second. Wait a second and send it again.',
  { extensions: { retryAfterSeconds: 1 } },
).toJSON();

function tooManySubscriptions(maximum: number): GraphQLFormattedError {
  return rateLimited(`You have ${maximum} subscriptions open, which is the most. End some first.`).toJSON();
}

const badCursor: GraphQLFormattedError = badUserInput(
  'extensions.resumeAfter is no cursor. Send one that came with an event, or null.',
).toJSON();
