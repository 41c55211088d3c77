// A sleep that can be cut short, so that the scheduler costs nothing between one run and the next.

export interface Alarm {
  /** Sleeps until `bringForward` named an earlier moment, `ring` was called, or `mostMs` have passed. */
  sleep(mostMs: number): Promise<void>;
  /** The present or next sleep lasts no longer than `ms` from now. */
  bringForward(ms: number): void;
  /** Ends this sleep and every later one at once. */
  close(): void;
}

export function createAlarm(): Alarm {
  let wakeAt = Number.POSITIVE_INFINITY;
  let isClosed = false;
  let sleeping: { timer: NodeJS.Timeout; wake: () => void } | null = null;

  const arm = (wake: () => void) => {
    const ms = isClosed ? 0 : Math.max(0, wakeAt - performance.now());
    sleeping = { timer: setTimeout(wake, ms), wake };
  };
  const rearm = () => {
    if (sleeping === null) return;
    clearTimeout(sleeping.timer);
    arm(sleeping.wake);
  };

  return {
    async sleep(mostMs) {
      wakeAt = Math.min(wakeAt, performance.now() + mostMs);
      await new Promise<void>(arm);
      sleeping = null;
      wakeAt = Number.POSITIVE_INFINITY;
    },
    bringForward(ms) {
      const at = performance.now() + ms;
      if (at >= wakeAt) return;
      wakeAt = at;
      rearm();
    },
    close() {
      isClosed = true;
      rearm();
    },
  };
}
