// What every kind of probe has in common: a deadline, a measured time, and a message fit for a tenant's eyes.
import { unlessAborted } from '@supergraph/chassis/deadline';
import type { Observation } from '../checks/rules.ts';
import { describeFailure } from './failures.ts';

export interface Probe {
  /**
   * Asks the target once. Resolves with what there is to say of a success (mostly nothing), rejects with why
   * it failed. Gives up and closes what it opened when `signal` aborts.
   */
  ask(signal: AbortSignal): Promise<string | null>;
  /** Closes what is kept open between asks. */
  close(): Promise<void>;
}

export interface Measuring {
  readonly timeoutMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Gives the probe up, as a stop of this program does. */
  readonly abandoned?: AbortSignal;
}

/**
 * Asks once within `timeoutMs`. A failure is what it came to find and no reason to reject.
 * @throws only when it was abandoned: then nothing is known of the target.
 */
export async function measure(probe: Probe, { timeoutMs, now, abandoned }: Measuring): Promise<Observation> {
  const ending = new AbortController();
  const end = () => ending.abort();
  const timer = setTimeout(end, timeoutMs);
  abandoned?.addEventListener('abort', end, { once: true });
  const at = now();
  const started = performance.now();
  const found = (facts: Pick<Observation, 'isSuccess' | 'message'>): Observation => ({
    at,
    latencyMs: Math.round((performance.now() - started) * 10) / 10,
    ...facts,
  });
  try {
    abandoned?.throwIfAborted();
    return found({ isSuccess: true, message: await unlessAborted(probe.ask(ending.signal), ending.signal) });
  } catch (error) {
    abandoned?.throwIfAborted();
    const message = ending.signal.aborted ? `no answer within ${timeoutMs} ms` : describeFailure(error);
    return found({ isSuccess: false, message });
  } finally {
    clearTimeout(timer);
    abandoned?.removeEventListener('abort', end);
  }
}
