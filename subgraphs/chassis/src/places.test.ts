import { setImmediate } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { Places } from './places.ts';

it('takes so many at once, the others in their order, whatever becomes of those before', async () => {
  const places = new Places(2);
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  const all = Array.from({ length: 7 }, (_, index) =>
    places
      .take(async () => {
        begun.push(index);
        running += 1;
        most = Math.max(most, running);
        await setImmediate();
        running -= 1;
        if (index === 2) throw new Error('broken');
        return index;
      })
      .catch(() => null),
  );
  expect(await Promise.all(all)).toEqual([0, 1, null, 3, 4, 5, 6]);
  expect([most, begun]).toEqual([2, [0, 1, 2, 3, 4, 5, 6]]);
});
