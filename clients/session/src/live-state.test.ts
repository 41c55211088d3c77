import { describe, expect, it } from '@jest/globals';
import {
  type LiveEvent,
  type LiveState,
  nextLiveState,
  noLiveConnection,
  reconnectDelayMs,
} from './live-state.ts';

const nowMs = Date.UTC(2025, 0, 1, 12, 0, 0);
const after = (...events: LiveEvent[]): LiveState =>
  events.reduce((state, event) => nextLiveState(state, event, nowMs), noLiveConnection);

describe('the live connection', () => {
  it('is not spoken of while nothing is subscribed', () => {
    expect(after('begun', 'connected', 'ended')).toEqual(noLiveConnection);
    expect(after('begun', 'connected', 'lost', 'ended')).toEqual(noLiveConnection);
    expect(after('lost')).toEqual(noLiveConnection);
    expect(after('connected')).toEqual(noLiveConnection);
  });

  it('is live once the gateway has accepted it', () => {
    expect(after('begun').phase).toBe('connecting');
    expect(after('begun', 'connected').phase).toBe('live');
  });

  it('says that it is lost, and after any number of failed attempts that it is back and since when', () => {
    const lost = after('begun', 'connected', 'lost', 'lost', 'lost');
    expect(lost.phase).toBe('reconnecting');
    expect(nextLiveState(lost, 'connected', nowMs)).toEqual({ phase: 'restored', atMs: nowMs });
  });

  it('can be lost again', () => {
    expect(after('begun', 'connected', 'lost', 'connected', 'lost').phase).toBe('reconnecting');
  });

  it('has missed nothing when the first attempts failed', () => {
    expect(after('begun', 'lost', 'lost').phase).toBe('unreachable');
    expect(after('begun', 'lost', 'connected')).toEqual({ phase: 'live' });
  });

  it('stays the same object where nothing changes', () => {
    for (const state of [after('begun', 'connected'), after('begun', 'connected', 'lost', 'connected')]) {
      expect(nextLiveState(state, 'begun', nowMs)).toBe(state);
      expect(nextLiveState(state, 'connected', nowMs)).toBe(state);
    }
  });
});

describe('the wait before connecting again', () => {
  it('grows to a limit and is spread', () => {
    expect([0, 1, 2, 3, 30].map((attempts) => reconnectDelayMs(attempts, 1))).toEqual([
      1_000, 2_000, 4_000, 8_000, 8_000,
    ]);
    expect(reconnectDelayMs(0, 0)).toBe(500);
  });
});
