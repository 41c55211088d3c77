// Series, their resolutions, and which of them answers a question. Pure: time comes in.
import { createHash } from 'node:crypto';
import type { Label } from '../alerts/rules.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

export type Resolution = 'RAW' | 'MINUTE' | 'HOUR';

/** How long each is kept. */
export const keptMs: Readonly<Record<Resolution, number>> = {
  RAW: 2 * dayMs,
  MINUTE: 30 * dayMs,
  HOUR: 400 * dayMs,
};
export const bucketMs = { MINUTE: minuteMs, HOUR: hourMs } as const;

/** A sample may be this late, and this early, as clocks differ. */
export const latenessMs = hourMs;
export const earlinessMs = minuteMs;

/** A minute is rolled up this long after its end: whoever stores a sample of it in time is done by then. */
export const settleMs = 30_000;
/** Storing takes no longer than this. A sample that may come after its minute was rolled up says so: it is late. */
export const storingMs = 10_000;

/** What `dirtyFrom` is when all is rolled up. */
export const nothingDirty = Date.UTC(9999, 0, 1);

export const startOf = (at: number, lengthMs: number) => Math.floor(at / lengthMs) * lengthMs;
const endOf = (at: number, lengthMs: number) => Math.ceil(at / lengthMs) * lengthMs;

/** The id of a tenant's series: the same for the same labels in any order. */
export function seriesIdOf(tenantId: string, metric: string, labels: readonly Label[]): string {
  const key = JSON.stringify([
    tenantId,
    metric,
    ...sortedLabels(labels).map(({ name, value }) => [name, value]),
  ]);
  return `mts_${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
}

export function sortedLabels(labels: readonly Label[]): Label[] {
  return labels.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, value }) => ({ name, value }));
}

export function isLate(at: number, now: number): boolean {
  return now > startOf(at, minuteMs) + minuteMs + settleMs - 2 * storingMs;
}

/** Up to here minutes can be rolled up. */
export function rollableUntil(now: number): number {
  return startOf(now - settleMs, minuteMs);
}

/** When a minute that is marked now is rolled up. */
export function rollAtOf(at: number, now: number): number {
  return isLate(at, now) ? now + settleMs : startOf(at, minuteMs) + minuteMs + settleMs;
}

export interface Marks {
  /** From this minute on samples are not rolled up. */
  readonly dirtyFrom: number;
  /** When they are next. */
  readonly rollAt: number;
}

/** What remains of a series once its minutes until `to` were rolled up. */
export function marksAfter(
  {
    dirtyFrom,
    latestMinute,
    lateMarkedAt,
  }: { dirtyFrom: number; latestMinute: number; lateMarkedAt: number | null },
  { to, now }: { to: number; now: number },
): Marks {
  // A late sample may have been marked and not be stored yet. Of before its lateness nothing comes any more.
  if (lateMarkedAt !== null && lateMarkedAt > now - 2 * storingMs)
    return {
      dirtyFrom: Math.min(to, Math.max(dirtyFrom, startOf(now - latenessMs - settleMs, minuteMs))),
      rollAt: now + settleMs,
    };
  if (latestMinute < startOf(to, hourMs)) return { dirtyFrom: nothingDirty, rollAt: nothingDirty };
  const next = latestMinute < to ? startOf(to, hourMs) + hourMs : to + minuteMs;
  return { dirtyFrom: to, rollAt: next + settleMs };
}

export interface RangePlan {
  /** Whole steps from here on. */
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  readonly resolution: Resolution;
  /** How many steps. */
  readonly length: number;
}

/** Most steps of one answer. */
export const mostSteps = 1_500;

/**
 * The step that was asked for, or the next that there is data for: below a minute raw samples answer, as long as there are;
 * from an hour on whole hours; in between whole minutes. Steps begin at multiples of themselves since the epoch.
 */
export function planRange(
  { from, to, stepMs }: { from: number; to: number; stepMs: number },
  now: number,
): RangePlan {
  const coarsest = from < now - keptMs.MINUTE ? hourMs : from < now - keptMs.RAW ? minuteMs : 1_000;
  const wanted = Math.max(stepMs, coarsest, Math.ceil((to - from) / mostSteps));
  const unit = wanted < minuteMs ? 1_000 : wanted < hourMs ? minuteMs : hourMs;
  const step = endOf(wanted, unit);
  const begin = startOf(from, step);
  const length = Math.min(mostSteps, Math.max(1, Math.ceil((to - begin) / step)));
  const resolution = step < minuteMs ? 'RAW' : step % hourMs === 0 ? 'HOUR' : 'MINUTE';
  return { from: begin, to: begin + length * step, stepMs: step, resolution, length };
}

/** Up to where each resolution tells of a series that is rolled up until `dirtyFrom`; from there on raw samples do. */
export function boundariesOf(dirtyFrom: number, resolution: Resolution): { hours: number; minutes: number } {
  return {
    hours: resolution === 'HOUR' ? startOf(dirtyFrom, hourMs) : Number.NEGATIVE_INFINITY,
    minutes: resolution === 'RAW' ? Number.NEGATIVE_INFINITY : startOf(dirtyFrom, minuteMs),
  };
}
