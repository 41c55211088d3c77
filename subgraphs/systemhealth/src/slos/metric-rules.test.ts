import { describe, expect, it } from '@jest/globals';
import { type Sample, summarise } from '../metrics/summary.ts';
import { ratioAt, type SeriesMinutes, thresholdAt } from './metric-rules.ts';

const minuteMs = 60_000;

/** A series from samples: second → value. */
function series(samples: Readonly<Record<number, number>>): SeriesMinutes {
  const minutes = new Map<number, Sample[]>();
  for (const [second, value] of Object.entries(samples)) {
    const at = Number(second) * 1_000;
    const minute = Math.floor(at / minuteMs) * minuteMs;
    minutes.set(minute, [...(minutes.get(minute) ?? []), { at, value }]);
  }
  return new Map(
    [...minutes].flatMap(([minute, each]) => {
      const summary = summarise(each);
      return summary ? [[minute, summary] as const] : [];
    }),
  );
}

describe('a ratio of metrics', () => {
  const counters = { partIs: 'GOOD', isCounter: true } as const;

  it('is of what counters grew, from the last sample before the minute on', () => {
    const [part, total] = [series({ 50: 100, 70: 108, 110: 109 }), series({ 50: 200, 70: 208, 110: 210 })];
    expect(ratioAt(minuteMs, { part: [part], total: [total] }, counters)).toEqual({ good: 9, total: 10 });
  });

  it('goes on where a counter began anew, and adds series up', () => {
    const part = [series({ 50: 100, 70: 4 }), series({ 50: 1, 70: 3 })];
    expect(ratioAt(minuteMs, { part, total: part }, counters)).toEqual({ good: 6, total: 6 });
  });

  it('is of the samples themselves where they count no more than their own time', () => {
    const of = { part: [series({ 61: 3, 90: 1 })], total: [series({ 61: 10, 90: 10 })] };
    expect(ratioAt(minuteMs, of, { partIs: 'BAD', isCounter: false })).toEqual({ good: 16, total: 20 });
  });

  it('is unknown where either part has no sample, and of a counter that was never seen before', () => {
    const there = series({ 50: 1, 70: 2 });
    expect(ratioAt(minuteMs, { part: [], total: [there] }, counters)).toBeNull();
    expect(ratioAt(minuteMs, { part: [there], total: [] }, counters)).toBeNull();
    expect(ratioAt(minuteMs, { part: [there], total: [series({ 70: 5 })] }, counters)).toBeNull();
    expect(ratioAt(3 * minuteMs, { part: [there], total: [there] }, counters)).toBeNull();
  });

  it('does not tell over a long silence what grew in it', () => {
    const silent = series({ 0: 1, 400: 500, 410: 501 });
    expect(ratioAt(6 * minuteMs, { part: [silent], total: [silent] }, counters)).toEqual({
      ...{ good: 1, total: 1 },
    });
  });

  it('has no more good than there is', () => {
    const of = { part: [series({ 61: 12 })], total: [series({ 61: 10 })] };
    expect(ratioAt(minuteMs, of, { partIs: 'GOOD', isCounter: false })).toEqual({ good: 10, total: 10 });
  });
});

describe('samples against a threshold', () => {
  const depths = series({ 61: 0, 62: 1, 63: 1, 64: 5, 65: -2 });

  it.each([
    ['lt', 1, 2],
    ['lte', 1, 4],
    ['gt', 1, 1],
    ['gte', 1, 3],
    ['lt', 0, 1],
    ['gte', 0, 4],
    ['lte', -2, 1],
    ['lt', 100, 5],
    ['gt', 100, 0],
  ] as const)('%s %d: %d of five are good', (op, value, good) => {
    expect(thresholdAt(minuteMs, [depths], { op, value })).toEqual({ good, total: 5 });
  });

  it('count over all series, and are unknown where there are none', () => {
    expect(thresholdAt(minuteMs, [depths, depths], { op: 'gt', value: 1 })).toEqual({ good: 2, total: 10 });
    expect(thresholdAt(0, [depths], { op: 'gt', value: 1 })).toBeNull();
  });
});
