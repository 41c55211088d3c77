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
});
