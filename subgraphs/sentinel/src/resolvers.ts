// The resolvers of all capabilities together.
import { dateTime } from '@supergraph/chassis/date-time';
import { auditResolvers } from './audit/resolvers.ts';
import { detectionResolvers } from './detections/resolvers.ts';
import { findingResolvers } from './findings/resolvers.ts';
import { gapResolvers } from './gaps/resolvers.ts';
import type { Resolvers } from './schema.generated.ts';
import { securityEventResolvers } from './security-events/resolvers.ts';
import { reportVulnerabilities } from './vulnerabilities/reporting.ts';

export const resolvers: Resolvers = {
  ...securityEventResolvers,
  ...findingResolvers,
  ...detectionResolvers,
  ...auditResolvers,
  Query: {
    ...auditResolvers.Query,
    ...gapResolvers.Query,
    ...securityEventResolvers.Query,
    ...findingResolvers.Query,
    ...detectionResolvers.Query,
  },
  Mutation: {
    ...securityEventResolvers.Mutation,
    reportVulnerabilities,
    ...findingResolvers.Mutation,
    ...detectionResolvers.Mutation,
  },
  Subscription: { ...securityEventResolvers.Subscription, ...findingResolvers.Subscription },
  DateTime: dateTime,
};
