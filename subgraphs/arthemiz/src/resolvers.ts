// The resolvers of all capabilities together.
import { dateTime } from '@supergraph/chassis/date-time';
import { apiKeyResolvers } from './api-keys/resolvers.ts';
import { brandingResolvers } from './branding/resolvers.ts';
import { clientResolvers } from './clients/resolvers.ts';
import { domainResolvers } from './domains/resolvers.ts';
import { elevationResolvers } from './elevations/resolvers.ts';
import { environmentResolvers } from './environments/resolvers.ts';
import { exportResolvers } from './exports/resolvers.ts';
import { groupResolvers } from './groups/resolvers.ts';
import { invitationResolvers } from './invitations/resolvers.ts';
import { lifecycleResolvers } from './lifecycle/resolvers.ts';
import { membershipResolvers } from './memberships/resolvers.ts';
import { personResolvers } from './people/resolvers.ts';
import { provisioningResolvers } from './provisioning/resolvers.ts';
import { registeredClientResolvers } from './registered-clients/resolvers.ts';
import { residencyResolvers } from './residency/resolvers.ts';
import { roleResolvers } from './roles/resolvers.ts';
import type { Resolvers } from './schema.generated.ts';
import { separationResolvers } from './separations/resolvers.ts';
import { sessionResolvers } from './sessions/resolvers.ts';
import { ssoResolvers } from './sso/resolvers.ts';
import { tenantResolvers } from './tenants/resolvers.ts';
import { byOwnHand } from './token-exchange/own-hand.ts';

export const resolvers: Resolvers = {
  ...apiKeyResolvers,
  ...clientResolvers,
  ...registeredClientResolvers,
  ...domainResolvers,
  ...ssoResolvers,
  ...exportResolvers,
  ...invitationResolvers,
  ...elevationResolvers,
  ...groupResolvers,
  ...membershipResolvers,
  ...personResolvers,
  ...roleResolvers,
  ...separationResolvers,
  ...tenantResolvers,
  ...lifecycleResolvers,
  ...provisioningResolvers,
  ...sessionResolvers,
  DateTime: dateTime,
  Tenant: {
    ...tenantResolvers.Tenant,
    ...brandingResolvers.Tenant,
    ...provisioningResolvers.Tenant,
    ...lifecycleResolvers.Tenant,
    ...environmentResolvers.Tenant,
    ...residencyResolvers.Tenant,
  },
  Viewer: { ...personResolvers.Viewer, ...elevationResolvers.Viewer, ...sessionResolvers.Viewer },
  Person: { ...personResolvers.Person, ...membershipResolvers.Person, ...sessionResolvers.Person },
  Query: {
    ...apiKeyResolvers.Query,
    ...clientResolvers.Query,
    ...registeredClientResolvers.Query,
    ...domainResolvers.Query,
    ...exportResolvers.Query,
    ...ssoResolvers.Query,
    ...invitationResolvers.Query,
    ...elevationResolvers.Query,
    ...groupResolvers.Query,
    ...membershipResolvers.Query,
    ...personResolvers.Query,
    ...residencyResolvers.Query,
    ...roleResolvers.Query,
    ...separationResolvers.Query,
    ...tenantResolvers.Query,
  },
  Mutation: byOwnHand({
    ...apiKeyResolvers.Mutation,
    ...clientResolvers.Mutation,
    ...registeredClientResolvers.Mutation,
    ...domainResolvers.Mutation,
    ...exportResolvers.Mutation,
    ...ssoResolvers.Mutation,
    ...invitationResolvers.Mutation,
    ...elevationResolvers.Mutation,
    ...groupResolvers.Mutation,
    ...membershipResolvers.Mutation,
    ...residencyResolvers.Mutation,
    ...roleResolvers.Mutation,
    ...separationResolvers.Mutation,
    ...sessionResolvers.Mutation,
    ...tenantResolvers.Mutation,
    ...brandingResolvers.Mutation,
    ...lifecycleResolvers.Mutation,
    ...environmentResolvers.Mutation,
    ...provisioningResolvers.Mutation,
  }),
};
