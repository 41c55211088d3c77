import { isAfter } from '@supergraph/chassis/live-cursor';
import type { LiveEvent } from './liveEvent.ts';

export interface RecentEventsBounds {
  /** Default 200. */
  events: number;
  /** Characters of all their results. Default 262,144. */
  length: number;
}

export const defaultRecentBounds: RecentEventsBounds = { events: 200, length: 262_144 };

/** The latest events of a stream, for clients that come back after a moment. */
export class RecentEvents {
  readonly #bounds: RecentEventsBounds;
  #events: LiveEvent[] = [];
  #length = 0;
  /** The place after which everything is here. */
  #start: string | undefined;

  constructor(bounds: RecentEventsBounds) {
    this.#bounds = bounds;
  }

  /** From this place on everything will be here. What was here is forgotten. */
  startAt(cursor: string | undefined): void {
    this.#events = [];
    this.#length = 0;
    this.#start = cursor;
  }

  add(event: LiveEvent): void {
    if (event.cursor === undefined) return;
    this.#events.push(event);
    this.#length += event.result.length;
    while (this.#events.length > this.#bounds.events || this.#length > this.#bounds.length) {
      const [oldest] = this.#events.splice(0, 1);
      if (oldest === undefined) return;
      this.#length -= oldest.result.length;
      this.#start = oldest.cursor;
    }
  }

  /** Whether nothing that came after `cursor` is missing. */
  covers(cursor: string): boolean {
    return this.#start !== undefined && !isAfter(this.#start, cursor);
  }

  after(cursor: string): LiveEvent[] {
    return this.#events.filter((event) => event.cursor !== undefined && isAfter(event.cursor, cursor));
  }
}
