import { describe, expect, it } from '@jest/globals';
import {
  describeLiveState,
  type LiveEvent,
  type LiveState,
  nextLiveState,
  noLiveConnection,
  reconnectDelayMs,
} from './live-state.ts';

const nowMs = Date.UTC(2025, 0, 1, 12, 0, 0);
const after = (...events: LiveEvent[]): LiveState =>
  events.reduce((state, event) => nextLiveState(state, event, nowMs), noLiveConnection);
const inWords = (state: LiveState) => describeLiveState(state, (ms) => new Date(ms).toISOString());

describe('the live connection', () => {
  it('is not spoken of while nothing is subscribed', () => {
    expect(inWords(noLiveConnection)).toBe('');
    expect(after('begun', 'connected', 'ended')).toEqual(noLiveConnection);
    expect(after('begun', 'connected', 'lost', 'ended')).toEqual(noLiveConnection);
    expect(after('lost')).toEqual(noLiveConnection);
    expect(after('connected')).toEqual(noLiveConnection);
  });

  it('is live once the gateway has accepted it', () => {
    expect(after('begun').phase).toBe('connecting');
    expect(inWords(after('begun', 'connected'))).toBe('Live');
  });

  it('says that it is lost, and after any number of failed attempts that it is back and since when', () => {
    const lost = after('begun', 'connected', 'lost', 'lost', 'lost');
    expect(inWords(lost)).toBe('Live connection lost. Reconnecting…');
    expect(inWords(nextLiveState(lost, 'connected', nowMs))).toBe(
      'Live again since 2025-01-01T12:00:00.000Z. Events in between were missed.',
    );
  });

  it('can be lost again', () => {
    expect(after('begun', 'connected', 'lost', 'connected', 'lost').phase).toBe('reconnecting');
  });

  it('has missed nothing when the first attempts failed', () => {
    expect(inWords(after('begun', 'lost', 'lost'))).toMatch(/^No live connection yet/);
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
