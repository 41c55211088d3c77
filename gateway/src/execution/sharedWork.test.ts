import { describe, expect, it } from '@jest/globals';
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
  const join = (gone?: AbortSignal) => work.join(gone, () => new Error('left'));
  return { join, isGivenUp: () => isGivenUp };
}

describe('shared work', () => {
  it('is given up when the last has left, who are told at once', async () => {
    const { join, isGivenUp } = begin();
    const both = [new AbortController(), new AbortController()];
    const told = both.map(({ signal }) => join(signal).catch(({ message }: Error) => message));
    for (const { signal } of both) expect([signal.aborted, isGivenUp()]).toEqual([false, false]);
    both[0]?.abort();
    expect(isGivenUp()).toBe(false);
    both[1]?.abort();
    expect(isGivenUp()).toBe(true);
    expect(await Promise.all(told)).toEqual(['left', 'left']);
  });

  it('is not kept up by somebody who had left before they came', async () => {
    const { join, isGivenUp } = begin();
    const waiting = new AbortController();
    const waits = join(waiting.signal).catch(() => 'left');
    await expect(join(AbortSignal.abort())).rejects.toThrow('left');
    expect(isGivenUp()).toBe(false);
    waiting.abort();
    expect([await waits, isGivenUp()]).toEqual(['left', true]);
  });

  it('goes on for who waits whatever comes', () => {
    const { join, isGivenUp } = begin();
    const leaving = new AbortController();
    void join();
    void join(leaving.signal).catch(() => undefined);
    leaving.abort();
    expect(isGivenUp()).toBe(false);
  });
});
