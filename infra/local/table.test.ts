import { describe, expect, it } from '@jest/globals';
import { table } from './table.ts';

describe('a table', () => {
  it('aligns its columns under a heading and lets the last one run', () => {
    const text = table([
      ['URL', 'what it is'],
      ['http://localhost', 'the edge'],
      ['logs', 'a much longer explanation'],
    ]);
    expect(text.split('\n').map((line) => line.trimEnd())).toEqual([
      '  URL               what it is',
      `  ${'─'.repeat(16)}  ${'─'.repeat(25)}`,
      '  http://localhost  the edge',
      '  logs              a much longer explanation',
    ]);
  });
});
