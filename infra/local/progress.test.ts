import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { showProgress, silent } from './progress.ts';

function recorder(options: { isTTY?: boolean; columns?: number } = {}) {
  const written: string[] = [];
  return { ...options, write: (text: string) => written.push(text), written, all: () => written.join('') };
}
afterEach(() => void jest.useRealTimers());

describe('progress in a log', () => {
  it('is a plain line for each thing done, with its time', async () => {
    const output = recorder();
    const progress = showProgress(output, {});
    expect(await progress.task('Redis', async () => 7)).toBe(7);
    progress.say('MongoDB: a stand-in.');
    await expect(progress.task('nginx', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(output.all()).toMatch(/^✓ Redis \d\.\d s\nMongoDB: a stand-in\.\n✗ nginx \d\.\d s\n$/);
  });

  it('says every ten seconds that it is still at it', async () => {
    jest.useFakeTimers();
    const output = recorder();
    let finish: () => void = () => undefined;
    const work = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const task = showProgress(output, {}).task('installing', () => work);
    await jest.advanceTimersByTimeAsync(25_000);
    expect(output.written).toEqual([
      '  installing: still at it, 10.0 s\n',
      '  installing: still at it, 20.0 s\n',
    ]);
    finish();
    await task;
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('progress on a terminal', () => {
  it('is one moving line, cleared for what is done', async () => {
    const output = recorder({ isTTY: true, columns: 20 });
    await showProgress(output, { TERM: 'xterm' }).task(
      'a title that is too long for it',
      async () => undefined,
    );
    expect(output.written[0]).toBe('\r\u001b[2K… a title that is t');
    expect(output.written.at(-1)).toBe(
      '\r\u001b[2K\u001b[32m✓\u001b[0m a title that is too long for it 0.0 s\n',
    );
  });

  it('has no colours with NO_COLOR, and no control codes on a dumb one', async () => {
    const plain = recorder({ isTTY: true });
    await showProgress(plain, { NO_COLOR: '1' }).task('x', async () => undefined);
    expect(plain.all()).not.toContain('\u001b[32m');
    const dumb = recorder({ isTTY: true });
    await showProgress(dumb, { TERM: 'dumb' }).task('x', async () => undefined);
    expect(dumb.all()).toMatch(/^✓ x 0\.0 s\n$/);
  });

  it('marks a failure in red', async () => {
    const output = recorder({ isTTY: true });
    const failing = () => Promise.reject(new Error('no'));
    await expect(showProgress(output, {}).task('x', failing)).rejects.toThrow('no');
    expect(output.all()).toContain('\u001b[31m✗\u001b[0m x');
  });
});

it('progress may be silent', async () => {
  silent.say('x');
  expect(await silent.task('x', async () => 1)).toBe(1);
});
