import { describe, expect, it } from '@jest/globals';
import { valuesOf } from '../parameters.ts';
import { aboveBy, median, unusualAbove, volumeParameters } from './rules.ts';

const values = valuesOf(volumeParameters);
const calm = Array.from({ length: 50 }, (_, index) => 8 + (index % 5));
const isUnusual = (count: number, others: { own: number[]; peers: number[] }) => {
  const above = unusualAbove(others, values);
  return above !== null && count > above;
};

describe('the volume of an hour', () => {
  it('is unusual beyond what one does, and what one’s peers do', () => {
    expect(isUnusual(200, { own: calm, peers: calm })).toBe(true);
    expect(isUnusual(200, { own: calm, peers: [] })).toBe(true);
    expect(isUnusual(200, { own: [], peers: calm })).toBe(true);
    const busy = calm.map((each) => each * 20);
    expect(isUnusual(200, { own: calm, peers: busy })).toBe(false);
    expect(isUnusual(200, { own: busy, peers: calm })).toBe(false);
  });

  it('is not unusual where little is known, or little happened', () => {
    expect(unusualAbove({ own: [], peers: [] }, values)).toBeNull();
    expect(isUnusual(59, { own: calm.map(() => 1), peers: [] })).toBe(false);
    expect(isUnusual(60, { own: calm.map(() => 1), peers: [] })).toBe(true);
  });

  it('is measured by what a few wild hours don’t move', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    const wild = [...calm, 10_000, 20_000];
    expect(aboveBy(6, wild)).toBeCloseTo(aboveBy(6, calm), 0);
  });
});
