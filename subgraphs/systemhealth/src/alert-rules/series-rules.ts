// What rules about metrics and about other rules say. Pure. Missing data is UNKNOWN, and UNKNOWN is never CLEAR.
import type { Verdict } from '../alerts/rules.ts';

export const comparisons = ['ABOVE', 'AT_LEAST', 'BELOW', 'AT_MOST'] as const;
export type Comparison = (typeof comparisons)[number];

export const changeUnits = ['ABSOLUTE', 'PER_SECOND', 'PERCENT'] as const;
export type ChangeUnit = (typeof changeUnits)[number];

export const directions = ['ABOVE', 'BELOW', 'EITHER'] as const;
export type Direction = (typeof directions)[number];

export interface Limit {
  readonly comparison: Comparison;
  readonly threshold: number;
  readonly clearThreshold?: number | null | undefined;
}

/** What fires stays met until the value is beyond the clear threshold too. */
export function againstLimit(
  value: number | null,
  { comparison, threshold, clearThreshold }: Limit,
  { isFiring }: { isFiring: boolean },
): Verdict {
  if (value === null) return 'UNKNOWN';
  const limit = isFiring ? (clearThreshold ?? threshold) : threshold;
  return compares[comparison](value, limit) ? 'MET' : 'CLEAR';
}

const compares: Readonly<Record<Comparison, (value: number, limit: number) => boolean>> = {
  ABOVE: (value, limit) => value > limit,
  AT_LEAST: (value, limit) => value >= limit,
  BELOW: (value, limit) => value < limit,
  AT_MOST: (value, limit) => value <= limit,
};

/** From one window to the next; null where either has no value, and in percent of nothing. */
export function changeBetween(
  before: number | null,
  now: number | null,
  { unit, windowMs }: { unit: ChangeUnit; windowMs: number },
): number | null {
  if (before === null || now === null) return null;
  if (unit === 'ABSOLUTE') return now - before;
  if (unit === 'PER_SECOND') return (now - before) / (windowMs / 1_000);
  return before === 0 ? null : ((now - before) / Math.abs(before)) * 100;
}

export interface Usual {
  readonly median: number;
  /** A robust standard deviation: 1.4826 times the median distance from the median, and 1 % of it at least. */
  readonly spread: number;
}

/** What is usual, of what past weeks had; null where they are too few to say. */
export function usualOf(past: readonly number[], { minimumWeeks }: { minimumWeeks: number }): Usual | null {
  if (past.length < Math.max(1, minimumWeeks)) return null;
  const median = medianOf(past);
  const deviation = medianOf(past.map((value) => Math.abs(value - median)));
  return { median, spread: Math.max(1.4826 * deviation, Math.abs(median) * 0.01) };
}

export function againstUsual(
  value: number | null,
  usual: Usual | null,
  { direction, deviations }: { direction: Direction; deviations: number },
): Verdict {
  if (value === null || usual === null) return 'UNKNOWN';
  const away = value - usual.median;
  const reach = deviations * usual.spread;
  const isAbove = away > reach;
  const isBelow = -away > reach;
  const isMet = direction === 'ABOVE' ? isAbove : direction === 'BELOW' ? isBelow : isAbove || isBelow;
  return isMet ? 'MET' : 'CLEAR';
}

/** All of `allOf`, one of `anyOf` and none of `noneOf`, where given; what is unknown decides nothing (Kleene's logic). */
export function combined({
  allOf,
  anyOf,
  noneOf,
}: Readonly<Record<'allOf' | 'anyOf' | 'noneOf', readonly Verdict[]>>): Verdict {
  return every([
    ...allOf,
    ...(anyOf.length === 0 ? [] : [negated(every(anyOf.map(negated)))]),
    ...noneOf.map(negated),
  ]);
}

/** One verdict for several series: MET where one is, CLEAR where all are. */
export function someOf(verdicts: readonly Verdict[]): Verdict {
  return verdicts.length === 0 ? 'UNKNOWN' : negated(every(verdicts.map(negated)));
}

function every(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('CLEAR')) return 'CLEAR';
  return verdicts.includes('UNKNOWN') ? 'UNKNOWN' : 'MET';
}

function negated(verdict: Verdict): Verdict {
  if (verdict === 'UNKNOWN') return verdict;
  return verdict === 'MET' ? 'CLEAR' : 'MET';
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? 0;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? upper) + upper) / 2 : upper;
}
