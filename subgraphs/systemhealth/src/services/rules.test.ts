import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { combine, worstStatus } from './rules.ts';

const status = fc.constantFrom('UP' as const, 'DOWN' as const, 'UNKNOWN' as const);

describe("a service's status", () => {
  it('is the worst of its checks, and UNKNOWN without checks', () => {
    expect(worstStatus(['UP', 'DOWN', 'UNKNOWN'])).toBe('DOWN');
    expect(worstStatus(['UP', 'UNKNOWN'])).toBe('UNKNOWN');
    expect(worstStatus(['UP', 'UP'])).toBe('UP');
    expect(combine([], 7)).toEqual({ status: 'UNKNOWN', statusSince: 7 });
  });

  it('is bad since its first bad check, well since its last recovery', () => {
    const down = [
      { status: 'DOWN' as const, statusSince: 20 },
      { status: 'DOWN' as const, statusSince: 10 },
      { status: 'UP' as const, statusSince: 30 },
    ];
    expect(combine(down, 0)).toEqual({ status: 'DOWN', statusSince: 10 });
    expect(
      combine(
        down.map((each) => ({ ...each, status: 'UP' as const })),
        0,
      ).statusSince,
    ).toBe(30);
  });

  it('does not depend on the order of its checks', () => {
    const standings = fc.array(fc.record({ status, statusSince: fc.nat() }));
    fc.assert(fc.property(standings, (all) => expect(combine(all, 0)).toEqual(combine(all.toReversed(), 0))));
  });
});
