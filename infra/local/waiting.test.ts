import { describe, expect, it } from '@jest/globals';
import { eventually, withDeadline } from './waiting.ts';

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

describe('a deadline', () => {
  it('passes the outcome on', async () => {
    expect(await withDeadline(Promise.resolve(1), 1000, 'it')).toBe(1);
    await expect(withDeadline(Promise.reject(new Error('no')), 1000, 'it')).rejects.toThrow('no');
  });

  it('says what took too long', async () => {
    await expect(withDeadline(new Promise(() => undefined), 1, 'asking')).rejects.toThrow(
      'asking took longer than 1 ms',
    );
  });
});
