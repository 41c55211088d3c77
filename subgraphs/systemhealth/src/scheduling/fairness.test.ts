import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chooseFairly, shareOf } from './fairness.ts';

const dueOf = (tenantId: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({ _id: `${tenantId}/${index}`, tenantId }));
const countOf = (chosen: readonly { tenantId: string }[], tenantId: string) =>
  chosen.filter((each) => each.tenantId === tenantId).length;

describe('the room of the scheduler', () => {
  it('is never all one tenant’s: its thousand checks leave room for another’s ten', () => {
    const first = chooseFairly(dueOf('big', 1_000), { free: 512, concurrency: 512, running: new Map() });
    expect(first).toHaveLength(256);
    const second = chooseFairly([...dueOf('big', 744), ...dueOf('small', 10)], {
      ...{ free: 256, concurrency: 512 },
      running: new Map([['big', 256]]),
    });
    expect(countOf(second, 'small')).toBe(10);
    expect(countOf(second, 'big')).toBe(0);
  });

  it('is taken in turns where it is short, soonest first within a tenant', () => {
    const chosen = chooseFairly([...dueOf('a', 50), ...dueOf('b', 50), ...dueOf('c', 1)], {
      ...{ free: 9, concurrency: 512, running: new Map([['b', 2]]) },
    });
    expect(['a', 'b', 'c'].map((each) => countOf(chosen, each))).toEqual([5, 3, 1]);
    expect(chosen.filter(({ tenantId }) => tenantId === 'a').map(({ _id }) => _id)).toEqual(
      dueOf('a', 5).map(({ _id }) => _id),
    );
  });

  it('is all used where many tenants are at work, keeps to its bounds and chooses nothing twice', () => {
    const tenants = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });
    const free = fc.integer({ min: 0, max: 64 });
    fc.assert(
      fc.property(tenants, free, (counts, given) => {
        const due = counts.flatMap((count, index) => dueOf(`t${index}`, count));
        const chosen = chooseFairly(due, { free: given, concurrency: 64, running: new Map() });
        const share = shareOf(counts.length, 64);
        const possible = counts.reduce((sum, count) => sum + Math.min(count, share), 0);
        expect(chosen).toHaveLength(Math.min(given, possible));
        expect(new Set(chosen.map(({ _id }) => _id)).size).toBe(chosen.length);
        // Of two tenants that both wanted more, neither has two more than the other.
        const wanting = counts.flatMap((count, index) => {
          const got = countOf(chosen, `t${index}`);
          return got < Math.min(count, share) ? [got] : [];
        });
        if (wanting.length > 0) expect(Math.max(...wanting) - Math.min(...wanting)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
