import { TransientSet } from '@supergraph/chassis/transient';
import type { Interruption } from './interruption.ts';

export interface BulkheadOptions {
  /** Most that are in at once. */
  atOnce: number;
  /** Most that wait for their turn. */
  waiting: number;
}

/** Keeps one slow neighbour from taking all that there is: so many at once, so many wait, others are refused. */
export class Bulkhead {
  readonly #bounds: BulkheadOptions;
  #inside = 0;
  /** First come, first served. */
  readonly #line = new TransientSet<() => void>();

  constructor(bounds: BulkheadOptions) {
    this.#bounds = bounds;
  }

  get inside(): number {
    return this.#inside;
  }

  get waiting(): number {
    return this.#line.size;
  }

  /** Whether one more would be refused now. */
  get isFull(): boolean {
    return this.#inside >= this.#bounds.atOnce && this.#line.size >= this.#bounds.waiting;
  }

  /**
   * Whoever is in has to `leave`. Ask `isFull` before.
   * @returns undefined where there is room; else what resolves when it is one's turn, and rejects when interrupted.
   */
  enter(work: Interruption): Promise<void> | undefined {
    if (this.#inside < this.#bounds.atOnce) {
      this.#inside += 1;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const turn = () => {
        work.onInterrupt = undefined;
        resolve();
      };
      this.#line.add(turn);
      work.onInterrupt = (reason) => {
        this.#line.delete(turn);
        reject(reason);
      };
    });
  }

  leave(): void {
    const next = this.#line.first();
    if (next === undefined) {
      this.#inside -= 1;
      return;
    }
    this.#line.delete(next);
    next();
  }
}
