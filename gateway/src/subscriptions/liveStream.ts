// One subscription at a subgraph and all who share it: events are joined, written once and told in their order. What
// waits is bounded. Where the topic keeps a log nothing is lost by that: what came too fast is asked for again.
import { isAfter } from '@supergraph/chassis/live-cursor';
import type { GraphQLFormattedError } from 'graphql';
import type { OperationContext } from '../context.ts';
import type { SubgraphAnswer } from '../execution/subgraphAnswer.ts';
import type { EventCompletion } from './eventCompletion.ts';
import { LiveEvent, lossEvent } from './liveEvent.ts';
import { RecentEvents, type RecentEventsBounds } from './recentEvents.ts';
import type { EventPlace, EventSink, SubgraphEvents } from './subgraphEvents.ts';

/** One client's end of a subscription. After `fail` or `complete` nothing follows. */
export interface Subscriber {
  next(event: LiveEvent): void;
  /** Everything up to here has been told, though the last of it was no event for this subscriber. */
  stands(cursor: string): void;
  /** Says that something was lost: for those who resume, who count on getting everything. */
  lost(event: LiveEvent): void;
  fail(errors: readonly GraphQLFormattedError[]): void;
  complete(): void;
}

/** A subscriber in a stream. */
export interface Member {
  readonly subscriber: Subscriber;
  /** What it has had already, of what the stream has yet to tell. */
  skipUntil: string | undefined;
  /** Whether it asked for what happens from now on while the stream still told what had happened. */
  awaitsPresent: boolean;
}

export interface LiveStreamOptions {
  completion: EventCompletion;
  source: SubgraphEvents;
  context: OperationContext;
  /** Where to begin; undefined from now on. */
  resumeAfter: string | undefined;
  maximumWaiting: number;
  recent: RecentEventsBounds;
  /** Of a gauge: how many joins may run before later events of one key take the place of earlier ones. */
  conflateAfter: number;
  /** Counts a result for each of `subscribers`. */
  count(outcome: string, subscribers: number): void;
  /** What its subscribers are told when its events came faster than their joins. */
  tooFast(): readonly GraphQLFormattedError[];
  /** What its subscribers are told when an event could not be completed. */
  broken(error: unknown): readonly GraphQLFormattedError[];
  refused(errors: readonly GraphQLFormattedError[]): readonly GraphQLFormattedError[];
  /** Told as soon as it takes nobody any more. */
  onRetired(): void;
  /** Told after each step. */
  onMoved(): void;
}

interface WaitingEvent {
  answer: SubgraphAnswer;
  place: EventPlace;
}

export class LiveStream {
  readonly members = new Set<Member>();
  readonly #options: LiveStreamOptions;
  readonly #recent: RecentEvents;
  /** Of gauges: the latest of each key that no join has begun for. */
  readonly #latest = new Map<string, WaitingEvent>();
  /** Joins of several events run at once; what they bring leaves in the order of the events. */
  #line: Promise<void> = Promise.resolve();
  #waiting = 0;
  /** Place of what was taken from the subgraph last. */
  #taken: string | undefined;
  #position: string | undefined;
  #isPresent: boolean;
  #hasLog = true;
  #isPaused = false;
  #hasEnded = false;
  #close: () => void = () => undefined;

  constructor(options: LiveStreamOptions) {
    this.#options = options;
    this.#recent = new RecentEvents(options.recent);
    this.#recent.startAt(options.resumeAfter);
    this.#position = options.resumeAfter;
    this.#taken = options.resumeAfter;
    this.#isPresent = options.resumeAfter === undefined;
  }

  /** Everything up to here has been told; undefined where that is not known. */
  get position(): string | undefined {
    return this.#position;
  }

  /** False when it is known that nothing can be resumed here. */
  get hasLog(): boolean {
    return this.#hasLog;
  }

  /** To be called once. Separate from the making, because it may end at once. */
  open(): void {
    const { source, completion, context } = this.#options;
    this.#isPaused = false;
    this.#close = source.open(completion.request, { context, sink: this.#sink(), resumeAfter: this.#taken });
    if (this.#hasEnded) this.#close();
  }

  /** Whether a subscriber that has been at `cursor` would miss nothing here. */
  covers(cursor: string): boolean {
    return this.#recent.covers(cursor);
  }

  /** Takes a subscriber in. With a place, it is told at once what has come since; see `covers`. */
  join(member: Member, after?: string): void {
    member.skipUntil = undefined;
    member.awaitsPresent = after === undefined && !this.#isPresent;
    if (after !== undefined) {
      for (const event of this.#recent.after(after)) member.subscriber.next(event);
      if (this.#position === undefined || isAfter(after, this.#position)) member.skipUntil = after;
    }
    this.members.add(member);
  }

  leave(member: Member): void {
    this.members.delete(member);
    if (this.members.size === 0) this.end();
  }

  /** Ends it without telling anybody. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#options.onRetired();
    this.#latest.clear();
    this.#close();
  }

  #finish(tell: (subscriber: Subscriber) => void): void {
    const told = [...this.members];
    this.members.clear();
    this.end();
    for (const { subscriber } of told) tell(subscriber);
  }

  #sink(): EventSink {
    const { onRetired, refused } = this.#options;
    return {
      event: (answer, place) => this.#take({ answer, place }),
      moved: (place) => {
        if (place.hasGap || place.cursor !== undefined) this.#taken = place.cursor;
        this.#inLine(() => this.#move(place));
      },
      failed: (errors) => {
        onRetired();
        const told = refused(errors);
        this.#inLine(() => this.#finish((subscriber) => subscriber.fail(told)));
      },
      completed: () => {
        onRetired();
        this.#inLine(() => this.#finish((subscriber) => subscriber.complete()));
      },
    };
  }

  #take(event: WaitingEvent) {
    const { conflateAfter, maximumWaiting, tooFast } = this.#options;
    const { cursor, key } = event.place;
    if (this.#hasEnded || this.#isPaused) return;
    if (key !== undefined && this.#waiting >= conflateAfter) {
      // To the end: the latest comes in the place of its time.
      this.#latest.delete(key);
      if (this.#latest.size < maximumWaiting) {
        this.#latest.set(key, event);
        this.#taken = cursor ?? this.#taken;
        return;
      }
    }
    if (this.#waiting < maximumWaiting) {
      this.#taken = cursor ?? this.#taken;
      return this.#complete(event);
    }
    if (cursor === undefined || this.#taken === undefined) {
      const told = tooFast();
      return this.#finish((subscriber) => subscriber.fail(told));
    }
    // It is in the log, and asked for again when there is room.
    this.#isPaused = true;
    this.#close();
  }

  #complete({ answer, place }: WaitingEvent): void {
    const { completion, count, broken } = this.#options;
    this.#waiting += 1;
    const settled = completion.complete(answer).then(
      ({ result, outcome }) =>
        () => {
          count(outcome, this.members.size);
          this.#tell(new LiveEvent({ result, ...place }));
        },
      (error: unknown) => () => {
        const told = broken(error);
        this.#finish((subscriber) => subscriber.fail(told));
      },
    );
    this.#line = this.#line.then(async () => {
      (await settled)();
      this.#waiting -= 1;
      this.#makeUp();
    });
  }

  /** Takes what had to wait for room. */
  #makeUp(): void {
    if (this.#hasEnded) return;
    const { conflateAfter, maximumWaiting } = this.#options;
    while (this.#waiting < conflateAfter) {
      const [next] = this.#latest;
      if (next === undefined) break;
      this.#latest.delete(next[0]);
      this.#complete(next[1]);
    }
    if (this.#isPaused && this.#waiting <= maximumWaiting / 2) this.open();
  }

  #tell(event: LiveEvent): void {
    if (this.#hasEnded) return;
    if (event.cursor === undefined) this.#isPresent = true;
    else this.#position = event.cursor;
    this.#recent.add(event);
    for (const member of this.members) {
      if (member.awaitsPresent) {
        if (!this.#isPresent) continue;
        member.awaitsPresent = false;
      }
      if (member.skipUntil !== undefined) {
        if (event.cursor !== undefined && !isAfter(event.cursor, member.skipUntil)) continue;
        member.skipUntil = undefined;
      }
      member.subscriber.next(event);
    }
    this.#options.onMoved();
  }

  #move({ cursor, hasGap, isLive }: EventPlace): void {
    if (this.#hasEnded) return;
    if (cursor === undefined) this.#hasLog = false;
    else if (this.#position === undefined || hasGap) this.#recent.startAt(cursor);
    this.#position = cursor;
    if (isLive) {
      this.#isPresent = true;
      for (const member of this.members) member.awaitsPresent = false;
    }
    if (hasGap) {
      const event = lossEvent(cursor);
      for (const { subscriber } of this.members) subscriber.lost(event);
    }
    if (cursor !== undefined) for (const { subscriber } of this.members) subscriber.stands(cursor);
    this.#options.onMoved();
  }

  #inLine(step: () => void): void {
    this.#line = this.#line.then(step);
  }
}
