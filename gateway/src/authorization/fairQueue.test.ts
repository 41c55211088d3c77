import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FairQueue } from './fairQueue.ts';

interface Item {
  tenantId: string;
  number: number;
}
const item = (tenantId: string, number: number): Item => ({ tenantId, number });

describe('a fair queue', () => {
  it('lets the oldest of the tenant with most give way', () => {
    const queue = new FairQueue<Item>({ most: 4 });
    const loud = [0, 1, 2, 3, 4].map((number) => item('loud', number));
    queue.add(item('quiet', 0));
    expect(loud.map((each) => queue.add(each))).toEqual([undefined, undefined, undefined, loud[0], loud[1]]);
    expect(queue.add(item('quiet', 1))).toEqual(loud[2]);
    expect([...queue]).toEqual([item('quiet', 0), item('quiet', 1), loud[3], loud[4]]);
  });

  it('takes from each tenant in turn, the oldest first', () => {
    const queue = new FairQueue<Item>({ most: 10 });
    for (const each of [item('a', 0), item('a', 1), item('a', 2), item('b', 0), item('c', 0), item('b', 1)])
      queue.add(each);
    const taken = Array.from({ length: 7 }, () => queue.take());
    expect(taken.map((each) => each && `${each.tenantId}${each.number}`)).toEqual([
      ...['a0', 'b0', 'c0', 'a1', 'b1', 'a2', undefined],
    ]);
  });

  it('loses nothing but what gives way, and keeps no tenant below its share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.constant(null)), { maxLength: 60 }),
        (most, steps) => {
          const queue = new FairQueue<Item>({ most });
          const kept = new Map<string, number>();
          const count = (tenantId: string, by: number) => kept.set(tenantId, (kept.get(tenantId) ?? 0) + by);
          for (const step of steps) {
            const left = step === null ? queue.take() : queue.add(item(step, 0));
            if (step !== null) count(step, 1);
            if (left === undefined) continue;
            if (step !== null) expect(kept.get(left.tenantId)).toBe(Math.max(...kept.values()));
            count(left.tenantId, -1);
          }
          const sum = [...kept.values()].reduce((total, each) => total + each, 0);
          expect([queue.length, [...queue].length]).toEqual([sum, sum]);
          expect(sum).toBeLessThanOrEqual(most);
        },
      ),
    );
  });
});
