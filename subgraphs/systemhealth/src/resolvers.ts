// The resolvers of all capabilities together.
import { dateTime } from '@supergraph/chassis/date-time';
import { alertRuleResolvers } from './alert-rules/resolvers.ts';
import { alertResolvers } from './alerts/resolvers.ts';
import { checkResolvers } from './checks/resolvers.ts';
import { incidentResolvers } from './incidents/resolvers.ts';
import { metricResolvers } from './metrics/resolvers.ts';
import { notificationResolvers } from './notifications/resolvers.ts';
import type { Resolvers } from './schema.generated.ts';
import { serviceResolvers } from './services/resolvers.ts';
import { silenceResolvers } from './silences/resolvers.ts';
import { sloResolvers } from './slos/resolvers.ts';
import { statusPageResolvers } from './status-page/resolvers.ts';

export const resolvers: Resolvers = {
  ...serviceResolvers,
  ...checkResolvers,
  ...alertResolvers,
  ...alertRuleResolvers,
  ...silenceResolvers,
  ...notificationResolvers,
  ...metricResolvers,
  ...sloResolvers,
  ...incidentResolvers,
  ...statusPageResolvers,
  DateTime: dateTime,
  Query: {
    ...serviceResolvers.Query,
    ...checkResolvers.Query,
    ...alertResolvers.Query,
    ...alertRuleResolvers.Query,
    ...silenceResolvers.Query,
    ...notificationResolvers.Query,
    ...metricResolvers.Query,
    ...sloResolvers.Query,
    ...incidentResolvers.Query,
    ...statusPageResolvers.Query,
  },
  Subscription: {
    ...serviceResolvers.Subscription,
    ...checkResolvers.Subscription,
    ...alertResolvers.Subscription,
    ...metricResolvers.Subscription,
    ...sloResolvers.Subscription,
    ...incidentResolvers.Subscription,
    ...statusPageResolvers.Subscription,
  },
  Mutation: {
    ...serviceResolvers.Mutation,
    ...checkResolvers.Mutation,
    ...alertResolvers.Mutation,
    ...alertRuleResolvers.Mutation,
    ...silenceResolvers.Mutation,
    ...notificationResolvers.Mutation,
    ...metricResolvers.Mutation,
    ...sloResolvers.Mutation,
    ...incidentResolvers.Mutation,
    ...statusPageResolvers.Mutation,
  },
};
