import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addAll,
  decodeSketch,
  emptySketch,
  encodeSketch,
  mergeSketches,
  quantileOf,
  relativeAccuracy,
  type Sketch,
} from './sketch.ts';

const of = (values: readonly number[]) => addAll(emptySketch(), values);
const sorted = ({ positive, negative, zeros }: Sketch) => ({
  positive: [...positive].sort(([a], [b]) => a - b),
  negative: [...negative].sort(([a], [b]) => a - b),
  zeros,
});
const size = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
const value = fc.oneof(
  size,
  size.map((positive) => -positive),
  fc.constant(0),
);
const values = fc.array(value, { minLength: 1, maxLength: 300 });

describe('a sketch', () => {
  it('gives each quantile within 1 % of the value that a sorted list has there', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (all, q) => {
        const exact = all.toSorted((a, b) => a - b)[Math.floor(q * (all.length - 1))] ?? Number.NaN;
        const told = quantileOf(of(all), q) ?? Number.NaN;
        expect(Math.abs(told - exact)).toBeLessThanOrEqual(Math.abs(exact) * relativeAccuracy * 1.000001);
      }),
    );
  });

  it('merges into the one that all values together would have made, in whatever parts and order', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 6 }), (parts) => {
        const together = sorted(of(parts.flat()));
        expect(sorted(mergeSketches(parts.map(of)))).toEqual(together);
        expect(sorted(mergeSketches(parts.toReversed().map(of)))).toEqual(together);
      }),
    );
  });

  it('is the same after it was stored', () => {
    fc.assert(
      fc.property(values, (all) => {
        expect(sorted(decodeSketch(encodeSketch(of(all))))).toEqual(sorted(of(all)));
      }),
    );
  });

  it('takes little room: a minute of latencies some tens of bytes', () => {
    const latencies = Array.from({ length: 30 }, (_, index) => 0.02 + (index % 7) * 0.003);
    expect(encodeSketch(of(latencies)).length).toBeLessThan(40);
  });

  it('stays bounded, and its high quantiles right, over values of every size', () => {
    const all = Array.from({ length: 30_000 }, (_, index) => 10 ** (-9 + (index % 6_000) / 30));
    const sketch = of(all);
    expect(sketch.positive.size).toBe(2_048);
    const exact = all.toSorted((a, b) => a - b)[Math.floor(0.99 * (all.length - 1))] ?? 0;
    expect(Math.abs((quantileOf(sketch, 0.99) ?? 0) - exact) / exact).toBeLessThanOrEqual(relativeAccuracy);
  });

  it('of nothing has no quantile', () => {
    expect(quantileOf(emptySketch(), 0.5)).toBeNull();
    expect(() => decodeSketch(Uint8Array.of(1, 0, 3))).toThrow('too soon');
    expect(() => decodeSketch(Uint8Array.of(9))).toThrow('version');
  });
});
