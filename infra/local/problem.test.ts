import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { errorCode, explain, Problem } from './problem.ts';

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('the explanation of an error', () => {
  it('is a problem’s own words, without a stack', () => {
    expect(explain(new Problem('Do this.'))).toBe('Do this.');
  });

  it.each([
    ['ENOSPC', /disk is full.*Free some space/],
    ['EACCES', /may not do that.*who owns/],
    ['EROFS', /read-only.*writable disk/],
    ['EMFILE', /ulimit/],
  ])('says what to do about %s', (code, advice) => {
    expect(explain(Object.assign(new Error(`${code}: open '/x'`), { code }))).toMatch(advice);
  });

  it('recognizes a full disk by another program’s words', () => {
    expect(explain(new Error('write failed: No space left on device'))).toMatch(/Free some space/);
  });

  it('takes a folder that can’t be made for what it is', () => {
    expect(explain(Object.assign(new Error('mkdir'), { code: 'ENOENT', syscall: 'mkdir' }))).toMatch(
      /read-only/,
    );
  });

  it('shows a mistyped option without a stack', () => {
    const text = explain(thrownBy(() => parseArgs({ args: ['--frehs'], options: {} })));
    expect(text).toMatch(/'--frehs'[\s\S]*See --help/);
    expect(text).not.toMatch(/\n {4}at /);
  });

  it('keeps the stack of what nobody expected', () => {
    expect(explain(new TypeError('x is not a function'))).toMatch(/x is not a function\n {4}at /);
    expect(explain('thrown text')).toBe('thrown text');
  });
});

it('an error’s code is read where there is one', () => {
  expect(errorCode(thrownBy(() => readFileSync('/nowhere')))).toBe('ENOENT');
  expect(errorCode(new Error('x'))).toBeUndefined();
  expect(errorCode(7)).toBeUndefined();
});
