import { describe, expect, it } from '@jest/globals';
import { csvOf, isMonth, lastMonth } from './rules.ts';

describe('a month of service levels', () => {
  it('is the one before unless told, over the end of a year too', () => {
    expect(lastMonth(new Date('2026-03-31T23:00:00Z'))).toBe('2026-02');
    expect(lastMonth(new Date('2026-01-01T00:00:00Z'))).toBe('2025-12');
    expect(['2026-02', '2026-13', '2026-2', '', null].map(isMonth)).toEqual([
      ...[true, false, false, false, false],
    ]);
  });

  it('is written for spreadsheets: quoted where it must be, and never a formula', () => {
    expect(
      csvOf([
        ['part', 'minutes'],
        ['a "b", c', 3],
        ['=1+1', -2],
      ]),
    ).toBe('part,minutes\r\n"a ""b"", c",3\r\n\'=1+1,-2\r\n');
  });
});
