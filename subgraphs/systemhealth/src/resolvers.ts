// The resolvers of all capabilities together.
import { dateTime } from '@supergraph/chassis/date-time';
import { checkResolvers } from './checks/resolvers.ts';
import type { Resolvers } from './schema.generated.ts';
import { serviceResolvers } from './services/resolvers.ts';

export const resolvers: Resolvers = {
  ...serviceResolvers,
  ...checkResolvers,
  DateTime: dateTime,
  Query: { ...serviceResolvers.Query, ...checkResolvers.Query },
  Subscription: { ...serviceResolvers.Subscription, ...checkResolvers.Subscription },
  Mutation: { ...serviceResolvers.Mutation, ...checkResolvers.Mutation },
};
