import { describe, expect, it } from '@jest/globals';
import { formulaOf, newRuleOf } from './rules.ts';

function typed(values: Record<string, string | string[]>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(values))
    for (const one of [value].flat()) data.append(name, one);
  return data;
}

describe('a new rule', () => {
  const any = { name: 'Deep', severity: 'WARNING', for: '60' };
  it('says of each kind what was typed, lengths in milliseconds', () => {
    const ofMetric = {
      metric: 'depth',
      label: 'queue',
      labelValue: 'mails',
      aggregation: 'AVG',
      window: '300',
    };
    const limit = { comparison: 'ABOVE', threshold: '100', clearThreshold: '' };
    expect(newRuleOf('threshold', typed({ ...any, ...ofMetric, ...limit }))).toEqual({
      ...{ name: 'Deep', severity: 'WARNING', forMs: 60_000 },
      condition: {
        threshold: {
          ...{ metric: 'depth', labels: [{ name: 'queue', value: 'mails' }], aggregation: 'AVG' },
          ...{ windowMs: 300_000, comparison: 'ABOVE', threshold: 100, clearThreshold: null },
        },
      },
    });
    expect(
      newRuleOf('absence', typed({ ...any, metric: 'depth', label: '', window: '30' })).condition,
    ).toEqual({
      absence: { metric: 'depth', labels: [], durationMs: 30_000 },
    });
    expect(newRuleOf('composite', typed({ ...any, allOf: ['a', 'b'] })).condition).toEqual({
      composite: { allOf: ['a', 'b'], anyOf: [], noneOf: [] },
    });
    expect(newRuleOf('checkStatus', typed({ ...any, status: ['DOWN'] })).condition).toEqual({
      checkStatus: { statuses: ['DOWN'] },
    });
    const changing = typed({ ...any, ...ofMetric, ...limit, unit: 'PERCENT' });
    expect(newRuleOf('rateOfChange', changing).condition).toMatchObject({
      rateOfChange: { unit: 'PERCENT' },
    });
    const unusual = typed({ ...any, ...ofMetric, deviations: '4', weeks: '3' });
    expect(newRuleOf('anomaly', unusual).condition).toMatchObject({ anomaly: { deviations: 4, weeks: 3 } });
  });
});

describe('what a rule looks for', () => {
  const name = (id: string) => id.toUpperCase();
  it('is written in symbols', () => {
    const window = { metric: 'depth', aggregation: 'AVG', windowMs: 60_000 } as const;
    const limit = { comparison: 'AT_LEAST', threshold: 5 } as const;
    expect(formulaOf({ __typename: 'ThresholdCondition', ...window, ...limit }, name)).toBe(
      'AVG(depth, 60 s) ≥ 5',
    );
    expect(
      formulaOf({ __typename: 'RateOfChangeCondition', ...window, ...limit, unit: 'PERCENT' }, name),
    ).toBe('Δ AVG(depth, 60 s) ≥ 5 PERCENT');
    expect(formulaOf({ __typename: 'AbsenceCondition', metric: 'depth', durationMs: 30_000 }, name)).toBe(
      'COUNT(depth, 30 s) = 0',
    );
    expect(
      formulaOf(
        { __typename: 'AnomalyCondition', metric: 'depth', aggregation: 'P95', weeks: 4, deviations: 3 },
        name,
      ),
    ).toBe('|P95(depth) − median(4 w)| > 3 × MAD');
    expect(formulaOf({ __typename: 'CheckStatusCondition', statuses: ['DOWN', 'UNKNOWN'] }, name)).toBe(
      'DOWN | UNKNOWN',
    );
    const composite = {
      __typename: 'CompositeCondition',
      allOf: ['a'],
      anyOf: ['b', 'c'],
      noneOf: ['d'],
    } as const;
    expect(formulaOf({ ...composite, allOf: ['a'], anyOf: ['b', 'c'], noneOf: ['d'] }, name)).toBe(
      'A ∧ (B ∨ C) ∧ ¬ D',
    );
  });
});
