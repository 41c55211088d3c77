import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Histogram as PromHistogram, Registry } from 'prom-client';
import { createHistogram } from './histogram.ts';

const buckets = [0.1, 1, 10];
const label = fc.constantFrom('', 'a', 'b', 'a,b', '"quoted"\n');

/** The same text whatever the order of its lines and of the labels in them. */
function sorted(text: string): string[] {
  const lines = text.split('\n').filter(Boolean);
  return lines
    .map((line) => line.replace(/\{(.*)\}/s, (_, labels) => `{${labels.split(/,(?=\w+=)/).sort()}}`))
    .sort();
}

describe('a histogram', () => {
  it('is served by a registry as one of prom-client is', async () => {
    const observation = fc.record({
      first: label,
      second: label,
      value: fc.constantFrom(0, 0.1, 0.5, 1, 7, 99),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(observation), async (observations) => {
        const [ours, theirs] = [new Registry(), new Registry()];
        for (const registry of [ours, theirs]) registry.setDefaultLabels({ service: 'test' });
        const options = { name: 'seconds', help: 'Time.', labelNames: ['first', 'second'] as const, buckets };
        const histogram = createHistogram({ ...options, registry: ours });
        const reference = new PromHistogram({
          ...options,
          labelNames: ['first', 'second'],
          registers: [theirs],
        });
        for (const { value, ...labels } of observations) {
          histogram.observe(labels, value);
          reference.observe(labels, value);
        }
        expect(sorted(await ours.metrics())).toEqual(sorted(await theirs.metrics()));
      }),
    );
  });

  it('keeps one series for equal labels', async () => {
    const registry = new Registry();
    const histogram = createHistogram({
      name: 'seconds',
      help: 'Time.',
      labelNames: ['a'],
      buckets,
      registry,
    });
    expect(histogram.labels({ a: 'x' })).toBe(histogram.labels({ a: 'x' }));
    expect(() =>
      createHistogram({ name: 'seconds', help: 'Again.', labelNames: [], buckets, registry }),
    ).toThrow(/seconds/);
  });
});
