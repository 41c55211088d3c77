import { describe, expect, it } from '@jest/globals';
import { LiveBacklog, type Push } from './live-backlog.ts';

const push = (sequence: number, at = sequence): Push => ({ sequence, at, channel: 'ticks', text: '{}' });
const sequences = (backlog: LiveBacklog, now: number) =>
  backlog.take(now).pushes.map(({ sequence }) => sequence);

describe('the backlog of live pushes', () => {
  it('hands each out once, in the order in which they were pushed', () => {
    const backlog = new LiveBacklog({ mostPushes: 10, longestMs: 100 });
    for (const sequence of [3, 1, 4, 2]) expect(backlog.keep(push(sequence), 5)).toBe(0);
    expect(sequences(backlog, 5)).toEqual([1, 2, 3, 4]);
    expect(sequences(backlog, 5)).toEqual([]);
  });

  it('drops the oldest when there are too many, and says so', () => {
    const backlog = new LiveBacklog({ mostPushes: 2, longestMs: 100 });
    expect([1, 2, 3, 4].map((sequence) => backlog.keep(push(sequence), 5))).toEqual([0, 0, 1, 1]);
    expect(sequences(backlog, 5)).toEqual([3, 4]);
  });

  it('drops what has become too old, and says so', () => {
    const backlog = new LiveBacklog({ mostPushes: 10, longestMs: 100 });
    backlog.keep(push(1, 0), 0);
    backlog.keep(push(2, 50), 50);
    expect(backlog.keep(push(3, 101), 101)).toBe(1);
    const { pushes, dropped } = backlog.take(151);
    expect([pushes.map(({ sequence }) => sequence), dropped]).toEqual([[3], 1]);
  });
});
