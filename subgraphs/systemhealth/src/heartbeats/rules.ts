// When a heartbeat is missing. Pure: times are milliseconds since the epoch.
import type { Observation } from '../checks/rules.ts';
import type { SettingsOf } from '../probes/settings.ts';

export type Signal = 'success' | 'start' | 'fail';

export interface Awaited {
  /** From when the next call is counted: the latest one, or a return from a pause; null before the first. */
  readonly awaitedSince: number | null;
  /** When the program told that it began; null when it did not, or has told of its end since. */
  readonly startedAt: number | null;
}

/** A call that could not come in is not missing: later than this we were not there to look. */
export const attentiveMs = 15_000;

/** When the next call is overdue; null while none has ever come. */
export function deadlineOf(
  { awaitedSince, startedAt }: Awaited,
  { periodSeconds, graceSeconds }: SettingsOf<'HEARTBEAT'>,
): number | null {
  if (startedAt !== null) return startedAt + graceSeconds * 1_000;
  if (awaitedSince === null) return null;
  return awaitedSince + (periodSeconds + graceSeconds) * 1_000;
}

/** What a call says of the program; null when it says nothing yet. */
export function observed(signal: Signal, { startedAt }: Awaited, now: number): Observation | null {
  if (signal === 'start') return null;
  const latencyMs = startedAt === null ? 0 : now - startedAt;
  const measurements =
    startedAt === null ? [] : [{ metric: 'heartbeat_duration_seconds', value: latencyMs / 1_000 }];
  const message = signal === 'fail' ? 'the program told of a failure' : null;
  return { at: now, isSuccess: signal === 'success', latencyMs, message, measurements };
}

/** What is awaited after a call. */
export function after(signal: Signal, { awaitedSince }: Awaited, now: number): Awaited {
  return signal === 'start' ? { awaitedSince, startedAt: now } : { awaitedSince: now, startedAt: null };
}

/** What is found where no call has come in time. */
export function overdue({ startedAt }: Awaited, now: number): Observation {
  const message = startedAt === null ? 'no call in time' : 'began and told of no end';
  return { at: now, isSuccess: false, latencyMs: 0, message };
}
