import { describe, expect, it } from '@jest/globals';
import { nextChange } from './rules.ts';

const at = (day: number, hour: number) => new Date(Date.UTC(2026, 0, day, hour)).toISOString();

describe('a public page', () => {
  it('changes by the clock when announced work begins or ends, and when a day does', () => {
    const page = {
      maintenance: [
        { startsAt: at(1, 6), endsAt: at(1, 8) },
        { startsAt: at(2, 6), endsAt: at(2, 8) },
      ],
    };
    const next = (hour: number) => new Date(nextChange(page, Date.parse(at(1, hour)))).toISOString();
    expect([5, 6, 8, 23].map(next)).toEqual([at(1, 6), at(1, 8), at(2, 0), at(2, 0)]);
    expect(nextChange(null, Date.parse(at(1, 5)))).toBe(Date.parse(at(2, 0)));
  });
});
