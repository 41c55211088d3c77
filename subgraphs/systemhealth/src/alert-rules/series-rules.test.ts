import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Verdict } from '../alerts/rules.ts';
import { againstLimit, againstUsual, changeBetween, combined, someOf, usualOf } from './series-rules.ts';

const verdict = fc.constantFrom<Verdict>('MET', 'CLEAR', 'UNKNOWN');
const verdicts = fc.array(verdict, { maxLength: 5 });

describe('a threshold', () => {
  const above = { comparison: 'ABOVE', threshold: 100, clearThreshold: 80 } as const;
  it('is met beyond it, and what fires is over beyond the clear threshold alone', () => {
    expect(againstLimit(101, above, { isFiring: false })).toBe('MET');
    expect(againstLimit(100, above, { isFiring: false })).toBe('CLEAR');
    expect(againstLimit(90, above, { isFiring: true })).toBe('MET');
    expect(againstLimit(80, above, { isFiring: true })).toBe('CLEAR');
    expect(againstLimit(3, { comparison: 'AT_MOST', threshold: 3 }, { isFiring: false })).toBe('MET');
    expect(againstLimit(3, { comparison: 'BELOW', threshold: 3 }, { isFiring: false })).toBe('CLEAR');
    expect(againstLimit(3, { comparison: 'AT_LEAST', threshold: 3 }, { isFiring: true })).toBe('MET');
  });

  it('says nothing of what is missing', () => {
    expect(againstLimit(null, above, { isFiring: true })).toBe('UNKNOWN');
  });
});

describe('a change', () => {
  it('is told in units, by seconds or in percent, and of nothing in no percent', () => {
    expect(changeBetween(50, 80, { unit: 'ABSOLUTE', windowMs: 10_000 })).toBe(30);
    expect(changeBetween(50, 80, { unit: 'PER_SECOND', windowMs: 10_000 })).toBe(3);
    expect(changeBetween(-50, -80, { unit: 'PERCENT', windowMs: 10_000 })).toBe(-60);
    expect(changeBetween(0, 80, { unit: 'PERCENT', windowMs: 10_000 })).toBeNull();
    expect(changeBetween(null, 80, { unit: 'ABSOLUTE', windowMs: 10_000 })).toBeNull();
    expect(changeBetween(50, null, { unit: 'ABSOLUTE', windowMs: 10_000 })).toBeNull();
  });
});

describe('an anomaly', () => {
  const either = { direction: 'EITHER', deviations: 4 } as const;
  it('is far from the median of past weeks, whatever one of them was like', () => {
    const usual = usualOf([100, 104, 96, 102, 5_000], { minimumWeeks: 3 });
    expect(usual).toEqual({ median: 102, spread: 1.4826 * 2 });
    expect(againstUsual(112, usual, either)).toBe('CLEAR');
    expect(againstUsual(115, usual, either)).toBe('MET');
    expect(againstUsual(80, usual, either)).toBe('MET');
    expect(againstUsual(80, usual, { ...either, direction: 'ABOVE' })).toBe('CLEAR');
    expect(againstUsual(115, usual, { ...either, direction: 'BELOW' })).toBe('CLEAR');
  });

  it('is not every difference from weeks that were all the same', () => {
    const usual = usualOf([100, 100, 100], { minimumWeeks: 3 });
    expect(againstUsual(103, usual, either)).toBe('CLEAR');
    expect(againstUsual(105, usual, either)).toBe('MET');
  });

  it('is unknown with too little history, and without a value', () => {
    expect(usualOf([100, 100], { minimumWeeks: 3 })).toBeNull();
    expect(againstUsual(5_000, null, either)).toBe('UNKNOWN');
    expect(againstUsual(null, usualOf([1, 1, 1], { minimumWeeks: 3 }), either)).toBe('UNKNOWN');
  });
});

describe('a rule about rules', () => {
  it('holds where all, one and none do', () => {
    expect(combined({ allOf: ['MET'], anyOf: ['CLEAR', 'MET'], noneOf: ['CLEAR'] })).toBe('MET');
    expect(combined({ allOf: ['MET', 'CLEAR'], anyOf: [], noneOf: [] })).toBe('CLEAR');
    expect(combined({ allOf: [], anyOf: ['CLEAR'], noneOf: [] })).toBe('CLEAR');
    expect(combined({ allOf: [], anyOf: [], noneOf: ['MET'] })).toBe('CLEAR');
  });

  it('lets what is unknown decide nothing: either way it might turn out, a known answer stays', () => {
    fc.assert(
      fc.property(verdicts, verdicts, verdicts, (allOf, anyOf, noneOf) => {
        const said = combined({ allOf, anyOf, noneOf });
        const as = (known: Verdict) => (each: readonly Verdict[]) =>
          each.map((one) => (one === 'UNKNOWN' ? known : one));
        const low = combined({
          allOf: as('CLEAR')(allOf),
          anyOf: as('CLEAR')(anyOf),
          noneOf: as('MET')(noneOf),
        });
        const high = combined({
          allOf: as('MET')(allOf),
          anyOf: as('MET')(anyOf),
          noneOf: as('CLEAR')(noneOf),
        });
        expect(said).toBe(low === high ? low : 'UNKNOWN');
      }),
    );
  });
});

describe('several series together', () => {
  it('are met by one, clear by all, and unknown otherwise', () => {
    expect(someOf(['CLEAR', 'MET', 'UNKNOWN'])).toBe('MET');
    expect(someOf(['CLEAR', 'UNKNOWN'])).toBe('UNKNOWN');
    expect(someOf(['CLEAR', 'CLEAR'])).toBe('CLEAR');
    expect(someOf([])).toBe('UNKNOWN');
  });
});
