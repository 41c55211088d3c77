import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { answerWithinHours, endOf, minutesAllowed, statusAt } from './rules.ts';

const requestedAt = new Date('2026-01-31T09:00:00Z');
const after = (minutes: number) => new Date(requestedAt.getTime() + minutes * 60_000);
const day = answerWithinHours * 60;

describe('an elevation', () => {
  it('waits for a day, and has lapsed then', () => {
    expect(statusAt({ outcome: null, requestedAt }, after(day - 1))).toBe('REQUESTED');
    expect(statusAt({ outcome: null, requestedAt }, after(day))).toBe('LAPSED');
    expect(statusAt({ outcome: 'declined', requestedAt }, after(1))).toBe('DECLINED');
    expect(statusAt({ outcome: 'withdrawn', requestedAt }, after(1))).toBe('WITHDRAWN');
  });

  it('is active from its approval for exactly as long as was asked, whenever that was', () => {
    const anyMinutes = fc.integer({ min: minutesAllowed.least, max: minutesAllowed.most });
    const anyDelay = fc.integer({ min: 0, max: day - 1 });
    fc.assert(
      fc.property(
        anyMinutes,
        anyDelay,
        fc.integer({ min: 0, max: 2 * day }),
        (minutes, approvedIn, lookedAt) => {
          const endsAt = endOf({ minutes }, after(approvedIn));
          const status = statusAt({ outcome: 'approved', requestedAt, endsAt }, after(approvedIn + lookedAt));
          expect(status).toBe(lookedAt < minutes ? 'ACTIVE' : 'ENDED');
        },
      ),
    );
  });
});
