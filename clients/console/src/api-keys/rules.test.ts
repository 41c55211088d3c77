import { expect, it } from '@jest/globals';
import { stateOf } from './rules.ts';

const nowMs = Date.UTC(2026, 0, 31, 12);

it('an API key is good until it ends or is revoked', () => {
  const expiresAt = '2026-01-31T12:00:00.001Z';
  expect(stateOf({ revokedAt: null, expiresAt }, nowMs)).toBe('good');
  expect(stateOf({ revokedAt: null, expiresAt }, nowMs + 1)).toBe('expired');
  expect(stateOf({ revokedAt: '2026-01-30T00:00:00.000Z', expiresAt }, nowMs)).toBe('revoked');
});
