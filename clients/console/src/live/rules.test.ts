import { describe, expect, it } from '@jest/globals';
import { type Freshness, freshnessOf } from './rules.ts';

const nowMs = Date.UTC(2026, 0, 1, 3);
const live: Freshness = { phase: 'live' };
const loading: Freshness = { phase: 'loading' };

describe('how fresh what is shown is', () => {
  it('is live once the present is there and the connection stands', () => {
    const facts = { previous: loading, nowMs };
    expect(freshnessOf({ ...facts, phase: 'connecting', isLoaded: false })).toBe(loading);
    expect(freshnessOf({ ...facts, phase: 'live', isLoaded: false })).toBe(loading);
    expect(freshnessOf({ ...facts, phase: 'live', isLoaded: true })).toEqual(live);
  });

  it('is stale from the moment of a cut, until the connection is back and nothing is missing', () => {
    const cut = freshnessOf({ phase: 'reconnecting', isLoaded: true, previous: live, nowMs });
    expect(cut).toEqual({ phase: 'stale', sinceMs: nowMs });
    const later = { previous: cut, nowMs: nowMs + 60_000 };
    expect(freshnessOf({ ...later, phase: 'reconnecting', isLoaded: true })).toBe(cut);
    expect(freshnessOf({ ...later, phase: 'restored', isLoaded: false })).toBe(cut);
    expect(freshnessOf({ ...later, phase: 'restored', isLoaded: true })).toEqual(live);
  });

  it('stays the same object while nothing changes', () => {
    expect(freshnessOf({ phase: 'restored', isLoaded: true, previous: live, nowMs })).toBe(live);
  });
});
