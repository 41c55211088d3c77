// The resolvers of all capabilities together.
import { dateTime } from './date-time.ts';
import type { Resolvers } from './schema.generated.ts';
import { securityEventResolvers } from './security-events/resolvers.ts';

export const resolvers: Resolvers = {
  ...securityEventResolvers,
  DateTime: dateTime,
};
