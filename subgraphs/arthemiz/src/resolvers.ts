// The resolvers of all capabilities together.
import { dateTime } from '@supergraph/chassis/date-time';
import { personResolvers } from './people/resolvers.ts';
import { roleResolvers } from './roles/resolvers.ts';
import type { Resolvers } from './schema.generated.ts';
import { tenantResolvers } from './tenants/resolvers.ts';

export const resolvers: Resolvers = {
  ...personResolvers,
  ...roleResolvers,
  ...tenantResolvers,
  DateTime: dateTime,
  Query: { ...personResolvers.Query, ...roleResolvers.Query, ...tenantResolvers.Query },
  Mutation: { ...roleResolvers.Mutation, ...tenantResolvers.Mutation },
};
