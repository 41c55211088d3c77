// The operations that are open on a WebSocket, from `subscribe` to their last message.
import { badUserInput, rateLimited } from '@supergraph/chassis/errors';
import { maskError } from '@supergraph/chassis/masking';
import { type GraphQLFormattedError, OperationTypeNode } from 'graphql';
import { CloseCode, MessageType } from 'graphql-ws';
import type { Session } from '../authentication/accessTokens.ts';
import type { OperationContext } from '../context.ts';
import { Cancellation } from '../execution/resilience/cancellation.ts';
import type { Admission } from '../limits/admission.ts';
import { TokenBucket } from '../limits/tokenBucket.ts';
import type { GraphqlParameters, PreparedOperation } from '../operations.ts';
import type { LiveSubscription, Subscriber } from '../subscriptions/liveOperations.ts';
import type { OperationPayload } from './clientMessages.ts';
import type { ConnectionLimits, ConnectionOptions, Line } from './connection.ts';
import type { ConnectionSession } from './connectionSession.ts';
import type { Outbox } from './outbox.ts';
import { type Resumption, resumptionIn } from './resumption.ts';

export interface ConnectionOperations {
  subscribe(id: string, payload: OperationPayload): void;
  /** Ends one at its client's wish. */
  complete(id: string): void;
  /** Looks at all subscriptions again. */
  reauthorize(session: Session): void;
  /**
   * Counts all subscriptions as opened once more, since a fresh token may do that.
   * @returns milliseconds to wait before; 0 where they were counted
   */
  countAgain(): number;
  /** Resolves when all queries and mutations have been answered. */
  answered(): Promise<void>;
  /** Ends all, without a word. */
  end(): void;
}

export type ConnectionOperationsOptions = Pick<
  ConnectionOptions,
  'operations' | 'persisted' | 'live' | 'rateLimits' | 'request' | 'viewerLimits' | 'logger'
> & {
  line: Line;
  /** For live events; what goes over the line goes behind what is in it. */
  outbox: Outbox;
  session: Pick<ConnectionSession, 'current' | 'place'>;
  limits: Pick<ConnectionLimits, 'operations' | 'operationsPerSecond'>;
};

interface OpenOperation {
  stop(): void;
  subscription?: LiveSubscription;
}

export function openConnectionOperations(options: ConnectionOperationsOptions): ConnectionOperations {
  const { line, outbox, session, operations, persisted, live, rateLimits, limits, logger } = options;
  const open = new Map<string, OpenOperation>();
  /**
   * What waits to be counted or for its document, and queries and mutations that run, those included that their client
   * has left.
   */
  const underWay = new Set<Promise<void>>();
  let subscriptions = 0;
  // The edge limits requests, and all that comes over a connection is one to it.
  const rate = new TokenBucket({ perSecond: limits.operationsPerSecond, burst: 2 * limits.operations });

  function subscribe(id: string, payload: OperationPayload) {
    if (session.current === undefined) return line.close(CloseCode.Unauthorized, 'Unauthorized');
    if (open.has(id)) return line.close(CloseCode.SubscriberAlreadyExists, subscriberExists(id));
    if (subscriptions + underWay.size >= limits.operations) return fail(id, [tooMany(limits.operations)]);
    if (!rate.take()) return fail(id, [tooFast(limits.operationsPerSecond)]);
    const { request } = options;
    const { viewer } = session.current;
    const context = { ...request, session: session.current, takesParts: true };
    const admission = rateLimits.enter({ viewer, ipAddress: request.ipAddress });
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
      start(id, parameters, { ...context, session: session.current ?? context.session }),
    );
  }

  function start(id: string, parameters: GraphqlParameters, context: OperationContext) {
    const prepared = operations.prepare(parameters, context);
    if ('errors' in prepared) return fail(id, prepared.errors);
    if (prepared.request.operation.operation !== OperationTypeNode.SUBSCRIPTION) return run(id, prepared);
    const resumption = resumptionIn(parameters.extensions);
    if (resumption === 'invalid') return fail(id, [badCursor]);
    if (!session.place?.subscribe())
      return fail(id, [tooManySubscriptions(options.viewerLimits.subscriptions)]);
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
    const { place } = session;
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
        if (resumes) line.send({ type: MessageType.Ping, payload: { cursors: { [id]: cursor } } });
      },
      fail: (errors) => finish(id, () => fail(id, errors)),
      complete: () => finish(id, () => line.send({ id, type: MessageType.Complete })),
    };
    const subscription = live.subscribe(prepared, subscriber, resumption?.after);
    if (open.get(id) === operation) operation.subscription = subscription;
    else subscription.end();
  }

  function run(id: string, prepared: PreparedOperation): void {
    const gone = new Cancellation();
    open.set(id, { stop: () => gone.cancel() });
    const tell = (result: string) => {
      if (gone.isCancelled) return;
      line.sendText(`${JSON.stringify({ id, type: MessageType.Next }).slice(0, -1)},"payload":${result}}`);
    };
    const answered = () => {
      if (!gone.isCancelled) finish(id, () => line.send({ id, type: MessageType.Complete }));
    };
    const failed = (error: unknown) => {
      if (!gone.isCancelled) finish(id, () => fail(id, [maskError(error, logger)]));
    };
    const told = prepared.compiled.isDeferred
      ? operations.executeInParts(prepared, { tell, gone })
      : operations.execute(prepared, gone).then(tell);
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
    line.send({ id, type: MessageType.Error, payload: errors });
  }

  return {
    subscribe: (id, payload) => attempt(id, () => subscribe(id, payload)),
    complete: (id) => finish(id, () => undefined),
    reauthorize(next) {
      for (const { subscription } of [...open.values()]) subscription?.reauthorize(next);
    },
    countAgain() {
      const waitMs = rate.waitMs();
      if (waitMs === 0) rate.spend(subscriptions);
      return waitMs;
    },
    async answered() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    end() {
      for (const { stop } of open.values()) stop();
      open.clear();
    },
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

function tooManySubscriptions(maximum: number): GraphQLFormattedError {
  return rateLimited(`You have ${maximum} subscriptions open, which is the most. End some first.`).toJSON();
}

const badCursor: GraphQLFormattedError = badUserInput(
  'extensions.resumeAfter is no cursor. Send one that came with an event, or null.',
).toJSON();
