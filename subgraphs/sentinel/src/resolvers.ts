// The resolvers of all capabilities together.
import { dateTime } from '@supergraph/chassis/date-time';
import type { Resolvers } from './schema.generated.ts';
import { securityEventResolvers } from './security-events/resolvers.ts';

export const resolvers: Resolvers = {
  ...securityEventResolvers,
  DateTime: dateTime,
};
