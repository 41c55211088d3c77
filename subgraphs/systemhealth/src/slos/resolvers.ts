// Objectives and their budgets as the schema shows them.
import { findPage, parsePage } from '@supergraph/chassis/pagination';
import type { Resolvers } from '../schema.generated.ts';
import { createSlo } from './create-slo.ts';
import type { SloDayRow } from './day-model.ts';
import { deleteSlo } from './delete-slo.ts';
import { errorBudgetChanged } from './error-budget-changed.ts';
import type { MeasuredMetrics } from './metric-sources.ts';
import { burnWindows, sum } from './rules.ts';
import { slaReport } from './sla.ts';
import { updateSlo } from './update-slo.ts';

const dayMs = 86_400_000;
const mostDays = 366;

export const sloResolvers: Resolvers = {
  Query: {
    slos: (_, page, { models }) =>
      findPage(models.Slo, { page: parsePage(page), sort: { field: '_id', direction: 'ascending' } }),
    slo: (_, { id }, { loaders }) => loaders.slo.load(id),
    slaReport: (_, { month }, { service }) => slaReport(service, month),
  },
  Mutation: { createSlo, updateSlo, deleteSlo },
  Subscription: { errorBudgetChanged },
  Slo: {
    id: ({ _id }) => _id,
    isBuiltIn: ({ builtIn }) => Boolean(builtIn),
    service: ({ serviceId }, _, { loaders }) => loaders.service.load(serviceId),
    indicator: ({ indicator }) => indicator,
    budgetingMethod: ({ slices }) => (slices ? 'TIMESLICES' : 'OCCURRENCES'),
    budget: ({ standing }) => standing ?? null,
    burnRates: ({ standing }) =>
      standing?.burnRates ??
      burnWindows.map((windows) => ({
        ...windows,
        longRate: null,
        shortRate: null,
        verdict: 'UNKNOWN' as const,
      })),
    policy: ({ policy, standing }) =>
      policy.map((step) => ({ ...step, isReached: (standing?.consumed ?? 0) >= step.consumedRatio })),
    async days({ _id }, { last }, { models }) {
      const count = Math.min(Math.max(last ?? 30, 1), mostDays);
      const since = new Date(Date.now() - count * dayMs);
      const days = await models.SloDay.find({ sloId: _id, at: { $gt: since } })
        .sort({ at: 1 })
        .lean<SloDayRow[]>();
      return days.map(({ at, hours = {} }) => {
        const all = Object.values(hours);
        return { day: at, ...sum(all), knownMinutes: all.reduce((known, { minutes }) => known + minutes, 0) };
      });
    },
  },
  SloIndicator: {
    check: ({ checkId }, _, { loaders }) => (checkId ? loaders.check.load(checkId) : null),
    metrics: ({ metrics }) => metricNames(metrics as MeasuredMetrics | null), // written from a document alone
  },
  ErrorBudget: {
    periodStartsAt: ({ startsAt }) => startsAt,
    periodEndsAt: ({ endsAt }) => endsAt,
  },
  BurnRate: {
    longWindowMs: ({ longMs }) => longMs,
    shortWindowMs: ({ shortMs }) => shortMs,
    isBurning: ({ verdict }) => (verdict === 'UNKNOWN' ? null : verdict === 'MET'),
  },
};

function metricNames(metrics: MeasuredMetrics | null): string[] {
  const { ratio, threshold } = metrics ?? {};
  const sources = [ratio?.part, ratio?.total, threshold?.source].flatMap((source) => source ?? []);
  return [...new Set(sources.map(({ metric }) => metric))];
}
