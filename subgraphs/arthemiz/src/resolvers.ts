// The resolvers of all capabilities together.
import { dateTime } from '@supergraph/chassis/date-time';
import { apiKeyResolvers } from './api-keys/resolvers.ts';
import { invitationResolvers } from './invitations/resolvers.ts';
import { personResolvers } from './people/resolvers.ts';
import { provisioningResolvers } from './provisioning/resolvers.ts';
import { roleResolvers } from './roles/resolvers.ts';
import type { Resolvers } from './schema.generated.ts';
import { tenantResolvers } from './tenants/resolvers.ts';

export const resolvers: Resolvers = {
  ...apiKeyResolvers,
  ...invitationResolvers,
  ...personResolvers,
  ...roleResolvers,
  ...tenantResolvers,
  ...provisioningResolvers,
  DateTime: dateTime,
  Tenant: { ...tenantResolvers.Tenant, ...provisioningResolvers.Tenant },
  Query: {
    ...apiKeyResolvers.Query,
    ...invitationResolvers.Query,
    ...personResolvers.Query,
    ...roleResolvers.Query,
    ...tenantResolvers.Query,
  },
  Mutation: {
    ...apiKeyResolvers.Mutation,
    ...invitationResolvers.Mutation,
    ...roleResolvers.Mutation,
    ...tenantResolvers.Mutation,
  },
};
