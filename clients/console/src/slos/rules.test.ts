import { describe, expect, it } from '@jest/globals';
import { barsOf, percent, toneOfBudget, withSlos } from './rules.ts';
import type { SloOfListFragment } from './slos.generated.ts';

const slo = (id: string, measuredAt: string): SloOfListFragment => ({
  ...{ id, name: id, displayName: null, target: 0.9, burnRates: [] },
  budget: { measuredAt, consumed: 0, remaining: 1, knownRatio: 1 },
});

describe('the list of objectives', () => {
  it('has each as it was measured last, however the measurements come', () => {
    const known = withSlos(new Map(), [slo('a', '2026-01-01T00:00:02Z')]);
    const after = withSlos(known, [slo('a', '2026-01-01T00:00:01Z'), null, slo('b', '2026-01-01T00:00:00Z')]);
    expect([...after.values()].map(({ id, budget }) => [id, budget?.measuredAt])).toEqual([
      ['a', '2026-01-01T00:00:02Z'],
      ['b', '2026-01-01T00:00:00Z'],
    ]);
  });
});

describe('a budget', () => {
  it('of which nothing is known is neither good nor bad', () => {
    expect([null, -0.1, 0.2, 1].map(toneOfBudget)).toEqual(['neutral', 'bad', 'warn', 'good']);
  });

  it('is used up by days, by their share of the whole', () => {
    const days = [
      { day: '1', good: 99, total: 100 },
      { day: '2', good: 0, total: 0 },
    ];
    const [bar, ...others] = barsOf(days, { target: 0.99, total: 200 });
    expect(others).toEqual([]);
    expect(bar?.used).toBeCloseTo(0.5, 9);
  });

  it('is written in percent and never rounded up', () => {
    expect([percent(0.9995), percent(0.999999), percent(1), percent(-0.5)]).toEqual([
      ...['99.95 %', '99.999 %', '100 %', '-50 %'],
    ]);
  });
});
