import { describe, expect, it } from '@jest/globals';
import { inTime, unlessAborted, within } from './deadline.ts';

const never = new Promise<never>(() => undefined);
const failing = () => Promise.reject(new Error('failed'));
const late = (): never => {
  throw new Error('late');
};

describe('work with a deadline', () => {
  it('gives its own result when it is in time', async () => {
    expect(await inTime(Promise.resolve(1), { deadlineMs: 60_000, otherwise: late })).toBe(1);
    await expect(inTime(failing(), { deadlineMs: 60_000, otherwise: late })).rejects.toThrow('failed');
  });

  it('gives what stands in for its result when it is late, or throws', async () => {
    expect(await inTime(never, { deadlineMs: 1, otherwise: () => 'instead' })).toBe('instead');
    await expect(inTime(never, { deadlineMs: 1, otherwise: late })).rejects.toThrow('late');
  });

  it('disturbs nobody when it fails after it was given up', async () => {
    const unhandled: unknown[] = [];
    const listener = (error: unknown) => void unhandled.push(error);
    process.on('unhandledRejection', listener);
    let fail: (error: Error) => void = () => undefined;
    const work = new Promise<never>((_, reject) => {
      fail = reject;
    });
    await within(1, work);
    await inTime(work, { deadlineMs: 1, otherwise: () => undefined });
    fail(new Error('nobody listens'));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });
});

describe('waiting within a time', () => {
  it('ends with the work, well or badly, or with the time', async () => {
    await within(60_000, Promise.resolve());
    await within(60_000, failing());
    await within(1, never);
  });
});

describe('work that knows no signals', () => {
  it('is left when the signal is aborted, also when that was before', async () => {
    const controller = new AbortController();
    const left = unlessAborted(never, controller.signal);
    controller.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    await expect(unlessAborted(never, controller.signal)).rejects.toThrow('gone');
    expect(await unlessAborted(Promise.resolve(1), new AbortController().signal)).toBe(1);
  });
});
