// Budgets and burn rates from counts. Pure. Missing data is unknown: it is in no count, so it consumes no budget and is
// not good either.
import type { Verdict } from '../alerts/rules.ts';

/** Runs, or slices of time, that there is data of. */
export interface Counts {
  readonly good: number;
  readonly total: number;
}

/** Counts of an hour, with the minutes of it that there is data of. */
export interface HourCounts extends Counts {
  readonly minutes: number;
}

/** The runs of each minute of an hour, by the minute. */
export type Minutes = ReadonlyMap<number, Counts>;

export interface Slices {
  readonly sliceMs: number;
  /** What ratio of a slice's runs must be good for the slice to be good. */
  readonly target: number;
}

export interface Budget {
  /** Of the budget, 1 being all of it; more than 1 once it is overdrawn; null where nothing is known. */
  readonly consumed: number | null;
  readonly remaining: number | null;
}

export const burnKinds = ['PAGE', 'TICKET'] as const;
export type BurnKind = (typeof burnKinds)[number];

/** Two windows of Google's SRE workbook (chapter 5, table 5-8): a burn alert needs both above the factor. */
export interface BurnWindows {
  readonly kind: BurnKind;
  readonly longMs: number;
  readonly shortMs: number;
  readonly factor: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export const burnWindows: readonly BurnWindows[] = [
  { kind: 'PAGE', longMs: hourMs, shortMs: 5 * minuteMs, factor: 14.4 },
  { kind: 'PAGE', longMs: 6 * hourMs, shortMs: 30 * minuteMs, factor: 6 },
  { kind: 'TICKET', longMs: 24 * hourMs, shortMs: 2 * hourMs, factor: 3 },
  { kind: 'TICKET', longMs: 72 * hourMs, shortMs: 6 * hourMs, factor: 1 },
];

export interface BurnRate extends BurnWindows {
  /** How many times faster than sustainable the budget is consumed; null where nothing is known. */
  readonly longRate: number | null;
  readonly shortRate: number | null;
  readonly verdict: Verdict;
}

export const nothing: Counts = { good: 0, total: 0 };

export function sum(all: readonly Counts[]): Counts {
  return all.reduce(
    ({ good, total }, each) => ({ good: good + each.good, total: total + each.total }),
    nothing,
  );
}

/** What counts of some minutes of an hour, from `fromMinute` on: their runs, or the slices that they make. */
export function unitsOf(minutes: Minutes, slices: Slices | null, fromMinute = 0): Counts {
  const within = [...minutes].filter(([minute]) => minute >= fromMinute);
  if (slices === null) return sum(within.map(([, counts]) => counts));
  const each = slices.sliceMs / minuteMs;
  const bySlice = new Map<number, Counts>();
  for (const [minute, counts] of within) {
    const slice = Math.floor(minute / each);
    bySlice.set(slice, sum([bySlice.get(slice) ?? nothing, counts]));
  }
  const known = [...bySlice.values()].filter(({ total }) => total > 0);
  const good = known.filter((slice) => slice.good / slice.total >= slices.target);
  return { good: good.length, total: known.length };
}

export function budgetOf({ good, total }: Counts, target: number): Budget {
  if (total === 0) return { consumed: null, remaining: null };
  const consumed = (total - good) / (total * (1 - target));
  return { consumed, remaining: 1 - consumed };
}

/** The share of what is bad, in budgets: 1 uses exactly the whole budget over the whole window. */
export function burnRateOf({ good, total }: Counts, target: number): number | null {
  return total === 0 ? null : (total - good) / total / (1 - target);
}

export function judge(
  windows: BurnWindows,
  { long, short, target }: { long: Counts; short: Counts; target: number },
): BurnRate {
  const [longRate, shortRate] = [burnRateOf(long, target), burnRateOf(short, target)];
  return {
    ...windows,
    longRate,
    shortRate,
    verdict: verdictOf({ longRate, shortRate, factor: windows.factor }),
  };
}

/** Floats: 0.0144 / (1 - 0.999) is a hair below 14.4. */
const tolerance = 1e-9;

function verdictOf(rates: Pick<BurnRate, 'longRate' | 'shortRate' | 'factor'>): Verdict {
  const { longRate, shortRate, factor } = rates;
  if (longRate === null || shortRate === null) return 'UNKNOWN';
  const isAbove = (rate: number) => rate >= factor - tolerance;
  return isAbove(longRate) && isAbove(shortRate) ? 'MET' : 'CLEAR';
}

/** What all windows of one kind say together: one that is met is enough, and clear is what none leaves open. */
export function verdictOfKind(rates: readonly Pick<BurnRate, 'kind' | 'verdict'>[], kind: BurnKind): Verdict {
  const verdicts = rates.filter((rate) => rate.kind === kind).map(({ verdict }) => verdict);
  if (verdicts.includes('MET')) return 'MET';
  return verdicts.length === 0 || verdicts.includes('UNKNOWN') ? 'UNKNOWN' : 'CLEAR';
}
