// The resolvers of all capabilities, put together.
import { DateTime } from './date-time.ts';
import { personResolvers } from './people/resolvers.ts';
import { roleResolvers } from './roles/resolvers.ts';
import type { Resolvers } from './schema.generated.ts';
import { tenantResolvers } from './tenants/resolvers.ts';

export const resolvers: Resolvers = {
  ...personResolvers,
  ...roleResolvers,
  ...tenantResolvers,
  DateTime,
  Query: { ...personResolvers.Query, ...roleResolvers.Query, ...tenantResolvers.Query },
};
