import { describe, expect, it } from '@jest/globals';
import { Cancellation } from './resilience/cancellation.ts';
import { SharedWork } from './sharedWork.ts';

/** Work that never ends by itself. */
function begin() {
  let isGivenUp = false;
  const work = new SharedWork<string>({
    answer: new Promise(() => undefined),
    isOpen: () => !isGivenUp,
    giveUp: () => {
      isGivenUp = true;
    },
  });
  const join = (gone?: Cancellation) => work.join(gone, () => new Error('left'));
  return { join, isGivenUp: () => isGivenUp };
}

describe('shared work', () => {
  it('is given up when the last has left, who are told at once', async () => {
    const { join, isGivenUp } = begin();
    const both = [new Cancellation(), new Cancellation()];
    const told = both.map((gone) => join(gone).catch(({ message }: Error) => message));
    for (const { isCancelled } of both) expect([isCancelled, isGivenUp()]).toEqual([false, false]);
    both[0]?.cancel();
    expect(isGivenUp()).toBe(false);
    both[1]?.cancel();
    expect(isGivenUp()).toBe(true);
    expect(await Promise.all(told)).toEqual(['left', 'left']);
  });

  it('is not kept up by somebody who had left before they came', async () => {
    const { join, isGivenUp } = begin();
    const waiting = new Cancellation();
    const left = new Cancellation();
    left.cancel();
    const waits = join(waiting).catch(() => 'left');
    await expect(join(left)).rejects.toThrow('left');
    expect(isGivenUp()).toBe(false);
    waiting.cancel();
    expect([await waits, isGivenUp()]).toEqual(['left', true]);
  });

  it('goes on for who waits whatever comes', () => {
    const { join, isGivenUp } = begin();
    const leaving = new Cancellation();
    void join();
    void join(leaving).catch(() => undefined);
    leaving.cancel();
    expect(isGivenUp()).toBe(false);
  });
});
