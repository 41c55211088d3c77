import { describe, expect, it } from '@jest/globals';
import { chartOf, extentOf, hitRatioOf, ofFamily, partsOf, shortly, withSamples } from './rules.ts';

const from = '2026-01-31T09:00:00.000Z';
const labels = [{ name: 'queue', value: 'mails' }];
const chart = chartOf({
  ...{ from, stepMs: 1_000, matched: 1 },
  series: [{ seriesId: 'a', labels, values: [1, null, 3] }],
});
const sample = (seconds: number, value: number, seriesId = 'a') => ({
  ...{ seriesId, labels, value, at: new Date(Date.parse(from) + seconds * 1_000).toISOString() },
});

describe('a chart', () => {
  it('goes on with samples that are told, and leaves its oldest steps behind', () => {
    const last = { aggregation: 'LAST', rangeMs: 3_000 } as const;
    const next = withSamples(chart, [[sample(2, 5)], [sample(4, 7), sample(4, 1, 'b')]], last);
    expect(next?.series.map(({ id, values }) => [id, values])).toEqual([
      ['a', [null, 5, null, 7]],
      ['b', [null, null, null, 1]],
    ]);
    expect(next?.from).toBe(Date.parse(from) + 1_000);
    expect(withSamples(chart, [[sample(2, 5)]], { ...last, aggregation: 'MIN' })?.series[0]?.values).toEqual([
      ...[1, null, 3],
    ]);
    expect(withSamples(chart, [[sample(2, 5)]], { ...last, aggregation: 'P95' })).toBe(chart);
    expect(withSamples(chart, [[sample(-9, 5)]], last)?.series).toEqual(chart?.series);
  });

  it('draws what is missing as a gap', () => {
    const extent = extentOf(chart?.series ?? []);
    expect(extent).toEqual({ least: 0, greatest: 3 });
    const size = { width: 10, height: 30, extent: extent ?? { least: 0, greatest: 1 } };
    expect(partsOf([1, null, 3, 0], size)).toEqual([
      [{ x: 0, y: 20 }],
      [
        { x: 6.7, y: 0 },
        { x: 10, y: 30 },
      ],
    ]);
    expect(extentOf([{ id: 'a', name: 'a', values: [null] }])).toBeNull();
  });

  it('writes numbers shortly, and what is missing as such', () => {
    expect(shortly(1_234_567, 'en')).toBe('1.23M');
    expect(shortly(0.01234, 'en')).toBe('0.0123');
    expect(shortly(null, 'en')).toBe('–');
  });

  it('finds what is measured of queues and caches', () => {
    const metrics = [{ name: 'redis_memory_used_bytes' }, { name: 'rabbitmq_queue_consumers' }];
    expect(ofFamily(metrics, 'queues')).toEqual(['rabbitmq_queue_consumers']);
    expect(ofFamily(metrics, 'databases')).toEqual([]);
  });
});

describe('a hit ratio', () => {
  it('is of each step by itself, by labels, and a gap where nothing was asked for', () => {
    const chart = (from: number, series: Record<string, (number | null)[]>) => ({
      ...{ from, stepMs: 10, matched: 1 },
      series: Object.entries(series).map(([name, values]) => ({ id: `${from} ${name}`, name, values })),
    });
    const ratio = hitRatioOf(
      chart(20, { 'check=a': [3, 0, null, 1, 0], 'check=b': [1] }),
      chart(10, { 'check=a': [9, 1, 0, 1, 1, 2] }),
    );
    expect(ratio?.series.map(({ values }) => values)).toEqual([[0.75, null, null, 0.5, 0], [null]]);
    expect(hitRatioOf(null, null)).toBeNull();
  });
});
