import { describe, expect, it } from '@jest/globals';
import { newId } from './identifiers.ts';

describe('identifiers', () => {
  it('carry their prefix and a UUIDv7', () => {
    expect(newId('ten')).toMatch(/^ten_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('sort in the order of their making and never repeat', () => {
    const made = Array.from({ length: 1_000 }, () => newId('svc'));
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(1_000);
  });

  it('refuse a prefix that is not a short lower-case word', () => {
    for (const prefix of ['', 'a', 'Ten', 'ten_', 'toolongprefix'])
      expect(() => newId(prefix)).toThrow(RangeError);
  });
});
