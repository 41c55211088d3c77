import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { periodAt } from './periods.ts';
import { budgetOf, burnWindows, type Counts, judge, sum, unitsOf, verdictOfKind } from './rules.ts';

const counts = fc
  .record({ total: fc.nat(1_000), bad: fc.nat(1_000) })
  .map(({ total, bad }): Counts => ({ total, good: Math.max(0, total - bad) }));
const target = 0.999;
const [fast] = burnWindows;
if (fast === undefined) throw new Error('There are windows.');

describe('an error budget', () => {
  it('is the same from single runs and from sums of them', () => {
    fc.assert(
      fc.property(fc.array(counts, { maxLength: 60 }), (minutes) => {
        const byMinute = new Map(minutes.map((each, minute) => [minute, each]));
        expect(budgetOf(unitsOf(byMinute, null), target)).toEqual(budgetOf(sum(minutes), target));
      }),
    );
  });

  it('is unknown where nothing is known, and not touched by minutes without data', () => {
    expect(budgetOf({ good: 0, total: 0 }, target)).toEqual({ consumed: null, remaining: null });
    const known = new Map([[3, { good: 9, total: 10 }]]);
    expect(
      unitsOf(new Map([...known, [4, { good: 0, total: 0 }]]), { sliceMs: 60_000, target: 0.5 }),
    ).toEqual({
      ...{ good: 1, total: 1 },
    });
  });

  it('may count slices of time, each good or bad as a whole', () => {
    const minutes = new Map([
      [0, { good: 10, total: 10 }],
      [1, { good: 0, total: 1 }],
      [6, { good: 0, total: 1 }],
    ]);
    expect(unitsOf(minutes, { sliceMs: 300_000, target: 0.9 })).toEqual({ good: 1, total: 2 });
    expect(unitsOf(minutes, { sliceMs: 60_000, target: 0.9 })).toEqual({ good: 1, total: 3 });
    expect(unitsOf(minutes, null, 1)).toEqual({ good: 0, total: 2 });
  });
});

describe('a burn rate', () => {
  const at = (bad: number, total = 3_600) => ({ good: total - bad, total });

  it('is met by both of its windows alone', () => {
    fc.assert(
      fc.property(counts, counts, (long, short) => {
        const { longRate, shortRate, verdict } = judge(fast, { long, short, target });
        const both = [longRate, shortRate].every((rate) => rate !== null && rate >= 14.4 - 1e-9);
        expect(verdict === 'MET').toBe(both);
      }),
    );
    expect(judge(fast, { long: at(52), short: at(0), target }).verdict).toBe('CLEAR');
    expect(judge(fast, { long: at(51), short: at(300), target }).verdict).toBe('CLEAR');
    expect(judge(fast, { long: at(52), short: at(52, 300), target }).verdict).toBe('MET');
  });

  it('is met after 51.84 seconds of a total outage at the soonest, by the second', () => {
    const secondsUntilMet = Array.from({ length: 120 }, (_, seconds) => seconds).find(
      (seconds) => judge(fast, { long: at(seconds), short: at(seconds, 300), target }).verdict === 'MET',
    );
    expect(secondsUntilMet).toBe(52);
  });

  it('says nothing where one of its windows has no data', () => {
    const none = { good: 0, total: 0 };
    expect(judge(fast, { long: at(3_600), short: none, target })).toMatchObject({
      ...{ verdict: 'UNKNOWN', shortRate: null },
    });
    const unknown = { kind: 'PAGE', verdict: 'UNKNOWN' } as const;
    expect(verdictOfKind([unknown, { kind: 'PAGE', verdict: 'CLEAR' }], 'PAGE')).toBe('UNKNOWN');
    expect(verdictOfKind([unknown, { kind: 'PAGE', verdict: 'MET' }], 'PAGE')).toBe('MET');
    expect(verdictOfKind([{ kind: 'TICKET', verdict: 'MET' }], 'PAGE')).toBe('UNKNOWN');
  });
});

describe('a period', () => {
  const day = 86_400_000;
  const calendar = (unit: 'd' | 'w' | 'M' | 'Q' | 'Y', startTime: string, timeZone = 'UTC') =>
    ({ kind: 'CALENDAR', count: 1, unit, startTime, timeZone }) as const;
  const at = (text: string) => Date.parse(text);
  const period = (window: Parameters<typeof periodAt>[0], now: string) => {
    const { startsAt, endsAt } = periodAt(window, at(now), 60_000);
    return [startsAt, endsAt].map((moment) => new Date(moment).toISOString().slice(0, 16));
  };

  it('that rolls begins at a full hour, a short one at a full minute or slice', () => {
    const now = at('2026-03-10T10:20:30Z');
    const begin = (durationMs: number, sliceMs: number) =>
      new Date(periodAt({ kind: 'ROLLING', durationMs }, now, sliceMs).startsAt).toISOString().slice(0, 16);
    expect(begin(28 * day, 60_000)).toBe('2026-02-10T10:00');
    expect(begin(3_600_000, 60_000)).toBe('2026-03-10T09:20');
    expect(begin(3_600_000, 900_000)).toBe('2026-03-10T09:15');
  });

  it('of a calendar begins by the clocks of its zone, also where they are changed', () => {
    expect(period(calendar('M', '2026-01-01'), '2026-02-14T12:00:00Z')).toEqual([
      '2026-02-01T00:00',
      '2026-03-01T00:00',
    ]);
    const berlin = calendar('M', '2020-01-01 00:00:00', 'Europe/Berlin');
    expect(period(berlin, '2026-03-31T21:59:00Z')).toEqual(['2026-02-28T23:00', '2026-03-31T22:00']);
    expect(period(berlin, '2026-03-31T22:00:00Z')).toEqual(['2026-03-31T22:00', '2026-04-30T22:00']);
    expect(period(calendar('Q', '2026-01-01'), '2025-12-31T23:59:59Z')).toEqual([
      '2025-10-01T00:00',
      '2026-01-01T00:00',
    ]);
    expect(period(calendar('M', '2026-01-31'), '2026-02-28T00:00:00Z')).toEqual([
      '2026-02-28T00:00',
      '2026-03-31T00:00',
    ]);
    expect(period(calendar('w', '2026-01-05'), '2026-01-04T00:00:00Z')).toEqual([
      '2025-12-29T00:00',
      '2026-01-05T00:00',
    ]);
  });

  it('holds the moment it is asked for, whichever', () => {
    const zones = ['UTC', 'America/Sao_Paulo', 'Asia/Kathmandu', 'Australia/Lord_Howe'];
    fc.assert(
      fc.property(
        fc.integer({ min: at('2000-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') }),
        fc.constantFrom('d', 'w', 'M', 'Q', 'Y' as const),
        fc.constantFrom(...zones),
        fc.integer({ min: 1, max: 3 }),
        (now, unit, timeZone, count) => {
          const window = { ...calendar(unit, '2019-08-31 02:30:00', timeZone), count };
          const { startsAt, endsAt } = periodAt(window, now, 60_000);
          expect(startsAt <= now && now < endsAt).toBe(true);
          expect(periodAt(window, endsAt, 60_000).startsAt).toBe(endsAt);
        },
      ),
    );
  });
});
