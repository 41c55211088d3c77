import { describe, expect, it } from '@jest/globals';
import { dueKey, type KeySchedule, keyStates, publishAheadMs, rotateAfterMs } from './rules.ts';

const start = new Date('2026-01-01T00:00:00Z');
const after = (ms: number) => new Date(start.getTime() + ms);
const key = (sequence: number, activeFrom: Date): KeySchedule => ({ sequence, activeFrom });
const minute = 60_000;

describe('the key that is due', () => {
  it('is, on the very first start, one that signs at once', () => {
    expect(dueKey([], start)).toEqual(key(1, start));
  });

  it('is none for 29 days, then a successor that is published for a day before it signs', () => {
    const keys = [key(1, start)];
    expect(dueKey(keys, after(rotateAfterMs - publishAheadMs - 1))).toBeNull();
    expect(dueKey(keys, after(rotateAfterMs - publishAheadMs))).toEqual(key(2, after(rotateAfterMs)));
  });

  it('is published ahead of its use also when the service was stopped for months', () => {
    const now = after(10 * rotateAfterMs);
    expect(dueKey([key(1, start)], now)?.activeFrom).toEqual(new Date(now.getTime() + publishAheadMs));
  });

  it('is none while a successor waits', () => {
    const keys = [key(1, start), key(2, after(rotateAfterMs))];
    expect(dueKey(keys, after(rotateAfterMs - minute))).toBeNull();
  });
});

describe('a key', () => {
  const keys = [key(1, start), key(2, after(rotateAfterMs))];

  it('signs until its successor does', () => {
    expect(keyStates(keys, after(-1))).toEqual(['upcoming', 'upcoming']);
    expect(keyStates(keys, start)).toEqual(['active', 'upcoming']);
    expect(keyStates(keys, after(rotateAfterMs - 1))).toEqual(['active', 'upcoming']);
    expect(keyStates(keys, after(rotateAfterMs))).toEqual(['retired', 'active']);
  });

  it('that was added after a leak signs in its time, though a successor waits for a later one', () => {
    const leaked = rotateAfterMs - publishAheadMs / 2;
    const all = [...keys, key(3, after(leaked + minute))];
    expect(keyStates(all, after(leaked))).toEqual(['active', 'upcoming', 'upcoming']);
    expect(keyStates(all, after(leaked + minute))).toEqual(['retired', 'retired', 'active']);
    expect(keyStates(all, after(rotateAfterMs))).toEqual(['expired', 'expired', 'active']);
  });

  it('stays published until the last token of a copy that noticed ten minutes late has expired', () => {
    expect(keyStates(keys, after(rotateAfterMs + 25 * minute - 1))).toEqual(['retired', 'active']);
    expect(keyStates(keys, after(rotateAfterMs + 25 * minute))).toEqual(['expired', 'active']);
  });
});
