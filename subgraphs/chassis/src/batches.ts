// What is done together, key by key. While one batch of a key is under way the next one gathers, so that what comes alone
// waits for nobody, and the more there is, the less each costs.
import { setTimeout as pause } from 'node:timers/promises';
import type { Places } from './places.ts';

export interface BatchesOptions<Item, Outcome> {
  /**
   * Does a batch, all or nothing, and gives what became of each in its order. Where it throws, it is run again with each half,
   * so that in the end the one that fails does so alone.
   */
  attempt(items: readonly Item[]): Promise<readonly Outcome[]>;
  /** Whether whatever is tried would fail for now: then all of a batch fail with it. */
  isOutage(error: unknown): boolean;
  /** Most items of one batch. */
  most: number;
  /** How many batches are under way at once, each of another key. Keys take turns. */
  places: Places;
  /** How long whatever comes first waits for company. Default: not at all. */
  gatherMs?: number;
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly done: (outcome: Outcome) => void;
  readonly failed: (error: unknown) => void;
}

export class Batches<Item, Outcome> {
  readonly #options: BatchesOptions<Item, Outcome>;
  readonly #queues = new Map<string, Waiting<Item, Outcome>[]>();

  constructor(options: BatchesOptions<Item, Outcome>) {
    this.#options = options;
  }

  /** Settles with the item's own outcome. */
  take(key: string, item: Item): Promise<Outcome> {
    return new Promise((done, failed) => {
      const waiting = { item, done, failed };
      const queue = this.#queues.get(key);
      if (queue !== undefined) {
        queue.push(waiting);
        return;
      }
      const begun = [waiting];
      this.#queues.set(key, begun);
      void this.#drain(key, begun);
    });
  }

  async #drain(key: string, queue: Waiting<Item, Outcome>[]): Promise<void> {
    const { places, most, gatherMs = 0 } = this.#options;
    while (queue.length > 0) {
      if (gatherMs > 0 && queue.length < most) await pause(gatherMs);
      await places.take(() => this.#settle(queue.splice(0, most)));
    }
    this.#queues.delete(key);
  }

  async #settle(batch: readonly Waiting<Item, Outcome>[]): Promise<void> {
    const { attempt, isOutage } = this.#options;
    try {
      const outcomes = await attempt(batch.map(({ item }) => item));
      // As many as there are items, or attempt breaks its word.
      for (const [index, { done }] of batch.entries()) done(outcomes[index] as Outcome);
    } catch (error) {
      if (batch.length === 1 || isOutage(error)) {
        for (const { failed } of batch) failed(error);
        return;
      }
      const half = Math.ceil(batch.length / 2);
      await this.#settle(batch.slice(0, half));
      await this.#settle(batch.slice(half));
    }
  }
}
