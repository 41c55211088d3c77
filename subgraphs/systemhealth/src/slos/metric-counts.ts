// Counts what recorded metrics say, hour by hour, from their rolled-up minutes and what is not rolled up yet.
import type { SystemHealth } from '../context.ts';
import { findSeries } from '../metrics/metric-series.ts';
import { readSteps } from '../metrics/reading.ts';
import { longestSilenceMs, ratioAt, type SeriesMinutes, thresholdAt } from './metric-rules.ts';
import type { MeasuredMetrics, MetricSource } from './metric-sources.ts';
import type { SloRow } from './model.ts';
import type { Counts, Minutes } from './rules.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Of so many hours at once the minutes are read. */
const mostHours = 24;
/** Of more series nothing is counted: a part of them would say something else than all. */
const mostSeries = 100;
/** Hours of objectives that this copy remembers once nothing more can come. */
const mostRemembered = 5_000;

const remembered = new WeakMap<object, Map<string, Minutes>>();

interface Wanted {
  readonly slo: Pick<SloRow, '_id'>;
  readonly metrics: MeasuredMetrics;
  /** The beginnings of the hours. */
  readonly hours: readonly number[];
  /** Of hours before this one nothing more can come. */
  readonly settled: number;
}

/** By the beginning of the hour; of hours of which nothing is known there is nothing. In the tenant's scope. */
export async function metricMinutes(
  service: SystemHealth,
  { slo, metrics, hours, settled }: Wanted,
): Promise<Map<number, Minutes>> {
  const known = remembered.get(service) ?? new Map<string, Minutes>();
  remembered.set(service, known);
  const keyOf = (hour: number) => `${slo._id} ${hour} ${JSON.stringify(metrics)}`;
  const counted = new Map<number, Minutes>();
  const unread: number[] = [];
  for (const hour of new Set(hours)) {
    const minutes = known.get(keyOf(hour));
    if (minutes) counted.set(hour, minutes);
    else unread.push(hour);
  }
  for (const { from, to } of spansOf(unread)) {
    const minutesOf = await counting(service, metrics, { from, to });
    for (let hour = from; hour < to; hour += hourMs) counted.set(hour, minutesOf(hour));
  }
  if (known.size > mostRemembered) known.clear();
  for (const hour of unread.filter((each) => each < settled)) {
    const minutes = counted.get(hour);
    if (minutes) known.set(keyOf(hour), minutes);
  }
  return new Map([...counted].filter(([, minutes]) => minutes.size > 0));
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Hours that follow one another, as few as possible and none too long. */
function spansOf(hours: readonly number[]): Span[] {
  const spans: Span[] = [];
  for (const hour of [...hours].sort((a, b) => a - b)) {
    const last = spans.at(-1);
    if (last?.to === hour && hour - last.from < mostHours * hourMs)
      spans[spans.length - 1] = { from: last.from, to: hour + hourMs };
    else spans.push({ from: hour, to: hour + hourMs });
  }
  return spans;
}

/** Reads a span and gives what counts in the minutes of each of its hours. */
async function counting(
  service: SystemHealth,
  { ratio, threshold }: MeasuredMetrics,
  span: Span,
): Promise<(hour: number) => Minutes> {
  const of = (source: MetricSource) =>
    readSource(service, source, { span, withSketches: threshold !== null });
  let countsAt: (minute: number) => Counts | null = () => null;
  if (ratio) {
    const [part, total] = [await of(ratio.part), await of(ratio.total)];
    countsAt = (minute) => ratioAt(minute, { part, total }, ratio);
  } else if (threshold) {
    const series = await of(threshold.source);
    countsAt = (minute) => thresholdAt(minute, series, threshold);
  }
  return (hour) =>
    new Map(
      Array.from({ length: 60 }, (_, minute) => minute).flatMap((minute) => {
        const counts = countsAt(hour + minute * minuteMs);
        return counts !== null && counts.total > 0 ? [[minute, counts] as const] : [];
      }),
    );
}

async function readSource(
  service: SystemHealth,
  { metric, labels }: MetricSource,
  { span: { from, to }, withSketches }: { span: Span; withSketches: boolean },
): Promise<readonly SeriesMinutes[]> {
  const begin = from - longestSilenceMs;
  const matchers = labels.map(({ name, value }) => ({ name, value, isEqual: true }));
  const found = await findSeries(service, metric, matchers);
  const series = found.filter(({ latestMinute }) => latestMinute.getTime() >= begin);
  if (series.length > mostSeries) {
    service.logger.warn(
      { metric, series: series.length },
      'an objective matches too many series to be counted',
    );
    return [];
  }
  if (series.length === 0) return [];
  const steps = await readSteps(service, {
    ...{ series, from: begin, to, stepMs: minuteMs, resolution: 'MINUTE' as const, withSketches },
  });
  return [...steps.values()];
}
