// Live subscriptions, joined with other subgraphs' fields per event. Subscribers who ask the same with equal rights
// share one stream: one subscription at the subgraph, one join and one serialization of each event.
import { serviceUnavailable } from '@supergraph/chassis/errors';
import type { Logger } from '@supergraph/chassis/logging';
import { maskError } from '@supergraph/chassis/masking';
import type { Metrics } from '@supergraph/chassis/metrics';
import { viewerIdentity } from '@supergraph/chassis/passport';
import type { Tracing } from '@supergraph/chassis/tracing';
import type { GraphQLFormattedError } from 'graphql';
import type { Session } from '../authentication/accessTokens.ts';
import { deniedCoordinates } from '../authorization/denials.ts';
import type { DenialReporter } from '../authorization/reportDenials.ts';
import { publicErrors } from '../execution/compileOperation.ts';
import type { Supergraph } from '../execution/supergraph.ts';
import { planningWaitMs } from '../limits/planning.ts';
import type { OperationObserver } from '../observability/operationObserver.ts';
import type { Operations, PreparedOperation } from '../operations.ts';
import { eventCompletion } from './eventCompletion.ts';
import { LiveStream, type Member, type Subscriber } from './liveStream.ts';
import { defaultRecentBounds, type RecentEventsBounds } from './recentEvents.ts';
import { createSharing, type Sharing } from './sharing.ts';
import type { SubgraphEvents } from './subgraphEvents.ts';
import { createTurns } from './turns.ts';

export type { Subscriber } from './liveStream.ts';

export interface LiveSubscription {
  /**
   * Goes on with other rights, without loss where the topic keeps a log. Fails the subscriber where these don't
   * allow the subscription any more. What takes longer to decide than there is time for is decided later, and tells
   * nothing until then.
   */
  reauthorize(session: Session): void;
  end(): void;
}

export interface LiveOperations {
  /**
   * Opens a prepared subscription.
   * @param resumeAfter the cursor of the last event that the client has had; absent: from now on
   */
  subscribe(prepared: PreparedOperation, subscriber: Subscriber, resumeAfter?: string): LiveSubscription;
}

export interface LiveOperationsOptions extends LiveBounds {
  operations: Operations;
  supergraph: Pick<Supergraph, 'schema' | 'policy' | 'supergraphSchema'>;
  events: ReadonlyMap<string, SubgraphEvents>;
  denials: DenialReporter;
  metrics: Metrics;
  observer: Pick<OperationObserver, 'subscribed'>;
  tracing: Pick<Tracing, 'serve'>;
  logger: Logger;
}

export interface LiveBounds {
  /** Most events of one stream that wait for their joins. Default 1,000. */
  maximumWaiting?: number;
  /** Of a gauge: joins that may run before only the latest of each key waits. Default 16. */
  conflateAfter?: number;
  /** What each stream remembers for clients that come back after a moment. */
  recent?: RecentEventsBounds;
}

export function createLiveOperations(options: LiveOperationsOptions): LiveOperations {
  const { operations, events, denials, metrics, observer, tracing, logger } = options;
  const { maximumWaiting = 1_000, conflateAfter = 16, recent = defaultRecentBounds } = options;
  const sharingOf = createSharing(options.supergraph);
  const reauthorizations = createTurns();
  const streams = new Map<string, LiveStream>();

  /** A stream of its own until it has come to where the one of `sharing` is, then a part of it. */
  function openStream(
    sharing: Sharing,
    { key, resumeAfter }: { key: string; resumeAfter: string | undefined },
  ) {
    const { prepared } = sharing;
    const label = labelOf(prepared);
    const completion = eventCompletion(prepared, { tracing, label });
    const source = events.get(completion.subgraph);
    if (source === undefined) throw new Error(`There is no subgraph ${completion.subgraph}.`);
    let place = key;
    const stream = new LiveStream({
      ...{ completion, source, resumeAfter, maximumWaiting, conflateAfter, recent },
      context: prepared.request.context,
      count: (outcome, subscribers) =>
        metrics.subscriptionResults.inc({ operation: label, outcome }, subscribers),
      tooFast() {
        logger.error({ operation: label }, 'a subscription was ended: its events came faster than its joins');
        return [tooFast];
      },
      broken: (error) => [maskError(error, logger)],
      refused: (errors) => publicErrors(errors, logger),
      // Whoever asks from now on gets a stream of their own.
      onRetired() {
        if (streams.get(place) === stream) streams.delete(place);
      },
      onMoved() {
        if (place === sharing.key) return;
        const main = streams.get(sharing.key);
        if (main === undefined) {
          if (streams.get(place) === stream) streams.delete(place);
          place = sharing.key;
          streams.set(place, stream);
        } else unite(stream, main);
      },
    });
    streams.set(key, stream);
    return stream;
  }

  function unite(side: LiveStream, main: LiveStream): void {
    const { position } = side;
    const canGoOn = position === undefined ? !side.hasLog : main.covers(position);
    if (!canGoOn) return;
    const members = [...side.members] as MemberState[]; // only MemberState is ever put in
    side.members.clear();
    side.end();
    for (const member of members) {
      member.stream = main;
      main.join(member, member.skipUntil ?? position);
    }
  }

  function attach(member: MemberState, sharing: Sharing, resumeAfter: string | undefined): void {
    const { key } = sharing;
    const main = streams.get(key);
    const isBehind = main !== undefined && resumeAfter !== undefined && !main.covers(resumeAfter);
    const place = isBehind ? `${key}@${resumeAfter}` : key;
    const open = streams.get(place);
    if (open !== undefined && (resumeAfter === undefined || open.covers(resumeAfter))) {
      member.stream = open;
      open.join(member, resumeAfter);
    } else {
      // The first of a stream goes in before it opens, which may end it.
      const stream = openStream(sharing, { key: place, resumeAfter });
      member.stream = stream;
      stream.join(member, resumeAfter);
      stream.open();
    }
  }

  function report({ request, authorized }: PreparedOperation): void {
    const coordinates = deniedCoordinates(authorized);
    if (coordinates.size === 0) return;
    denials.report({
      context: request.context,
      operationName: request.operation.name?.value ?? null,
      coordinates,
    });
  }

  function refusal(prepared: PreparedOperation): readonly GraphQLFormattedError[] {
    const { compiled, variables, request } = prepared;
    return compiled.withoutData({ variables, context: request.context }).errors;
  }

  function labelOf({ request }: PreparedOperation): string {
    return metrics.operationLabel(request.operation.name?.value);
  }

  class MemberState implements Member, LiveSubscription {
    readonly subscriber: Subscriber;
    skipUntil: string | undefined;
    awaitsPresent = false;
    stream: LiveStream | undefined;
    #prepared: PreparedOperation;
    #key: string;
    #isOver = false;
    /** As whom it goes on, until that is decided. */
    #next: Session | undefined;
    /** Set while it is in no stream, since nothing may be told before that is decided. */
    #suspended: { after: string | undefined } | undefined;
    #retry: NodeJS.Timeout | undefined;

    constructor(prepared: PreparedOperation, subscriber: Subscriber, key: string) {
      this.#prepared = prepared;
      this.subscriber = subscriber;
      this.#key = key;
    }

    reauthorize(session: Session) {
      if (this.#isOver) return;
      const isUndecided = this.#next !== undefined;
      const { viewer } = this.#prepared.request.context.session;
      // Most tokens that are shown anew say the same.
      if (!isUndecided && viewerIdentity(viewer) === viewerIdentity(session.viewer)) return;
      this.#next = session;
      if (!isUndecided && !reauthorizations.do(() => this.#decide())) this.#suspend();
    }

    #decide() {
      const session = this.#next;
      if (this.#isOver || session === undefined) return;
      try {
        this.#follow(session);
        this.#next = undefined;
      } catch (error) {
        const waitMs = planningWaitMs(error);
        if (waitMs !== undefined) return this.#decideLater(waitMs);
        // What goes wrong with one must not end the process for all.
        this.#leave();
        this.subscriber.fail([maskError(error, logger)]);
      }
    }

    /** Its viewer has used up the time that others leave them. */
    #decideLater(waitMs: number) {
      this.#suspend();
      this.#retry = setTimeout(() => reauthorizations.do(() => this.#decide()), waitMs).unref();
    }

    #suspend() {
      this.#suspended ??= { after: this.#reached };
      this.#leave();
    }

    get #reached(): string | undefined {
      return this.awaitsPresent ? undefined : (this.skipUntil ?? this.stream?.position);
    }

    #follow(session: Session) {
      const prepared = operations.reauthorize(this.#prepared, session);
      this.#prepared = prepared;
      if (prepared.compiled.plan === undefined) {
        report(prepared);
        this.#leave();
        return this.subscriber.fail(refusal(prepared));
      }
      const sharing = sharingOf(prepared);
      const suspended = this.#suspended;
      if (sharing.key === this.#key && suspended === undefined) return;
      this.#key = sharing.key;
      report(prepared);
      const { after } = suspended ?? { after: this.#reached };
      this.#suspended = undefined;
      const before = this.stream;
      before?.members.delete(this);
      attach(this, sharing, after);
      if (before?.members.size === 0) before.end();
    }

    end(): void {
      if (this.#isOver) return;
      this.#isOver = true;
      clearTimeout(this.#retry);
      metrics.subscriptions.dec({ operation: labelOf(this.#prepared) });
      this.#leave();
    }

    #leave(): void {
      this.stream?.leave(this);
      this.stream = undefined;
    }
  }

  return {
    subscribe(prepared, subscriber, resumeAfter) {
      observer.subscribed(prepared);
      // Once for the subscription, not again with each event.
      report(prepared);
      if (prepared.compiled.plan === undefined) {
        subscriber.fail(refusal(prepared));
        return { reauthorize: () => undefined, end: () => undefined };
      }
      const sharing = sharingOf(prepared);
      const member = new MemberState(prepared, subscriber, sharing.key);
      metrics.subscriptions.inc({ operation: labelOf(prepared) });
      attach(member, sharing, resumeAfter);
      return member;
    },
  };
}

const tooFast: GraphQLFormattedError = serviceUnavailable(
  'Events came faster than they could be completed. Subscribe again, and ask for less per event.',
).toJSON();
