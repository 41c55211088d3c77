// The resolvers of all capabilities together.
import { dateTime } from '@supergraph/chassis/date-time';
import { accessMapResolvers } from './access-map/resolvers.ts';
import { auditResolvers } from './audit/resolvers.ts';
import { canaryResolvers } from './detections/canaries/changing.ts';
import { detectionResolvers } from './detections/resolvers.ts';
import { suppressionResolvers } from './detections/suppressions/resolvers.ts';
import { findingResolvers } from './findings/resolvers.ts';
import { gapResolvers } from './gaps/resolvers.ts';
import { responseResolvers } from './responses/resolvers.ts';
import { riskResolvers } from './risk/resolvers.ts';
import type { Resolvers } from './schema.generated.ts';
import { securityEventResolvers } from './security-events/resolvers.ts';
import { reportVulnerabilities } from './vulnerabilities/reporting.ts';

export const resolvers: Resolvers = {
  ...securityEventResolvers,
  ...findingResolvers,
  ...detectionResolvers,
  ...auditResolvers,
  ...responseResolvers,
  ...riskResolvers,
  ...accessMapResolvers,
  ...suppressionResolvers,
  ...canaryResolvers,
  Finding: { ...findingResolvers.Finding, ...responseResolvers.Finding },
  Query: {
    ...auditResolvers.Query,
    ...gapResolvers.Query,
    ...securityEventResolvers.Query,
    ...findingResolvers.Query,
    ...detectionResolvers.Query,
    ...responseResolvers.Query,
    ...riskResolvers.Query,
    ...accessMapResolvers.Query,
    ...suppressionResolvers.Query,
    ...canaryResolvers.Query,
  },
  Mutation: {
    ...securityEventResolvers.Mutation,
    reportVulnerabilities,
    ...findingResolvers.Mutation,
    ...detectionResolvers.Mutation,
    ...responseResolvers.Mutation,
    ...suppressionResolvers.Mutation,
    ...canaryResolvers.Mutation,
  },
  Subscription: {
    ...securityEventResolvers.Subscription,
    ...findingResolvers.Subscription,
    ...responseResolvers.Subscription,
  },
  DateTime: dateTime,
};
