import { describe, expect, it } from '@jest/globals';
import { apiKeyPattern, digestOf, newApiKey, readApiKey } from './api-key.ts';
import { newId } from './identifiers.ts';

describe('an API key', () => {
  it('names its id, is another each time, and holds 256 random bits in word characters', () => {
    const id = newId('key');
    const keys = Array.from({ length: 50 }, () => newApiKey(id));
    expect(new Set(keys).size).toBe(50);
    for (const key of keys) {
      expect(key).toMatch(apiKeyPattern);
      expect(key).toMatch(/^\w{85}$/);
      expect(readApiKey(key)).toEqual({ id, digest: digestOf(key) });
    }
  });

  it('is told from what is mistyped, cut short or made up', () => {
    const key = newApiKey(newId('key'));
    const last = key.endsWith('0') ? '1' : '0';
    const middle = key.charAt(60) === 'x' ? 'y' : 'x';
    for (const wrong of [
      key.slice(0, -1),
      `${key}0`,
      key.slice(0, -1) + last,
      key.slice(0, 60) + middle + key.slice(61),
      key.replace('sk_', 'pk_'),
      `sk_${'0'.repeat(32)}_${'0'.repeat(49)}`,
      '',
    ])
      expect(readApiKey(wrong)).toBeUndefined();
  });
});
