// What the pages of metrics make of answers and samples, as functions of data alone.
import type { ChartedRangeFragment, ChartedSampleFragment, MetricAggregation } from './metrics.generated.ts';

export const aggregations = [
  ...(['AVG', 'MIN', 'MAX', 'SUM', 'COUNT', 'RATE', 'P50', 'P95', 'P99', 'LAST'] as const),
] satisfies readonly MetricAggregation[];

/** How far back a chart goes, and how long a step of it is: some 120 steps. */
export const ranges = {
  hour: { rangeMs: 3_600_000, stepMs: 30_000 },
  hours6: { rangeMs: 6 * 3_600_000, stepMs: 180_000 },
  day: { rangeMs: 86_400_000, stepMs: 720_000 },
  week: { rangeMs: 7 * 86_400_000, stepMs: 3_600_000 },
  month: { rangeMs: 30 * 86_400_000, stepMs: 6 * 3_600_000 },
} as const;
export type RangeName = keyof typeof ranges;

export interface Chart {
  /** Milliseconds since 1970 of the first step. */
  readonly from: number;
  readonly stepMs: number;
  readonly matched: number;
  readonly series: readonly ChartSeries[];
}

export interface ChartSeries {
  readonly id: string;
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** So many lines are drawn; the others stand in the table alone. */
export const mostLines = 8;

export function chartOf(range: ChartedRangeFragment | null | undefined): Chart | null {
  if (!range) return null;
  const { from, stepMs, matched, series } = range;
  return {
    ...{ from: Date.parse(from), stepMs, matched },
    series: series.map(({ seriesId: id, labels, values }) => ({ id, name: nameOf(labels), values })),
  };
}

export function nameOf(labels: readonly { name: string; value: string }[]): string {
  return labels.map(({ name, value }) => `${name}=${value}`).join(', ') || '–';
}

/**
 * With samples that were told since. Only what a step's value and one more sample decide is gone on with: an average or a
 * quantile stays as it was asked for until it is asked for again.
 */
export function withSamples(
  chart: Chart | null,
  told: readonly (readonly ChartedSampleFragment[])[],
  { aggregation, rangeMs }: { aggregation: MetricAggregation; rangeMs: number },
): Chart | null {
  const step = onward[aggregation];
  if (chart === null || step === undefined) return chart;
  const lines = new Map(chart.series.map((each) => [each.id, { ...each, values: [...each.values] }]));
  for (const { seriesId, labels, at, value } of told.flat()) {
    const index = Math.floor((Date.parse(at) - chart.from) / chart.stepMs);
    if (index < 0) continue;
    const line = lines.get(seriesId) ?? { id: seriesId, name: nameOf(labels), values: [] };
    lines.set(seriesId, line);
    while (line.values.length <= index) line.values.push(null);
    line.values[index] = step(line.values[index] ?? null, value);
  }
  const series = [...lines.values()];
  const length = Math.max(...series.map(({ values }) => values.length), 0);
  const gone = Math.max(0, length - Math.ceil(rangeMs / chart.stepMs) - 1);
  return {
    ...chart,
    from: chart.from + gone * chart.stepMs,
    matched: Math.max(chart.matched, series.length),
    series: series.map(({ values, ...each }) => ({
      ...each,
      values: [...values, ...Array<null>(length - values.length).fill(null)].slice(gone),
    })),
  };
}

const onward: Partial<Record<MetricAggregation, (before: number | null, value: number) => number>> = {
  LAST: (_, value) => value,
  MIN: (before, value) => Math.min(before ?? value, value),
  MAX: (before, value) => Math.max(before ?? value, value),
};

/**
 * Of what caches were asked for in each step, the share that they had; a gap where they were asked for nothing. Redis itself
 * tells of this only since it started, by which a cache that was lost an hour ago still looks warm.
 */
export function hitRatioOf(hits: Chart | null, misses: Chart | null): Chart | null {
  if (hits === null || misses === null) return hits;
  const offset = Math.round((hits.from - misses.from) / hits.stepMs);
  const missesOf = new Map(misses.series.map(({ name, values }) => [name, values]));
  return {
    ...hits,
    series: hits.series.map((each) => ({
      ...each,
      values: each.values.map((had, index) => {
        const lacked = missesOf.get(each.name)?.[index + offset] ?? null;
        if (had === null || lacked === null || had + lacked <= 0) return null;
        return had / (had + lacked);
      }),
    })),
  };
}

export interface Extent {
  readonly least: number;
  readonly greatest: number;
}

/** Null where there is no value at all. Zero is in it, so that heights can be compared. */
export function extentOf(series: readonly ChartSeries[]): Extent | null {
  const values = series.flatMap((each) => each.values.filter((value) => value !== null));
  if (values.length === 0) return null;
  return { least: Math.min(0, ...values), greatest: Math.max(0, ...values) };
}

/** The unbroken parts of a line, as points of a drawing; what is missing is a gap and no zero. */
export function partsOf(
  values: readonly (number | null)[],
  { width, height, extent }: { width: number; height: number; extent: Extent },
): { x: number; y: number }[][] {
  const span = extent.greatest - extent.least || 1;
  const parts: { x: number; y: number }[][] = [];
  let part: { x: number; y: number }[] = [];
  for (const [index, value] of values.entries()) {
    if (value === null) {
      if (part.length > 0) parts.push(part);
      part = [];
      continue;
    }
    const x = values.length === 1 ? 0 : (index / (values.length - 1)) * width;
    part.push({
      x: Math.round(x * 10) / 10,
      y: Math.round((1 - (value - extent.least) / span) * height * 10) / 10,
    });
  }
  return part.length > 0 ? [...parts, part] : parts;
}

/** Short, for people: 1.2k, 3.4M. */
export function shortly(value: number | null | undefined, language: string): string {
  if (value === null || value === undefined) return '–';
  const digits = Math.abs(value) < 1 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 2 };
  return new Intl.NumberFormat(language, { notation: 'compact', ...digits }).format(value);
}

export function latestOf({ values }: ChartSeries): number | null {
  return values.findLast((value) => value !== null) ?? null;
}

export const families = ['queues', 'caches', 'databases'] as const;
export type Family = (typeof families)[number];
const prefixes: Record<Family, string> = { queues: 'rabbitmq_', caches: 'redis_', databases: 'mongodb_' };

/** What checks of queues, caches and databases measure. */
export function ofFamily(metrics: readonly { name: string }[], family: Family): string[] {
  return metrics.map(({ name }) => name).filter((name) => name.startsWith(prefixes[family]));
}
