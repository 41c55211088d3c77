import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createTurns } from './turns.ts';

/** Takes that long. */
function busy(milliseconds: number): void {
  const endsAt = performance.now() + milliseconds;
  while (performance.now() < endsAt);
}

describe('work that comes all at once', () => {
  it('is done at once while the moment has room for it, then in its order, with turns of others between', async () => {
    const turns = createTurns({ momentMs: 10 });
    const done: string[] = [];
    const work = (name: string) => () => {
      busy(4);
      done.push(name);
    };
    const names = Array.from({ length: 10 }, (_, number) => `work ${number}`);
    const wasDone = names.map((name) => turns.do(work(name)));
    // Three on a machine that has nothing else to do.
    const atOnce = wasDone.indexOf(false);
    expect([1, 2, 3]).toContain(atOnce);
    expect(wasDone.slice(atOnce)).not.toContain(true);
    let others = 0;
    while (done.length < names.length) {
      await turn();
      others += 1;
    }
    expect(done).toEqual(names);
    expect(others).toBeGreaterThanOrEqual(3);
  });

  it('has its moments to itself again after a pause', async () => {
    const turns = createTurns({ momentMs: 1 });
    expect([turns.do(() => busy(2)), turns.do(() => busy(2))]).toEqual([true, false]);
    for (let count = 0; count < 3; count += 1) await turn();
    expect(turns.do(() => undefined)).toBe(true);
  });

  it('goes on when a piece of it fails', async () => {
    const turns = createTurns({ momentMs: 1 });
    let isDone = false;
    expect(() =>
      turns.do(() => {
        busy(2);
        throw new Error('this one');
      }),
    ).toThrow('this one');
    turns.do(() => {
      isDone = true;
    });
    for (let count = 0; count < 3; count += 1) await turn();
    expect(isDone).toBe(true);
  });
});
