import type { LiveLogLimits } from './live-log.ts';

/** A message for a live topic on its way to Redis. */
export interface Push {
  /** Its place among this process's pushes. */
  readonly sequence: number;
  /** When it was pushed, by the monotonic clock, in milliseconds. */
  readonly at: number;
  readonly channel: string;
  readonly text: string;
  /** For a topic that keeps a log: how it is kept, and what names the push there. */
  readonly log?: { readonly key: string; readonly limits: LiveLogLimits };
  /** It may have arrived before, and only the answer was lost. */
  readonly isRepeated?: true;
}

export interface BacklogLimits {
  readonly mostPushes: number;
  readonly longestMs: number;
}

/** Pushes that could not be sent, in the order in which they were pushed. The oldest are dropped first. */
export class LiveBacklog {
  readonly #limits: BacklogLimits;
  #pushes: Push[] = [];

  constructor(limits: BacklogLimits) {
    this.#limits = limits;
  }

  /** Gives how many were dropped: for their age, or because there are too many. */
  keep(push: Push, now: number): number {
    // Those under way when a connection ends come back after later ones have been kept.
    const before = this.#pushes.findLastIndex(({ sequence }) => sequence < push.sequence);
    this.#pushes.splice(before + 1, 0, push);
    const expired = this.#expire(now);
    const tooMany = Math.max(0, this.#pushes.length - this.#limits.mostPushes);
    this.#pushes.splice(0, tooMany);
    return expired + tooMany;
  }

  /** Hands out all that are young enough, oldest first, and keeps none. */
  take(now: number): { pushes: readonly Push[]; dropped: number } {
    const dropped = this.#expire(now);
    const pushes = this.#pushes;
    this.#pushes = [];
    return { pushes, dropped };
  }

  #expire(now: number): number {
    const all = this.#pushes.length;
    this.#pushes = this.#pushes.filter(({ at }) => now - at <= this.#limits.longestMs);
    return all - this.#pushes.length;
  }
}
