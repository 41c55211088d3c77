import { parseInput } from '@supergraph/chassis/input';
import { z } from 'zod';
import type { SubscriptionResolvers } from '../schema.generated.ts';
import { type Matcher, matches } from '../silences/rules.ts';
import { metricName, seriesMatchers } from './input.ts';
import { metricSamplesTopic, type PushedSamples } from './live.ts';

const watched = z.object({ metric: metricName.nullish(), labels: seriesMatchers });

export const metricSamples: SubscriptionResolvers['metricSamples'] = {
  subscribe: (_, wanted, { service, signal, bookmark }) =>
    ofMetric(
      service.live.subscribe<PushedSamples>(metricSamplesTopic, { signal, bookmark }),
      parseInput(watched, wanted),
    ),
};

async function* ofMetric(
  pushes: AsyncIterable<PushedSamples>,
  { metric, labels: matchers }: { metric?: string | null | undefined; labels: readonly Matcher[] },
) {
  for await (const { samples } of pushes) {
    const own = samples.filter(
      (sample) => sample.metric === (metric ?? sample.metric) && matches(matchers, sample.labels),
    );
    if (own.length > 0) {
      yield {
        metricSamples: own.map(({ labels, at, ...sample }) => ({
          ...sample,
          labels: [...labels],
          at: new Date(at),
        })),
      };
    }
  }
}
