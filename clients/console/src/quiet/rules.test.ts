import { describe, expect, it } from '@jest/globals';
import { formulaOf, matchersOf, phaseOf, phaseOfWindow } from './rules.ts';

const at = (hour: number, day = 1) => new Date(Date.UTC(2026, 0, day, hour)).toISOString();

describe('what keeps alerts quiet', () => {
  it('is written and read as people write labels', () => {
    const matchers = [
      { name: 'service', value: 'shop', isEqual: true },
      { name: 'check', value: 'a=b', isEqual: false },
    ];
    expect(formulaOf(matchers)).toBe('service=shop, check!=a=b');
    expect(matchersOf(['service = shop', 'check!=a=b'])).toEqual(matchers);
    expect(matchersOf(['service'])).toBeUndefined();
    expect(matchersOf([])).toBeUndefined();
  });

  it('is coming, now or over', () => {
    const window = { startsAt: at(2), endsAt: at(4) };
    expect([1, 2, 3, 4].map((hour) => phaseOf(window, Date.parse(at(hour))))).toEqual([
      ...['coming', 'now', 'now', 'over'],
    ]);
  });

  it('comes again as often as it repeats', () => {
    const daily = { startsAt: at(2), endsAt: at(4), repeatEveryDays: 1, repeatsUntil: null };
    expect(phaseOfWindow(daily, Date.parse(at(3, 5)))).toBe('now');
    expect(phaseOfWindow(daily, Date.parse(at(5, 5)))).toBe('coming');
    expect(phaseOfWindow({ ...daily, repeatsUntil: at(0, 4) }, Date.parse(at(3, 5)))).toBe('over');
    expect(phaseOfWindow({ ...daily, repeatEveryDays: null }, Date.parse(at(3, 5)))).toBe('over');
  });
});
