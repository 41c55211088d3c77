// What the series say that rules are about. Read before the transaction of an evaluation, which is short; what it makes of it
// is an observation with a time of its own, so that an older one changes nothing.
import type { AlertRuleRow, AnomalyRow } from '../alert-rules/model.ts';
import { againstLimit, againstUsual, changeBetween, usualOf } from '../alert-rules/series-rules.ts';
import type { SystemHealth } from '../context.ts';
import { type FoundSeries, findSeries } from '../metrics/metric-series.ts';
import { readHours, readSteps } from '../metrics/reading.ts';
import { startOf } from '../metrics/rules.ts';
import { type Aggregation, aggregated, needsSketch } from '../metrics/summary.ts';
import type { Label, Verdict } from './rules.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
const weekMs = 7 * 24 * hourMs;
/** A rule looks at so many series; that there are more is said at the rule. */
const mostSeries = 50;
/** A window up to this long is read sample by sample, a longer one from the minute on in which it begins. */
const longestRawMs = 10 * minuteMs;

/** What is observed of one series, or of all of them together. */
export interface Seen {
  /** Of the series; empty of all together. */
  readonly labels: readonly Label[];
  readonly summary: string;
  verdict(standing: { isFiring: boolean }): Verdict;
}

export interface RuleReading {
  readonly at: number;
  readonly seen: readonly Seen[];
  /** What there is to know about the rule itself, such as that it looks at nothing. */
  readonly problem: string | null;
}

/** Of the tenant in scope, by rule. A rule that cannot be read is UNKNOWN and keeps nobody else from being read. */
export async function readRules(
  service: SystemHealth,
  rules: readonly AlertRuleRow[],
  at: number,
): Promise<ReadonlyMap<string, RuleReading>> {
  const readings = new Map<string, RuleReading>();
  for (const rule of rules) {
    const reading = await readRule(service, rule, at).catch((err: unknown) => {
      service.logger.warn({ err, ruleId: rule._id }, 'the series of a rule could not be read');
      return { at, seen: [], problem: 'Its series could not be read.' };
    });
    if (reading !== null) readings.set(rule._id, reading);
  }
  return readings;
}

async function readRule(service: SystemHealth, rule: AlertRuleRow, at: number): Promise<RuleReading | null> {
  const { threshold, absence, rateOfChange, anomaly } = rule.condition;
  const condition = threshold ?? absence ?? rateOfChange ?? anomaly;
  if (!condition) return null;
  const found = await findSeries(service, condition.metric, condition.matchers);
  const series = found.slice(0, mostSeries);
  const problem =
    found.length > mostSeries
      ? `${found.length} series match; the first ${mostSeries} are looked at.`
      : found.length === 0
        ? 'No series matches.'
        : null;
  const reading = (seen: Seen[]) => ({ at, seen, problem });
  const name = condition.metric;
  if (absence) {
    const isThere = await hasSampleSince(service, found, at - absence.durationMs);
    const isOldEnough = rule.createdAt.getTime() <= at - absence.durationMs;
    const verdict = isThere ? 'CLEAR' : isOldEnough ? 'MET' : 'UNKNOWN';
    const summary = `${name} has had no sample for ${inWords(absence.durationMs)}`;
    return { at, problem: null, seen: [{ labels: [], summary, verdict: () => verdict }] };
  }
  if (threshold) {
    const { aggregation, windowMs } = threshold;
    const values = await windowsOf(service, series, { at, aggregation, windowMs, windows: 1 });
    return reading(
      series.map(({ _id, labels }) => {
        const value = values.get(_id)?.[0] ?? null;
        const summary = `${aggregation} of ${called(name, labels)} is ${written(value)} (${threshold.comparison} ${threshold.threshold})`;
        return { labels, summary, verdict: (standing) => againstLimit(value, threshold, standing) };
      }),
    );
  }
  if (rateOfChange) {
    const { aggregation, windowMs } = rateOfChange;
    const values = await windowsOf(service, series, { at, aggregation, windowMs, windows: 2 });
    return reading(
      series.map(({ _id, labels }) => {
        const [before = null, now = null] = values.get(_id) ?? [];
        const change = changeBetween(before, now, rateOfChange);
        const summary = `${called(name, labels)} changes by ${written(change)} ${rateOfChange.unit} (${rateOfChange.comparison} ${rateOfChange.threshold})`;
        return { labels, summary, verdict: (standing) => againstLimit(change, rateOfChange, standing) };
      }),
    );
  }
  return anomaly ? reading(await anomaliesOf(service, series, { anomaly, at })) : null;
}

async function anomaliesOf(
  service: SystemHealth,
  series: readonly FoundSeries[],
  { anomaly, at }: { anomaly: AnomalyRow; at: number },
): Promise<Seen[]> {
  const { aggregation, windowMs, weeks } = anomaly;
  const values = await windowsOf(service, series, { at, aggregation, windowMs, windows: 1 });
  const hours = Array.from({ length: weeks }, (_, index) => startOf(at, hourMs) - (index + 1) * weekMs);
  const past = await readHours(service, { series, hours, withSketches: needsSketch(aggregation) });
  return series.map(({ _id, labels }) => {
    const value = values.get(_id)?.[0] ?? null;
    const before = (past.get(_id) ?? []).flatMap((summary) => aggregated(summary, aggregation) ?? []);
    const usual = usualOf(before, anomaly);
    const about = usual === null ? 'too little is known' : `${written(usual.median)} is usual`;
    const summary = `${aggregation} of ${called(anomaly.metric, labels)} is ${written(value)}: ${about}`;
    return { labels, summary, verdict: () => againstUsual(value, usual, anomaly) };
  });
}

interface Windows {
  at: number;
  aggregation: Aggregation;
  windowMs: number;
  /** How many in a row; the last one ends now. */
  windows: number;
}

/** Series → the value of each window, oldest first. */
async function windowsOf(
  service: SystemHealth,
  series: readonly FoundSeries[],
  { at, aggregation, windowMs, windows }: Windows,
): Promise<ReadonlyMap<string, (number | null)[]>> {
  const isRaw = windowMs * windows <= longestRawMs;
  const end = isRaw ? at : startOf(at, minuteMs) + minuteMs;
  const stepMs = isRaw ? windowMs : Math.ceil(windowMs / minuteMs) * minuteMs;
  const from = end - windows * stepMs;
  // Whoever stores a sample marks its minute first: a series without a later one has nothing to say of this.
  const heard = series.filter(({ latestMinute }) => latestMinute.getTime() + minuteMs > from);
  const steps = await readSteps(service, {
    ...{ series: heard, from, to: end, stepMs, resolution: isRaw ? 'RAW' : 'MINUTE' },
    withSketches: needsSketch(aggregation),
  });
  return new Map(
    series.map(({ _id }) => [
      _id,
      Array.from({ length: windows }, (_, index) =>
        aggregated(steps.get(_id)?.get(from + index * stepMs) ?? null, aggregation),
      ),
    ]),
  );
}

/** Of what is older than two days the minutes are known in which series had samples. */
async function hasSampleSince(
  { models }: SystemHealth,
  series: readonly FoundSeries[],
  since: number,
): Promise<boolean> {
  const candidates = series.filter(({ latestMinute }) => latestMinute.getTime() + minuteMs > since);
  if (candidates.some(({ latestMinute }) => latestMinute.getTime() >= since)) return true;
  if (candidates.length === 0) return false;
  const filter = { 'meta.seriesId': { $in: candidates.map(({ _id }) => _id) }, at: { $gt: new Date(since) } };
  return (await models.MetricSample.findOne(filter, { _id: 1 }).session(null).lean()) !== null;
}

function called(metric: string, labels: readonly Label[]): string {
  if (labels.length === 0) return metric;
  return `${metric}{${labels.map(({ name, value }) => `${name}="${value}"`).join()}}`;
}

function written(value: number | null): string {
  return value === null ? 'unknown' : String(Number(value.toPrecision(6)));
}

function inWords(ms: number): string {
  return ms % minuteMs === 0 ? `${ms / minuteMs} min` : `${ms / 1_000} s`;
}
