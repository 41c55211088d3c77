// Where live events come from: one WebSocket to a subgraph carries all subscriptions that are open there. A subgraph
// that goes away costs its subscribers nothing where its topic keeps a log; else what happens meanwhile, never their
// subscriptions.
import { badUserInput } from '@supergraph/chassis/errors';
import { isAfter } from '@supergraph/chassis/live-cursor';
import { type LivePosition, type LiveRequest, liveExtension } from '@supergraph/chassis/live-extension';
import type { Logger } from '@supergraph/chassis/logging';
import { type PassportMint, passportHeader } from '@supergraph/chassis/passport';
import { currentTraceparent } from '@supergraph/chassis/tracing';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { type Client, createClient, MessageType } from 'graphql-ws';
import type { Counter } from 'prom-client';
import { WebSocket } from 'ws';
import type { OperationContext } from '../context.ts';
import { unavailableRootErrors } from '../execution/fetchErrors.ts';
import type { SubgraphAnswer } from '../execution/subgraphAnswer.ts';

/** A subscription for one subgraph, as it goes over the wire. */
export interface SubgraphRequest {
  query: string;
  operationName: string | undefined;
  variables: Record<string, unknown>;
}

/** Where an event stands in its topic's log, as far as the subgraph tells. */
export type EventPlace = LivePosition;

/** What a subscription at a subgraph brings. After `failed` or `completed` nothing follows. */
export interface EventSink {
  event(answer: SubgraphAnswer, place: EventPlace): void;
  /** The subscription has come to a place by something else than an event. */
  moved(place: EventPlace): void;
  failed(errors: readonly GraphQLFormattedError[]): void;
  completed(): void;
}

export interface SubgraphEvents {
  /**
   * Opens a subscription. When the connection is lost it is opened again, for as long as it takes, and goes on from
   * where it was if the topic keeps a log; only a subgraph that cannot be reached at the first attempt fails it.
   * @returns what ends it.
   */
  open(request: SubgraphRequest, options: SubscriptionToOpen): () => void;
  stop(): Promise<void>;
}

export interface SubscriptionToOpen {
  context: OperationContext;
  sink: EventSink;
  /** The cursor after which to begin; absent: from now on. */
  resumeAfter?: string | undefined;
}

export interface SubgraphEventsOptions {
  name: string;
  /** Its GraphQL endpoint on the internal network. */
  url: string;
  mintPassport: PassportMint;
  logger: Logger;
  /** Counts subscriptions that were lost and are opened again. */
  interruptions: Counter<'subgraph'>;
  /** First and longest pause before a lost subscription is opened again. Default 250 ms and 3 s. */
  pausesMs?: { first: number; longest: number };
  /** How often a quiet connection is asked whether it still stands. Default 10 s. */
  keepAliveMs?: number;
  /** How long the subgraph may take to let a connection stand. Default 5 s. */
  connectMs?: number;
}

export function openSubgraphEvents(options: SubgraphEventsOptions): SubgraphEvents {
  const { name, url, mintPassport, logger, interruptions } = options;
  const { keepAliveMs = 10_000, connectMs = 5_000 } = options;
  const pauses = options.pausesMs ?? { first: 250, longest: 3_000 };
  const link = openLink({ url, keepAliveMs, connectMs });
  const open = new Set<() => void>();

  return {
    open(request, { context, sink, resumeAfter }) {
      let isOver = false;
      let cursor = resumeAfter;
      let failures = 0;
      let leave: () => void = () => undefined;
      let retry: NodeJS.Timeout | undefined;
      const connectionsBefore = link.connections();
      let connectionsAtTry = connectionsBefore;

      const end = () => {
        isOver = true;
        clearTimeout(retry);
        open.delete(end);
        leave();
      };
      const settle = (tell: () => void) => {
        if (isOver) return;
        end();
        tell();
      };
      const lost = (error: unknown) => {
        if (isOver) return;
        if (isRefusal(error)) return settle(() => sink.failed(error));
        if (link.connections() === connectionsBefore) {
          logger.warn({ err: error, subgraph: name }, 'a subscription could not be opened');
          return settle(() =>
            sink.failed(
              unavailableRootErrors({ serviceName: name, operation: request.query })(request.variables),
            ),
          );
        }
        // It stood meanwhile: what went wrong before says nothing about now.
        if (link.connections() > connectionsAtTry) failures = 0;
        const pauseMs = Math.min(pauses.longest, pauses.first * 2 ** failures);
        failures += 1;
        interruptions.inc({ subgraph: name });
        // Jittered, so that all subscriptions of a lost connection do not come back at once.
        retry = setTimeout(subscribe, pauseMs * (0.5 + Math.random() / 2));
      };
      const receive = ({ extensions, ...answer }: SubgraphResult) => {
        const place = placeIn(extensions);
        if (isPlaceAlone(answer)) {
          cursor = place.cursor;
          return sink.moved(place);
        }
        // What was told before the connection was lost may be told again.
        if (place.cursor !== undefined && cursor !== undefined && !isAfter(place.cursor, cursor)) return;
        cursor = place.cursor;
        sink.event(answer, place);
      };
      const subscribe = () => void trySubscribe().catch(lost);
      const trySubscribe = async () => {
        // Minted anew each time: a passport lives for a minute.
        const passport = await mintPassport(context.session.viewer, name);
        if (isOver) return;
        connectionsAtTry = link.connections();
        const traceparent = currentTraceparent();
        const extensions = {
          [passportHeader]: passport,
          ...(traceparent === undefined ? {} : { traceparent }),
          [liveExtension]: { resumeAfter: cursor ?? null } satisfies LiveRequest,
        };
        leave = link.client.subscribe<Record<string, unknown>>(
          { ...request, extensions },
          {
            next: (answer) => {
              if (!isOver) receive(answer);
            },
            error: lost,
            complete: () => settle(() => sink.completed()),
          },
        );
      };
      open.add(end);
      if (JSON.stringify(request).length > maximumRequestLength) settle(() => sink.failed([tooLarge]));
      else subscribe();
      return end;
    },
    async stop() {
      for (const end of [...open]) end();
      await link.client.dispose();
    },
  };
}

/** Far below what a subgraph takes in one message: a larger one would cost everybody the connection. */
const maximumRequestLength = 1_500_000;

const tooLarge: GraphQLFormattedError = badUserInput(
  'The subscription is too large for the subgraph that serves it. Send smaller variables.',
).toJSON();

type SubgraphResult = FormattedExecutionResult<Record<string, unknown>, unknown>;

interface Link {
  client: Client;
  /** How many times the connection has stood; counts the present one from before an operation opened on it. */
  connections(): number;
}

function openLink(options: { url: string; keepAliveMs: number; connectMs: number }): Link {
  const { url, keepAliveMs, connectMs } = options;
  let stood = 0;
  let isStanding = false;
  let overdue: NodeJS.Timeout | undefined;
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    // A peer that takes the connection and stays silent must not hold its subscribers for ever.
    webSocketImpl: class extends WebSocket {
      constructor(address: string, protocols: string) {
        super(address, protocols, { handshakeTimeout: connectMs });
      }
    },
    connectionAckWaitTimeout: connectMs,
    lazy: true,
    // Short, because nothing ends the library's timer, and a process would live on for it.
    lazyCloseTimeout: 500,
    // Opening again is ours: it takes a new passport.
    retryAttempts: 0,
    keepAlive: keepAliveMs,
    onNonLazyError: () => undefined,
    on: {
      connected() {
        isStanding = true;
        stood += 1;
      },
      closed() {
        isStanding = false;
        clearTimeout(overdue);
      },
      ping(received) {
        if (!received) overdue = setTimeout(() => client.terminate(), keepAliveMs / 2);
      },
      message({ type }) {
        if (type === MessageType.Pong) clearTimeout(overdue);
      },
    },
  });
  return { client, connections: () => (isStanding ? stood - 1 : stood) };
}

const nowhere: EventPlace = {};

function placeIn(extensions: unknown): EventPlace {
  if (typeof extensions !== 'object' || extensions === null || !(liveExtension in extensions)) return nowhere;
  const place = extensions[liveExtension];
  return typeof place === 'object' && place !== null ? place : nowhere;
}

/** A result of no event: it says how far the subscription has come. */
function isPlaceAlone({ data, errors }: SubgraphResult): boolean {
  return data === null && errors === undefined;
}

/** GraphQL errors, as opposed to trouble with the connection. */
function isRefusal(error: unknown): error is readonly GraphQLFormattedError[] {
  return Array.isArray(error);
}
