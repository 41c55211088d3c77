import { TransientMap } from '@supergraph/chassis/transient';
import type { Interruption } from './interruption.ts';

export interface DeadlinesOptions {
  deadlineMs: number;
  /** Why work whose time has passed is interrupted. */
  reason: () => Error;
}

/** Deadlines of one length. Who began first is first to be late, so that one timer does for all. */
export class Deadlines {
  readonly #deadlineMs: number;
  readonly #reason: () => Error;
  /** When each is late, by `performance.now()`, in the order in which they began. */
  readonly #lateAt = new TransientMap<Interruption, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor({ deadlineMs, reason }: DeadlinesOptions) {
    this.#deadlineMs = deadlineMs;
    this.#reason = reason;
  }

  begin(work: Interruption, now: number): void {
    this.#lateAt.set(work, now + this.#deadlineMs);
    this.#timer ??= this.#wake(this.#deadlineMs);
  }

  end(work: Interruption): void {
    this.#lateAt.delete(work);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#lateAt.clear();
  }

  #wake(inMs: number): NodeJS.Timeout {
    return setTimeout(() => this.#interruptLate(), Math.ceil(inMs)).unref();
  }

  #interruptLate(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (let first = this.#lateAt.first(); first; first = this.#lateAt.first()) {
      const [work, lateAt] = first;
      if (lateAt > now) {
        this.#timer = this.#wake(lateAt - now);
        return;
      }
      this.#lateAt.delete(work);
      work.interrupt(this.#reason());
    }
  }
}
