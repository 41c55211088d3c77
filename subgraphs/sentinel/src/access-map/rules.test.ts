import { expect, it } from '@jest/globals';
import { type Reaching, reachedBy } from './rules.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
const event = (given: Partial<Reaching>): Reaching => ({
  ...{ type: 'FIELD_DENIED', occurredAt: at(0), actorId: 'per_a', coordinates: [], ...given },
});

it('sums up who reached what from where, what was last first', () => {
  const rows = reachedBy([
    event({ coordinates: ['A.x', 'B.y'], count: 3, ipAddress: '192.0.2.1' }),
    event({ coordinates: ['A.x'], occurredAt: at(5), ipAddress: '192.0.2.2' }),
    event({ type: 'SIGN_IN_SUCCEEDED', occurredAt: at(3), actorId: null, clientId: 'svc_b' }),
    event({ actorId: null, clientId: null }),
  ]);
  expect(rows).toEqual([
    {
      ...{ kind: 'PERSON', principal: 'per_a', what: 'A.x', count: 4, deniedCount: 4, lastAt: at(5) },
      addresses: ['192.0.2.1', '192.0.2.2'],
    },
    {
      ...{ kind: 'CLIENT', principal: 'svc_b', what: 'SIGN_IN_SUCCEEDED', count: 1, deniedCount: 0 },
      ...{ addresses: [], lastAt: at(3) },
    },
    {
      ...{ kind: 'PERSON', principal: 'per_a', what: 'B.y', count: 3, deniedCount: 3, lastAt: at(0) },
      addresses: ['192.0.2.1'],
    },
  ]);
});
