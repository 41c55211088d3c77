import { describe, expect, it } from '@jest/globals';
import { onExpiry } from './expiry.ts';

const sessionUntil = (expiresAt: number) => ({ expiresAt });

describe('the expiry of a session', () => {
  it('is told when it comes, not before', async () => {
    const expiresAt = Date.now() + 100;
    await new Promise<void>((resolve) => onExpiry(sessionUntil(expiresAt), resolve));
    // Timers and clocks may differ by a millisecond.
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt - 1);
  });

  it('that has been already is told at once', async () => {
    await new Promise<void>((resolve) => onExpiry(sessionUntil(Date.now() - 1_000), resolve));
  });

  it('is not told to those who call it off, nor of what lasts longer than a timer can, or for ever', async () => {
    const told: string[] = [];
    onExpiry(sessionUntil(Date.now()), () => told.push('called off'))();
    const forgetFar = onExpiry(sessionUntil(Date.now() + 2 ** 40), () => told.push('far away'));
    onExpiry(sessionUntil(Number.POSITIVE_INFINITY), () => told.push('never'))();
    await new Promise<void>((resolve) => onExpiry(sessionUntil(Date.now() + 50), resolve));
    forgetFar();
    expect(told).toEqual([]);
  });
});
