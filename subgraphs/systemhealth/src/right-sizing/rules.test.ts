import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addAll, emptySketch, endOfBin, relativeAccuracy } from '../metrics/sketch.ts';
import { summarise } from '../metrics/summary.ts';
import {
  halfLifeMs,
  heldBack,
  histogramOf,
  isGrowing,
  percentileOf,
  recommend,
  savingOf,
  type UseOfHour,
  useOf,
} from './rules.ts';

const hourMs = 3_600_000;
const now = Date.UTC(2026, 0, 31);
const used = (hoursAgo: number, values: readonly number[]): UseOfHour => ({
  ...{ at: now - hoursAgo * hourMs, sketch: addAll(emptySketch(), values), count: values.length },
});
const cores = fc.double({ min: 0.05, max: 64, noNaN: true });
const history = fc.array(fc.array(cores, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 60 });
const usesOf = (hours: readonly (readonly number[])[]) =>
  hours.map((values, index) => used(index + 1, values));
const cpu = { resource: 'CPU', now } as const;

describe('a decaying histogram', () => {
  it('gives the percentile of the use, within the width of a bin, where all of it is of one time', () => {
    fc.assert(
      fc.property(
        fc.array(cores, { minLength: 1, maxLength: 200 }),
        fc.constantFrom(0.5, 0.9, 0.95),
        (values, q) => {
          const exact = values.toSorted((a, b) => a - b)[Math.ceil(q * values.length - 1e-9) - 1] ?? 0;
          const told = percentileOf(histogramOf([used(1, values)], now), q);
          expect(told).toBeGreaterThanOrEqual(exact * (1 - 1e-9));
          expect(told).toBeLessThanOrEqual((exact * (1 + relativeAccuracy)) / (1 - relativeAccuracy) + 1e-9);
        },
      ),
    );
  });

  it('lets use of a day before weigh half, and an hour as much as another however often it was measured', () => {
    const { weights, total } = histogramOf([used(0, [1]), used(halfLifeMs / hourMs, [8, 8, 8])], now);
    expect([...weights.values()]).toEqual([1, expect.closeTo(0.5, 9)]);
    expect(total).toBeCloseTo(1.5, 9);
  });
});

describe('a recommendation', () => {
  it('has its target between its bounds, and its share of risk and confidence between 0 and 1', () => {
    fc.assert(
      fc.property(history, fc.constantFrom('CPU' as const, 'MEMORY' as const), (hours, resource) => {
        const told = recommend(usesOf(hours), { resource, now });
        expect(told).not.toBeNull();
        const { lower = 0, target = 0, upper = 0, risk = 0, confidence = 0 } = told ?? {};
        expect(lower).toBeLessThanOrEqual(target);
        expect(target).toBeLessThanOrEqual(upper);
        for (const share of [risk, confidence]) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('grows with the use: twice as much used is twice as much recommended', () => {
    fc.assert(
      fc.property(history, (hours) => {
        const once = recommend(usesOf(hours), cpu);
        const twice = recommend(usesOf(hours.map((values) => values.map((value) => value * 2))), cpu);
        const ratio = (twice?.target ?? 0) / (once?.target ?? 1);
        expect(ratio).toBeGreaterThan(2 * (1 - 2.1 * relativeAccuracy));
        expect(ratio).toBeLessThan(2 * (1 + 2.1 * relativeAccuracy));
      }),
    );
  });

  it('is the use and 15 %, follows what is new, and never below what the least of workloads needs', () => {
    const steady = Array.from({ length: 7 * 24 }, (_, index) => used(index + 1, [1]));
    expect(recommend(steady, cpu)).toMatchObject({
      ...{ target: expect.closeTo(1.15, 1), upper: expect.closeTo(1.15 * (1 + 1 / 7), 1) },
      ...{ confidence: 1, risk: 0 },
    });
    const grown = steady.map((use, index) => (index < 12 ? used(index + 1, [4]) : use));
    expect(recommend(grown, cpu)?.target).toBeCloseTo(4 * 1.15, 0);
    expect(recommend([used(1, [0])], cpu)?.target).toBe(0.025);
    expect(recommend([], cpu)).toBeNull();
  });

  it('is wide with little history, and knows that it says little', () => {
    const day = Array.from({ length: 24 }, (_, index) => used(index + 1, [1]));
    const told = recommend(day, cpu);
    expect(told?.upper).toBeCloseTo(1.15 * 2, 1);
    expect(told?.confidence).toBeCloseTo(1 / 7, 2);
  });

  it('says how often it would not have been enough', () => {
    const day = Array.from({ length: 24 }, (_, index) => used(index + 1, [...Array<number>(19).fill(1), 9]));
    expect(recommend(day, cpu)?.risk).toBeCloseTo(0.05, 9);
  });

  it('of memory is made of the peaks of hours', () => {
    const summary = summarise([
      { at: 0, value: 1e9 },
      { at: 1, value: 3e9 },
    ]);
    const uses = summary ? useOf(now - hourMs, summary, 'MEMORY') : [];
    expect(uses).toMatchObject([{ count: 1 }]);
    expect(recommend(uses, { resource: 'MEMORY', now })?.target).toBeGreaterThan(3e9 * 1.15);
    expect([...(uses[0]?.sketch.positive.keys() ?? [])].map(endOfBin)[0]).toBeGreaterThanOrEqual(3e9);
  });
});

describe('a workload whose queue piles up', () => {
  const depths = (latest: number, before: number) => [
    { at: now - hourMs, average: latest },
    { at: now - 30 * hourMs, average: before },
  ];
  it('is one whose last day is twice the days before, and more than a few', () => {
    expect(isGrowing(depths(100, 20), now)).toBe(true);
    expect(isGrowing(depths(30, 20), now)).toBe(false);
    expect(isGrowing(depths(5, 1), now)).toBe(false);
    expect(isGrowing(depths(100, 20).slice(0, 1), now)).toBe(false);
  });

  it('keeps what it asks for, and may get more', () => {
    const told = { lower: 1, target: 2, upper: 3, confidence: 1, risk: 0.1 };
    expect(heldBack(told, { requested: 4, isQueueGrowing: true })).toEqual({
      ...told,
      target: 4,
      upper: 4,
      risk: 0,
    });
    expect(heldBack(told, { requested: 1, isQueueGrowing: true })).toBe(told);
    expect(heldBack(told, { requested: 4, isQueueGrowing: false })).toBe(told);
    expect([savingOf(4, 2), savingOf(1, 2), savingOf(null, 2)]).toEqual([2, -1, null]);
  });
});
