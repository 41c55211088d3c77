// What recorded metrics count in a minute. Pure. Missing data is unknown: a minute of which a part has no sample is in no count.
import { countsAround } from '../metrics/sketch.ts';
import type { Summary } from '../metrics/summary.ts';
import type { Comparison, MetricRatio, MetricThreshold } from './metric-sources.ts';
import type { Counts } from './rules.ts';

const minuteMs = 60_000;
/** The growth of a counter is told from one sample to the next. One that was silent for longer begins anew. */
export const longestSilenceMs = 5 * minuteMs;

/** The minutes of one series, by their beginning. */
export type SeriesMinutes = ReadonlyMap<number, Summary>;

/** Null where nothing is known of it. */
export function ratioAt(
  minute: number,
  { part, total }: { part: readonly SeriesMinutes[]; total: readonly SeriesMinutes[] },
  { partIs, isCounter }: Pick<MetricRatio, 'partIs' | 'isCounter'>,
): Counts | null {
  const [of, all] = [part, total].map((series) => amountAt(minute, series, isCounter));
  if (of == null || all == null) return null;
  const within = Math.min(of, all);
  return { good: partIs === 'GOOD' ? within : all - within, total: all };
}

/** Of samples, each being one. */
export function thresholdAt(
  minute: number,
  series: readonly SeriesMinutes[],
  threshold: Pick<MetricThreshold, 'op' | 'value'>,
): Counts | null {
  const known = series.flatMap((each) => each.get(minute) ?? []);
  if (known.length === 0) return null;
  return {
    good: known.reduce((sum, summary) => sum + goodOf(summary, threshold), 0),
    total: known.reduce((sum, { count }) => sum + count, 0),
  };
}

/** Of all series together; null where none has a sample. A fall below zero counts nothing. */
function amountAt(minute: number, series: readonly SeriesMinutes[], isCounter: boolean): number | null {
  const known = series.flatMap((each) => {
    const summary = each.get(minute);
    if (summary === undefined) return [];
    return isCounter ? (growthOf(summary, each) ?? []) : summary.sum;
  });
  return known.length === 0 ? null : known.reduce((sum, amount) => sum + Math.max(0, amount), 0);
}

/** What a counter grew in a minute, from the last sample before it on. Null of its very first sample, which tells nothing. */
function growthOf(summary: Summary, minutes: SeriesMinutes): number | null {
  const { first, last, increase } = summary;
  const begin = Math.floor(first.at / minuteMs) * minuteMs;
  for (let at = begin - minuteMs; at >= begin - longestSilenceMs; at -= minuteMs) {
    const before = minutes.get(at)?.last;
    if (before === undefined) continue;
    if (first.at - before.at > longestSilenceMs) break;
    // One that fell was begun anew at zero.
    return increase + (first.value >= before.value ? first.value - before.value : first.value);
  }
  return last.at > first.at ? increase : null;
}

/** Exact where all samples lie on one side; else as the sketch tells them apart, which is by 1 %. */
function goodOf({ count, min, max, sketch }: Summary, { op, value }: Pick<MetricThreshold, 'op' | 'value'>) {
  const isGood = compare(op, value);
  if (isGood(min) && isGood(max)) return count;
  if (!isGood(min) && !isGood(max)) return 0;
  if (sketch === null) return 0;
  const { below, equal } = countsAround(sketch, value);
  const good = { lt: below, lte: below + equal, gt: count - below - equal, gte: count - below }[op];
  // Both sides have one at least.
  return Math.min(count - 1, Math.max(1, good));
}

function compare(op: Comparison, value: number): (sample: number) => boolean {
  if (op === 'lt') return (sample) => sample < value;
  if (op === 'lte') return (sample) => sample <= value;
  return op === 'gt' ? (sample) => sample > value : (sample) => sample >= value;
}
