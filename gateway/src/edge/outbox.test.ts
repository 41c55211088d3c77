// What becomes of a slow client's messages, and how many writes a fast one costs.
import { describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { Flusher } from './flusher.ts';
import { type Frame, Outbox } from './outbox.ts';

/** A client that takes nothing while it is slow. */
function client(flusher: Flusher, limitBytes = 1_000_000) {
  const writes: string[][] = [];
  let unsentBytes = 0;
  let drained: () => void = () => undefined;
  let isDropped = false;
  const outbox = new Outbox({
    target: {
      write: (frames: readonly Frame[]) => void writes.push(frames.map(({ head, end }) => `${head}${end}`)),
      get unsentBytes() {
        return unsentBytes;
      },
      whenDrained(then) {
        drained = then;
      },
    },
    flusher,
    limitBytes,
    tooSlow() {
      isDropped = true;
    },
  });
  return {
    outbox,
    writes,
    leave(bytes: number) {
      unsentBytes = bytes;
    },
    drain() {
      unsentBytes = 0;
      drained();
    },
    isDropped: () => isDropped,
  };
}

const frame = (text: string): Frame => ({ head: '', end: Buffer.from(text) });

describe('messages to a client', () => {
  it('that come within a moment leave in one write, in their order', async () => {
    const { outbox, writes } = client(new Flusher());
    for (const text of ['a', 'b', 'c']) outbox.push(frame(text));
    await eventually(() => writes.length > 0);
    expect(writes).toEqual([['a', 'b', 'c']]);
  });

  it('leave before others that are sent at once', () => {
    const { outbox, writes } = client(new Flusher());
    outbox.push(frame('a'));
    outbox.flush();
    expect(writes).toEqual([['a']]);
  });

  it('that it leaves unread beyond the limit drop it', () => {
    const slow = client(new Flusher(), 100);
    slow.leave(101);
    slow.outbox.push(frame('a'));
    slow.outbox.flush();
    expect([slow.writes, slow.isDropped()]).toEqual([[], true]);
  });

  it('of gauges are the latest of each when it is slow, and all when it is not', () => {
    const slow = client(new Flusher());
    slow.outbox.push(frame('a1'), 'a');
    slow.outbox.push(frame('a2'), 'a');
    slow.outbox.flush();
    slow.leave(100_000);
    for (const [text, key] of [
      ['a3', 'a'],
      ['b1', 'b'],
      ['a4', 'a'],
      ['b2', 'b'],
    ] as const)
      slow.outbox.push(frame(text), key);
    slow.outbox.flush();
    expect(slow.writes).toEqual([['a1', 'a2']]);
    slow.drain();
    expect(slow.writes.slice(1)).toEqual([['a4', 'b2']]);
    slow.outbox.push(frame('a5'), 'a');
    slow.outbox.flush();
    expect(slow.writes.at(-1)).toEqual(['a5']);
  });
});
