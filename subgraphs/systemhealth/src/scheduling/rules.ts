// When a check runs next. Pure: nothing here reads a clock.
import { createHash } from 'node:crypto';

/**
 * Where in its interval a check runs: spread evenly by its key and the same after every restart, so that
 * checks of one interval don't all run in the same instant. Equal keys run together and can share a probe.
 */
export function phaseOf(key: string, intervalMs: number): number {
  return createHash('sha256').update(key).digest().readUInt32BE(0) % intervalMs;
}

export interface Rhythm {
  readonly intervalMs: number;
  /** From `phaseOf`. */
  readonly phaseMs: number;
}

/**
 * The first moment after `startedAt` on the check's own grid. It depends on when a run began and not on how
 * long it took, so slow targets don't shift the schedule; what was missed while down is not made up for.
 * A run that began just before its moment (less than a quarter interval) counts as that moment's.
 */
export function nextRunAt(startedAt: number, { intervalMs, phaseMs }: Rhythm): number {
  const earliest = startedAt + intervalMs / 4;
  return phaseMs + Math.ceil((earliest - phaseMs) / intervalMs) * intervalMs;
}

/** Two runs closer together than this are one blip seen twice. */
const confirmationSpacingMs = 1_000;

/** The next run, brought forward to the moment at which it would settle a pending change. */
export function dueAt(startedAt: number, rhythm: Rhythm, confirmationAt: number | null): number {
  const regular = nextRunAt(startedAt, rhythm);
  if (confirmationAt === null) return regular;
  const soonest = startedAt + Math.min(confirmationSpacingMs, rhythm.intervalMs / 2);
  return Math.min(regular, Math.max(confirmationAt, soonest));
}

/** How long to sleep until `next`, between bounds: sooner wastes CPU, later leaves another copy's news unseen. */
export function sleepMs(next: number | null, now: number, bounds: { least: number; most: number }): number {
  if (next === null) return bounds.most;
  return Math.min(Math.max(next - now, bounds.least), bounds.most);
}
