import { badUserInput } from '@supergraph/chassis/errors';
import { parseInput } from '@supergraph/chassis/input';
import type { Label } from '../alerts/rules.ts';
import type { SystemHealth } from '../context.ts';
import type { QueryResolvers } from '../schema.generated.ts';
import { type Matcher, matches } from '../silences/rules.ts';
import { wantedRange } from './input.ts';
import { readSteps, TooMuchToRead } from './reading.ts';
import { planRange } from './rules.ts';
import type { MetricSeriesRow } from './series-model.ts';
import { aggregated, needsSketch } from './summary.ts';

export interface ShownSeries {
  readonly seriesId: string;
  readonly labels: Label[];
  readonly values: (number | null)[];
}

const mostSeries = 50;

export const metricSeries: QueryResolvers['metricSeries'] = async (
  _,
  { aggregation: given, ...wanted },
  { service },
) => {
  const now = Date.now();
  const aggregation = given ?? 'AVG';
  const asked = parseInput(wantedRange(now), wanted);
  const [from, to] = [asked.from.getTime(), asked.to.getTime()];
  const plan = planRange({ from, to, stepMs: asked.stepMs ?? Math.ceil((to - from) / 200) }, now);
  const found = await findSeries(service, asked.metric, asked.labels);
  const series = found.slice(0, mostSeries);
  // One step more, from whose last sample the first rate is measured.
  const steps = await readSteps(service, {
    ...plan,
    series,
    from: plan.from - (aggregation === 'RATE' ? plan.stepMs : 0),
    withSketches: needsSketch(aggregation),
  }).catch((error: unknown) => {
    if (!(error instanceof TooMuchToRead)) throw error;
    throw badUserInput(
      'That is too much to read. Ask for fewer series, a shorter range or a step of whole hours.',
    );
  });
  const starts = Array.from({ length: plan.length }, (__, index) => plan.from + index * plan.stepMs);
  return {
    ...{ from: new Date(plan.from), to: new Date(plan.to), stepMs: plan.stepMs, resolution: plan.resolution },
    matched: found.length,
    series: series.map(({ _id: seriesId, labels }) => {
      const own = steps.get(seriesId);
      const values = starts.map((start) =>
        aggregated(own?.get(start) ?? null, aggregation, own?.get(start - plan.stepMs) ?? null),
      );
      return { seriesId, labels, values };
    }),
  };
};

/** What is read of a series that is looked for. */
export type FoundSeries = Pick<MetricSeriesRow, '_id' | 'labels' | 'latestMinute' | 'dirtyFrom'>;

/** Of the tenant in scope, by their labels. */
export async function findSeries(
  { models }: Pick<SystemHealth, 'models'>,
  metric: string,
  matchers: readonly Matcher[],
): Promise<FoundSeries[]> {
  const all = await models.MetricSeries.find(
    { metric, ...(matchers.length > 0 && { $and: matchers.map(labelFilter) }) },
    { labels: 1, latestMinute: 1, dirtyFrom: 1 },
  ).lean<FoundSeries[]>();
  const byLabels = ({ labels }: FoundSeries) => labels.map(({ name, value }) => `${name}=${value}`).join();
  return all
    .filter(({ labels }) => matches(matchers, labels))
    .toSorted((a, b) => (byLabels(a) < byLabels(b) ? -1 : 1));
}

/** What MongoDB can leave out for a matcher: of thousands of series of a metric a rule wants a few. `matches` decides. */
function labelFilter({ name, value, isEqual }: Matcher) {
  // To a matcher a label that is absent is an empty one.
  if (value === '') return isEqual ? {} : { 'labels.name': name };
  const labels = { $elemMatch: { name, value } };
  return { labels: isEqual ? labels : { $not: labels } };
}
