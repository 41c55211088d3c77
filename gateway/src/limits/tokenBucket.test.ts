import { describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { TokenBucket } from './tokenBucket.ts';

describe('a token bucket', () => {
  it('lets a burst through, and nothing above it', () => {
    const bucket = new TokenBucket({ perSecond: 0.001, burst: 3 });
    expect([bucket.take(), bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, true, false]);
  });

  it('fills again, no faster than its rate and no higher than its burst', async () => {
    const startedAt = performance.now();
    const bucket = new TokenBucket({ perSecond: 50, burst: 2 });
    let passed = 0;
    await eventually(() => {
      if (bucket.take()) passed += 1;
      return passed >= 8;
    });
    const most = 2 + ((performance.now() - startedAt) / 1000) * 50;
    expect(passed).toBeLessThanOrEqual(most);
    const emptiedAt = performance.now();
    await eventually(() => performance.now() - emptiedAt > 150);
    // Seven have come meanwhile; there is room for two.
    expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, false]);
  });
});
