import { describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import type { Followed, LiveConnection } from '@supergraph/session/live';
import { follow } from './following.ts';

describe('what is followed', () => {
  it('goes on being shown where something changed while the present was asked for', async () => {
    let sink: Followed | undefined;
    let answer: (state: number[]) => void = () => undefined;
    const asked = new Promise<number[]>((resolve) => {
      answer = resolve;
    });
    // Of a connection, only these are used.
    const connection = {
      state: () => ({ phase: 'live' }),
      watch: () => () => undefined,
      follow: (_: unknown, given: Followed) => {
        sink = given;
        return () => undefined;
      },
    } as unknown as LiveConnection;
    const following = follow<number[], number>({
      ...{ connection, load: () => asked, changes: { query: '' } },
      apply: (state, changes) => [...state, ...changes],
    });
    sink?.begun();
    sink?.next({ change: 2 });
    answer([1]);
    await eventually(() => expect(following.shown().state).toEqual([1, 2]));
    sink?.next({ change: 3 });
    await eventually(() => expect(following.shown().state).toEqual([1, 2, 3]), { timeoutMs: 2_000 });
    following.stop();
  });

  it('is asked for anew where a change does not tell enough, one that comes meanwhile included', async () => {
    let sink: Followed | undefined;
    const answers: ((state: number) => void)[] = [];
    const connection = {
      state: () => ({ phase: 'live' }),
      watch: () => () => undefined,
      follow: (_: unknown, given: Followed) => {
        sink = given;
        return () => undefined;
      },
    } as unknown as LiveConnection;
    const following = follow<number, number>({
      ...{ connection, changes: { query: '' }, apply: null, againMs: 10 },
      load: () => new Promise<number>((resolve) => answers.push(resolve)),
    });
    sink?.begun();
    answers[0]?.(1);
    await eventually(() => expect(following.shown().state).toBe(1));
    for (let n = 0; n < 100; n += 1) sink?.next({ change: n });
    await eventually(() => expect(answers).toHaveLength(2));
    sink?.next({ change: 100 });
    // Live all the while: nothing that is shown is known to be untrue.
    expect(following.shown()).toMatchObject({ state: 1, freshness: { phase: 'live' } });
    await eventually(() => expect(answers).toHaveLength(3));
    answers[2]?.(3);
    await eventually(() => expect(following.shown().state).toBe(3));
    answers[1]?.(2);
    await Promise.resolve();
    expect(following.shown().state).toBe(3);
    following.stop();
  });
});
