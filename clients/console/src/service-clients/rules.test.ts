import { describe, expect, it } from '@jest/globals';
import { keysIn } from './rules.ts';

const key = { kid: 'one', kty: 'EC', crv: 'P-256', x: 'x', y: 'y', use: 'sig', alg: 'ES256' };

describe('pasted keys', () => {
  it('are one key, a list, or a JWK Set; what the platform does not know of them is left out', () => {
    const pasted = { ...key, key_ops: ['verify'], x5c: ['…'] };
    for (const given of [pasted, [pasted], { keys: [pasted] }])
      expect(keysIn(JSON.stringify(given))).toEqual({ keys: [key] });
  });

  it('are refused before they are sent where one is private, or they are none', () => {
    expect(keysIn(JSON.stringify({ keys: [key, { ...key, d: 'secret' }] }))).toEqual({ fault: 'private' });
    for (const given of ['', '{', '[]', '{}', '"key"', '[[]]', '{"keys":1}', '{"kty":"EC"}', 'null'])
      expect(keysIn(given)).toEqual({ fault: 'not-keys' });
  });
});
