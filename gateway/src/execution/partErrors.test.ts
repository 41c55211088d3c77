import { describe, expect, it } from '@jest/globals';
import { type AwaitedPart, divideErrors, placeErrors } from './partErrors.ts';
import type { ResponsePath } from './responsePaths.ts';

function awaited(path: ResponsePath, ...ownKeys: string[]): AwaitedPart {
  const shape = () => {
    throw new Error('Nothing is shaped here.');
  };
  return { part: { number: 0, label: undefined, path, ownKeys: new Set(ownKeys), shape }, errors: [] };
}
const error = (...path: ResponsePath) => ({ message: 'Away.', path });
const items = (count: number) =>
  Array.from({ length: count }, (_, index) => awaited(['nodes', index], 'tenant'));

describe('an error', () => {
  it('of what only a part to come asks for is that part’s', () => {
    const parts = items(2);
    const others = [error('nodes', 1, 'name'), error('nodes'), error('nodes', 2, 'tenant')];
    const own = [error('nodes', 1, 'tenant', 'name'), error('nodes', 0, 'tenant')];
    expect(divideErrors([...others, ...own, { message: 'Away.' }], parts)).toEqual([
      ...others,
      { message: 'Away.' },
    ]);
    expect(parts.map(({ errors }) => errors)).toEqual([[own[1]], [own[0]]]);
  });

  it('is of that of several parts of one object which asks for the field', () => {
    const parts = [awaited([], 'tenant'), awaited([], 'services')];
    expect(divideErrors([error('services')], parts)).toEqual([]);
    expect(parts.map(({ errors }) => errors.length)).toEqual([0, 1]);
  });

  it('of what was asked for parts is of the part within which it happened, or which it took away', () => {
    const parts = [awaited(['other']), ...items(2)];
    placeErrors([error('nodes', 1, 'name'), error('nodes'), error('nowhere'), { message: 'Away.' }], parts);
    expect(parts.map(({ errors }) => errors)).toEqual([
      [{ message: 'Away.' }],
      [error('nodes')],
      [error('nodes', 1, 'name')],
    ]);
  });

  it('of each of ten thousand items holds nobody up', () => {
    const parts = items(10_000);
    const errors = parts.map(({ part }) => error(...part.path, 'tenant')).reverse();
    const before = process.cpuUsage();
    expect(divideErrors(errors, parts)).toEqual([]);
    placeErrors(errors, parts);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(500);
    expect(parts.every((part) => part.errors.length === 2)).toBe(true);
  });
});
