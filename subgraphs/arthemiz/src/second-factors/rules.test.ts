import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { comparableCode, keyUri, newTotpSecret, recoveryCode, stepOfCode } from './rules.ts';

/** The secret of RFC 6238's appendix B, and its times in seconds with the last six digits of its codes. */
const secret = newTotpSecret(new TextEncoder().encode('12345678901234567890'));
const vectors = [
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
  [20000000000, '353130'],
] as const;
const at = (seconds: number) => new Date(seconds * 1000);

describe('a one-time code', () => {
  it.each(vectors)('of RFC 6238 at %d s is %s', (seconds, code) => {
    expect(stepOfCode({ secret, code, now: at(seconds) })).toBe(Math.floor(seconds / 30));
  });

  it('is right for its own step, the one before and the one after, and never further away', () => {
    for (const [seconds, code] of vectors) {
      const step = Math.floor(seconds / 30);
      for (const drift of [-30, 30])
        expect(stepOfCode({ secret, code, now: at(seconds + drift) })).toBe(step);
      for (const drift of [-60, 60, 90]) {
        expect(stepOfCode({ secret, code, now: at(seconds + drift) })).toBeNull();
      }
    }
  });

  it('has six digits and nothing else', () => {
    for (const code of ['', '28708', '2870820', '94287082', 'abcdef', '２８７０８２']) {
      expect(stepOfCode({ secret, code, now: at(59) })).toBeNull();
    }
  });

  it('is compared as it is meant, however people type it', () => {
    for (const typed of [' 287 082 ', '287-082', '２８７０８２']) {
      expect(stepOfCode({ secret, code: comparableCode(typed), now: at(59) })).toBe(1);
    }
  });
});

describe('the key that an app scans', () => {
  it('names the issuer and the account, and spells out what apps take for granted', () => {
    const uri = new URL(keyUri({ secret, issuer: 'localhost:8080', account: 'o&o@acme.test' }));
    expect(decodeURIComponent(uri.pathname)).toContain('localhost:8080:o&o@acme.test');
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      issuer: 'localhost:8080',
      secret,
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
  });
});

describe('a recovery code', () => {
  it('is the same however it is spelled', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 10, maxLength: 10 }), (bytes) => {
        const code = recoveryCode(new Uint8Array(bytes));
        expect(code).toMatch(/^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$/);
        expect(comparableCode(code.toLowerCase().replaceAll('-', ' '))).toBe(comparableCode(code));
      }),
    );
  });
});
