import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TransientMap, TransientSet } from './transient.ts';

setFlagsFromString('--expose-gc');
const collect: (options?: { type: 'minor' }) => void = runInNewContext('gc');

const oldBytes = () =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')?.space_used_size ?? 0;

/** Lets entries of a kilobyte come and go, fifty at a time. @returns bytes of them that small collections kept */
function keptBytes(held: { enter(entry: object): void; leave(entry: object): void }): number {
  const there: object[] = [];
  const comeAndGo = () => {
    for (let count = 0; count < 2_000; count += 1) {
      const entry = { bulk: new Array(125).fill(count) };
      held.enter(entry);
      there.push(entry);
      const [first] = there;
      if (there.length <= 50 || first === undefined) continue;
      held.leave(first);
      there.shift();
    }
    collect({ type: 'minor' });
  };
  comeAndGo();
  collect();
  const before = oldBytes();
  for (let round = 0; round < 20; round += 1) comeAndGo();
  return oldBytes() - before;
}

describe('what is held of short-lived entries', () => {
  it('does not stay in memory when they have gone', () => {
    const set = new TransientSet<object>();
    const map = new TransientMap<object, object>();
    const inSet = { enter: (entry: object) => set.add(entry), leave: (entry: object) => set.delete(entry) };
    const inMap = {
      enter: (entry: object) => map.set(entry, entry),
      leave: (entry: object) => map.delete(entry),
    };
    // 40 MB have gone through.
    expect(keptBytes(inSet)).toBeLessThan(4_000_000);
    expect(keptBytes(inMap)).toBeLessThan(4_000_000);
  });
});

const changes = fc.array(fc.record({ key: fc.nat(20), isDeletion: fc.boolean() }), { maxLength: 1_000 });

describe('a transient map', () => {
  it('has what a Map has, and the same as its first', () => {
    fc.assert(
      fc.property(changes, (given) => {
        const map = new TransientMap<number, number>();
        const model = new Map<number, number>();
        for (const [index, { key, isDeletion }] of given.entries()) {
          for (const each of [map, model]) isDeletion ? each.delete(key) : each.set(key, index);
          expect(map.get(key)).toBe(model.get(key));
          expect(map.first()).toEqual(model.entries().next().value);
        }
      }),
    );
  });
});

describe('a transient set', () => {
  it('has what a Set has, in its order', () => {
    fc.assert(
      fc.property(changes, (given) => {
        const set = new TransientSet<number>();
        const model = new Set<number>();
        for (const { key, isDeletion } of given) {
          for (const each of [set, model]) isDeletion ? each.delete(key) : each.add(key);
          expect([set.size, set.first()]).toEqual([model.size, model.values().next().value]);
        }
        expect([...set]).toEqual([...model]);
      }),
    );
  });
});
