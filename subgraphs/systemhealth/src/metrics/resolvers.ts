// Metrics as the schema shows them.

import { parseInput } from '@supergraph/chassis/input';
import { currentTenant } from '@supergraph/chassis/tenancy';
import { z } from 'zod';
import { rightSizingRecommendations } from '../right-sizing/recommendations.ts';
import type { Resolvers } from '../schema.generated.ts';
import { groupedBy } from './grouping.ts';
import { metricName } from './input.ts';
import { metricSamples } from './metric-samples.ts';
import { metricSeries } from './metric-series.ts';
import { recordMetrics } from './record-metrics.ts';
import { activeMs } from './storing.ts';

const mostMetrics = 500;
const most = { names: 50, values: 200 };

export const metricResolvers: Resolvers = {
  Query: {
    async metrics(_, { search }, { models }) {
      const part = parseInput(z.string().max(200), search ?? '');
      const found = await models.MetricSeries.aggregate<{ _id: string; seriesCount: number }>([
        ...(part === ''
          ? []
          : [{ $match: { metric: { $regex: part.replace(/[^\w:]/g, '.'), $options: 'i' } } }]),
        { $group: { _id: '$metric', seriesCount: { $sum: 1 } } },
        { $sort: { _id: 1 } },
        { $limit: mostMetrics },
      ]);
      return found.map(({ _id: name, seriesCount }) => ({ name, seriesCount }));
    },
    async metricLabels(_, given, { models }) {
      const metric = parseInput(metricName, given.metric);
      const series = await models.MetricSeries.find({ metric }, { labels: 1 }).lean();
      const labels = groupedBy(
        series.flatMap((each) => each.labels),
        ({ name }) => name,
      );
      return [...labels]
        .map(([name, each]) => ({
          name,
          values: [...new Set(each.map(({ value }) => value))].sort().slice(0, most.values),
        }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .slice(0, most.names);
    },
    metricSeries,
    rightSizingRecommendations,
    async metricUsage(_, __, { models, service }) {
      const usage = await models.MetricUsage.findOne({ _id: currentTenant() }).lean();
      return {
        activeSeries: await models.MetricSeries.countDocuments({
          latestMinute: { $gte: new Date(Date.now() - activeMs) },
        }),
        limit: service.config.METRIC_SERIES_PER_TENANT,
        refusedSamples: usage?.refusedSamples ?? 0,
        refusedAt: usage?.refusedAt ?? null,
      };
    },
  },
  Mutation: { recordMetrics },
  Subscription: { metricSamples },
};
