// Waiting for a condition, never for a time.
import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  timeoutMs: number;
  /** Time between two looks. Default 50 ms. */
  intervalMs?: number;
  /** Ends the waiting early with the signal's reason. */
  signal?: AbortSignal;
}

/** Looks until the condition holds (true, or no error thrown). Rejects with the last error when the time is over. */
export async function eventually(
  condition: () => unknown | Promise<unknown>,
  { timeoutMs, intervalMs = 50, signal }: WaitOptions,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    let failure: unknown;
    try {
      if ((await condition()) !== false) return;
    } catch (error) {
      failure = error;
    }
    if (performance.now() >= end) throw failure ?? new Error(`it did not happen within ${timeoutMs} ms`);
    await delay(intervalMs);
  }
}
