// What one client is to be sent, and what becomes of it when the client is slow: it is dropped, or, of gauges, gets
// only the latest.
import type { Flusher } from './flusher.ts';

/** A message in two parts: the client's own, and one that is the same for all who get it. */
export interface Frame {
  head: string;
  end: Buffer;
}

/** Where it goes. */
export interface OutboxTarget {
  write(frames: readonly Frame[]): void;
  /** Bytes that the client has not taken yet. */
  readonly unsentBytes: number;
  /** Calls `then` once when the client has taken all. */
  whenDrained(then: () => void): void;
}

export interface OutboxOptions {
  target: OutboxTarget;
  flusher: Flusher;
  /** A client with more unread than that is too slow. */
  limitBytes: number;
  tooSlow(): void;
}

/** What is put off is sent when it has come to this. */
const batchBytes = 65_536;
/** A client with more unread than that gets only the latest of each gauge. */
const conflationBytes = 65_536;
/** Most values of gauges that wait for one client; what is more counts as any other event. */
const maximumLatest = 1_000;

export class Outbox {
  readonly #options: OutboxOptions;
  #frames: Frame[] = [];
  #bytes = 0;
  #latest: Map<string, Frame> | undefined;
  #isAwaitingDrain = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** @param gauge what the frame is the latest of, if it is of a gauge */
  push(frame: Frame, gauge?: string): void {
    if (gauge !== undefined && this.#conflates(gauge, frame)) return;
    if (this.#frames.length === 0) this.#options.flusher.soon(this);
    this.#frames.push(frame);
    this.#bytes += frame.head.length + frame.end.length;
    if (this.#bytes >= batchBytes) this.flush();
  }

  flush(): void {
    const { target, limitBytes, tooSlow } = this.#options;
    if (this.#frames.length > 0) {
      const frames = this.#frames;
      this.#frames = [];
      this.#bytes = 0;
      if (target.unsentBytes <= limitBytes) target.write(frames);
      else tooSlow();
    }
    if (this.#latest === undefined) return;
    if (target.unsentBytes > conflationBytes) this.#awaitDrain();
    else {
      const latest = [...this.#latest.values()];
      this.#latest = undefined;
      target.write(latest);
    }
  }

  /** Forgets what waits. */
  clear(): void {
    this.#frames = [];
    this.#bytes = 0;
    this.#latest = undefined;
  }

  #conflates(gauge: string, frame: Frame): boolean {
    if (this.#latest === undefined) {
      if (this.#options.target.unsentBytes <= conflationBytes) return false;
      this.#latest = new Map();
    }
    // To the end: the latest comes in the place of its time.
    this.#latest.delete(gauge);
    if (this.#latest.size >= maximumLatest) return false;
    this.#latest.set(gauge, frame);
    this.#awaitDrain();
    return true;
  }

  #awaitDrain(): void {
    if (this.#isAwaitingDrain) return;
    this.#isAwaitingDrain = true;
    this.#options.target.whenDrained(() => {
      this.#isAwaitingDrain = false;
      this.flush();
    });
  }
}
