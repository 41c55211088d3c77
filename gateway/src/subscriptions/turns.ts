// Work that comes all at once, such as a look at a thousand subscriptions whose viewer may do something else now: what
// does not fit into a moment is done in later turns of the event loop, so that others are served between.

export interface Turns {
  /**
   * Does the work at once where the moment has room for it.
   * @returns whether it did; otherwise it does it in a later turn, after what came before
   */
  do(work: () => void): boolean;
}

export interface TurnsOptions {
  /** Longest time taken in one turn, but for a piece that takes longer by itself. Default 10 ms. */
  momentMs?: number;
}

export function createTurns({ momentMs = 10 }: TurnsOptions = {}): Turns {
  let waiting: (() => void)[] = [];
  let spentMs = 0;
  let isPlanned = false;

  function spend(work: () => void): void {
    const startedAt = performance.now();
    try {
      work();
    } finally {
      spentMs += performance.now() - startedAt;
      plan();
    }
  }

  function plan(): void {
    if (isPlanned) return;
    isPlanned = true;
    setImmediate(begin);
  }

  function begin(): void {
    isPlanned = false;
    spentMs = 0;
    const all = waiting;
    waiting = [];
    let done = 0;
    while (done < all.length && spentMs < momentMs) {
      const work = all[done];
      done += 1;
      if (work) spend(work);
    }
    waiting = done === 0 ? all : all.slice(done).concat(waiting);
    if (waiting.length > 0) plan();
  }

  return {
    do(work) {
      if (waiting.length === 0 && spentMs < momentMs) {
        spend(work);
        return true;
      }
      waiting.push(work);
      plan();
      return false;
    },
  };
}
