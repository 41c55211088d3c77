import { describe, expect, it } from '@jest/globals';
import { eventually } from './waiting.ts';

describe('waiting for a condition', () => {
  it('looks until it holds', async () => {
    let looks = 0;
    await eventually(() => ++looks === 3, { timeoutMs: 5000, intervalMs: 1 });
    expect(looks).toBe(3);
  });

  it('ends with the last failure when the time is over', async () => {
    const failing = () => Promise.reject(new Error('still closed'));
    await expect(eventually(failing, { timeoutMs: 0 })).rejects.toThrow('still closed');
    await expect(eventually(() => false, { timeoutMs: 0 })).rejects.toThrow('did not happen within 0 ms');
  });

  it('ends when nobody waits any more', async () => {
    const signal = AbortSignal.abort(new Error('told to stop'));
    await expect(eventually(() => false, { timeoutMs: 5000, signal })).rejects.toThrow('told to stop');
  });
});
