import { describe, expect, it } from '@jest/globals';
import { inMilliseconds, readTimings } from './timings.ts';

describe('timings of a run', () => {
  it('are read from the header: steps, fetches by their place in the plan, and the whole', () => {
    const header =
      'parse;dur=0.2, plan;desc="from memory";dur=0, fetch-0;desc="a, b";dur=12.5, fetch-3;dur=4, total;dur=20';
    expect(readTimings(header)).toEqual({
      totalMs: 20,
      steps: new Map([
        ['parse', 0.2],
        ['plan', 0],
      ]),
      fetches: new Map([
        [0, 12.5],
        [3, 4],
      ]),
    });
  });

  it('are none where the header says nothing', () => {
    expect(readTimings(null)).toBeNull();
    expect(readTimings('cache;desc="hit"')).toBeNull();
  });

  it('read as people write them', () => {
    expect([0.04, 9.96, 12.5].map(inMilliseconds)).toEqual(['0.0 ms', '10.0 ms', '13 ms']);
  });
});
