// What is left of the samples of a stretch of time: enough to answer each aggregation, and to merge with the next. Pure.
import { addAll, emptySketch, mergeSketches, quantileOf, type Sketch } from './sketch.ts';

/** Times are milliseconds since the epoch. */
export interface Sample {
  readonly at: number;
  readonly value: number;
}

export interface Summary {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly first: Sample;
  readonly last: Sample;
  /** By how much a counter grew from the first to the last sample; where one fell it had begun anew at zero. */
  readonly increase: number;
  /** Null where it was not read. */
  readonly sketch: Sketch | null;
}

export const aggregations = [
  'AVG',
  'MIN',
  'MAX',
  'SUM',
  'COUNT',
  'RATE',
  'P50',
  'P95',
  'P99',
  'LAST',
] as const;
export type Aggregation = (typeof aggregations)[number];

const quantiles: Readonly<Partial<Record<Aggregation, number>>> = { P50: 0.5, P95: 0.95, P99: 0.99 };

/** Whether the sketch has to be read for it. */
export function needsSketch(aggregation: Aggregation): boolean {
  return quantiles[aggregation] !== undefined;
}

/** Of the samples in any order; of several at one instant the first that was told stands. Null of none. */
export function summarise(told: readonly Sample[]): Summary | null {
  // A stable sort: what was told first stays first.
  const samples = told
    .toSorted((a, b) => a.at - b.at)
    .filter(({ at }, index, all) => all[index - 1]?.at !== at);
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return null;
  const values = samples.map(({ value }) => value);
  return {
    count: samples.length,
    sum: values.reduce((sum, value) => sum + value, 0),
    min: values.reduce((least, value) => Math.min(least, value)),
    max: values.reduce((most, value) => Math.max(most, value)),
    increase: values.slice(1).reduce((sum, value, index) => sum + grown(values[index] ?? value, value), 0),
    ...{ first, last, sketch: addAll(emptySketch(), values) },
  };
}

/** Of summaries of stretches that don't overlap, in any order. Null of none. */
export function mergeSummaries(parts: readonly Summary[]): Summary | null {
  const ordered = parts.toSorted((a, b) => a.first.at - b.first.at);
  const [first] = ordered;
  const last = ordered.at(-1);
  if (first === undefined || last === undefined) return null;
  const sketches = ordered.flatMap(({ sketch }) => sketch ?? []);
  return {
    count: ordered.reduce((sum, part) => sum + part.count, 0),
    sum: ordered.reduce((sum, part) => sum + part.sum, 0),
    min: Math.min(...ordered.map(({ min }) => min)),
    max: Math.max(...ordered.map(({ max }) => max)),
    ...{ first: first.first, last: last.last },
    increase: ordered.reduce(
      (sum, part, index) =>
        sum + part.increase + grown(ordered[index - 1]?.last.value ?? part.first.value, part.first.value),
      0,
    ),
    sketch: sketches.length === ordered.length ? mergeSketches(sketches) : null,
  };
}

/** @param before the stretch just before, from whose last sample a rate is measured. Null where nothing can be said. */
export function aggregated(
  summary: Summary | null,
  aggregation: Aggregation,
  before: Summary | null = null,
): number | null {
  if (summary === null) return null;
  const { count, sum, min, max, last, sketch } = summary;
  if (aggregation === 'AVG') return sum / count;
  if (aggregation === 'MIN') return min;
  if (aggregation === 'MAX') return max;
  if (aggregation === 'SUM') return sum;
  if (aggregation === 'COUNT') return count;
  if (aggregation === 'LAST') return last.value;
  if (aggregation === 'RATE') return rateOf(summary, before);
  const quantile = sketch && quantileOf(sketch, quantiles[aggregation] ?? 0);
  return quantile === null ? null : Math.min(max, Math.max(min, quantile));
}

/** Per second, between samples that there were: nothing is added for the edges. */
function rateOf({ first, last, increase }: Summary, before: Summary | null): number | null {
  const from = before?.last ?? first;
  const grew = increase + (before === null ? 0 : grown(before.last.value, first.value));
  return last.at > from.at ? (grew / (last.at - from.at)) * 1_000 : null;
}

/** A counter that fell was begun anew. */
function grown(from: number, to: number): number {
  return to >= from ? to - from : to;
}
