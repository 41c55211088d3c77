import { expect, it } from '@jest/globals';
import type { LiveState } from '@supergraph/session/live-state';
import { describeLiveState } from './live-words.ts';

const inWords = (state: LiveState) => describeLiveState(state, (ms) => new Date(ms).toISOString());

it('says how the live connection stands, and nothing while nothing is subscribed', () => {
  expect(inWords({ phase: 'none' })).toBe('');
  expect(inWords({ phase: 'live' })).toBe('Live');
  expect(inWords({ phase: 'unreachable' })).toMatch(/^No live connection yet/);
  expect(inWords({ phase: 'reconnecting' })).toBe('Live connection lost. Reconnecting…');
  expect(inWords({ phase: 'restored', atMs: Date.UTC(2025, 0, 1, 12, 0, 0) })).toBe(
    'Live again since 2025-01-01T12:00:00.000Z. Events in between were missed.',
  );
});
