// What every kind of probe has in common: a deadline, a measured time, and a message fit for a tenant's eyes.
import { unlessAborted } from '@supergraph/chassis/deadline';
import type { Observation } from '../checks/rules.ts';
import { describeFailure, ProbeFailure } from './failures.ts';
import type { Measurement } from './measurement.ts';

/** What a target that answered as it should has told. */
export interface Answer {
  /** What there is to say of it: mostly nothing. */
  readonly message: string | null;
  readonly measurements?: readonly Measurement[];
}

export interface Probe {
  /**
   * Asks the target once. Rejects with why it failed: a ProbeFailure may carry what was measured all the same.
   * Gives up and closes what it opened when `signal` aborts.
   */
  ask(signal: AbortSignal): Promise<Answer>;
  /** Closes what is kept open between asks. */
  close(): Promise<void>;
}

export interface Measuring {
  readonly timeoutMs: number;
  /** From here on an answer is degraded. */
  readonly degradedAfterMs?: number | null;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Gives the probe up, as a stop of this program does. */
  readonly abandoned?: AbortSignal;
}

/**
 * Asks once within `timeoutMs`. A failure is what it came to find and no reason to reject.
 * @throws only when it was abandoned: then nothing is known of the target.
 */
export async function measure(
  probe: Probe,
  { timeoutMs, degradedAfterMs, now, abandoned }: Measuring,
): Promise<Observation> {
  const ending = new AbortController();
  const end = () => ending.abort();
  const timer = setTimeout(end, timeoutMs);
  abandoned?.addEventListener('abort', end, { once: true });
  const at = now();
  const started = performance.now();
  const found = (facts: Omit<Observation, 'at' | 'latencyMs'>): Observation => ({
    at,
    latencyMs: Math.round((performance.now() - started) * 10) / 10,
    ...facts,
  });
  try {
    abandoned?.throwIfAborted();
    const answer = await unlessAborted(probe.ask(ending.signal), ending.signal);
    const observation = found({ isSuccess: true, ...answer });
    const isDegraded = observation.latencyMs > (degradedAfterMs ?? Number.POSITIVE_INFINITY);
    return isDegraded ? { ...observation, isDegraded } : observation;
  } catch (error) {
    abandoned?.throwIfAborted();
    if (ending.signal.aborted)
      return found({ isSuccess: false, message: `no answer within ${timeoutMs} ms` });
    const measurements = error instanceof ProbeFailure ? error.measurements : [];
    return found({ isSuccess: false, message: describeFailure(error), measurements });
  } finally {
    clearTimeout(timer);
    abandoned?.removeEventListener('abort', end);
  }
}
