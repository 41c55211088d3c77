// Changes that subscribers hear of, and how often they are made.
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

export const changeShape = z.object({
  /** JSON text of what its event, and no other, says in the field that subscribers look at. */
  mark: z.string(),
  /** When it was known to be made, by `sharedNow`. */
  at: z.number(),
});
export type Change = z.infer<typeof changeShape>;

/** Makes changes for so many seconds, and tells when each was made. */
export type MakeChanges = (seconds: number) => Promise<Change[]>;

export interface ChangeMaking {
  make: () => Promise<Change>;
  signal?: AbortSignal;
}

/** Milliseconds on a clock that all processes of this machine share. */
export function sharedNow(): number {
  return performance.timeOrigin + performance.now();
}

/** The next change when the one before is made and a pause is over. */
export function oneByOne({ make, pauseMs, signal }: ChangeMaking & { pauseMs: number }): MakeChanges {
  return async (seconds) => {
    const made: Change[] = [];
    const endsAt = performance.now() + seconds * 1_000;
    do {
      signal?.throwIfAborted();
      made.push(await make());
      await pause(pauseMs);
    } while (performance.now() < endsAt);
    return made;
  };
}

/** Changes begin at even intervals, whether or not those before are made. */
export function atRate({ make, perSecond, signal }: ChangeMaking & { perSecond: number }): MakeChanges {
  return async (seconds) => {
    const startedAt = performance.now();
    const made: Promise<Change>[] = [];
    for (let number = 0; number < seconds * perSecond; number += 1) {
      signal?.throwIfAborted();
      const waitMs = startedAt + (number * 1_000) / perSecond - performance.now();
      if (waitMs > 0) await pause(waitMs);
      made.push(make());
    }
    return Promise.all(made);
  };
}
