import { occurredWithin } from '../period.ts';
import { personOf } from '../responses/resolvers.ts';
import type { Resolvers } from '../schema.generated.ts';
import { type Reaching, reachedBy } from './rules.ts';

const lastHours = 24;
const mostEvents = 10_000;
const mostRows = 200;
const columns = {
  ...{ type: 1, occurredAt: 1, actorId: 1, clientId: 1, ipAddress: 1 },
  ...{ operationName: 1, coordinates: 1, count: 1 },
} as const;

export const accessMapResolvers: Resolvers = {
  Query: {
    async accessMap(_, __, { models }) {
      const since = new Date(Date.now() - lastHours * 3_600_000);
      const events = await models.SecurityEvent.find(occurredWithin({ since }), columns)
        .sort({ occurredAt: -1, _id: -1 })
        .limit(mostEvents + 1)
        .lean<Reaching[]>();
      const rows = reachedBy(events.slice(0, mostEvents));
      return {
        ...{ since, rows: rows.slice(0, mostRows) },
        isPartial: events.length > mostEvents || rows.length > mostRows,
      };
    },
  },
  AccessMapRow: {
    person: ({ kind, principal }) => (kind === 'PERSON' ? personOf(principal) : null),
    addresses: ({ addresses }) => [...addresses],
  },
};
