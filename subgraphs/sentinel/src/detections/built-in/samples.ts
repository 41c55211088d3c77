// Events for the examples of rules.
import { type Happened, ocsfOf } from '../../security-events/ocsf.ts';
import type { SecurityEventType } from '../../security-events/rules.ts';
import type { SigmaEvent } from '../../sigma/index.ts';

const somebody: Omit<Happened, '_id' | 'type' | 'occurredAt'> = {
  ...{ actorId: 'per_olivia', clientId: 'console', email: 'o***@acme.test', ipAddress: '203.0.113.7' },
  ...{
    userAgent: 'Mozilla/5.0',
    reason: null,
    operationName: null,
    coordinates: [],
    requestId: null,
    count: 1,
  },
};

/** So many alike, so many seconds from one to the next. */
export function several(
  type: SecurityEventType,
  {
    times,
    everySeconds,
    fromSeconds = 0,
    each = () => ({}),
  }: {
    times: number;
    everySeconds: number;
    fromSeconds?: number;
    each?: (index: number) => Partial<Happened>;
  },
): SigmaEvent[] {
  return Array.from({ length: times }, (_, index) =>
    ocsfOf({
      ...{ ...somebody, type, _id: `sev_${type}_${index}` },
      occurredAt: new Date(Date.UTC(2026, 0, 1) + (fromSeconds + index * everySeconds) * 1_000),
      ...each(index),
    }),
  );
}

export function one(type: SecurityEventType, given: Partial<Happened> = {}, fromSeconds = 0): SigmaEvent[] {
  return several(type, { times: 1, everySeconds: 1, fromSeconds, each: () => given });
}
