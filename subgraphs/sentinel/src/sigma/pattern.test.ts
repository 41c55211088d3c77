import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePattern, patternMatcher } from './pattern.ts';

/** By a regular expression, which these short texts can't make slow. */
function naive(pattern: string, text: string): boolean {
  const source = parsePattern(pattern)
    .map((part) => {
      if (typeof part === 'string') return part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
      return part.wildcard === 'any' ? '.*' : '.';
    })
    .join('');
  return new RegExp(`^${source}$`, 'su').test(text);
}

it('matches what its wildcards say, for any pattern and text', () => {
  const letters = (...characters: string[]) =>
    fc.array(fc.constantFrom(...characters), { maxLength: 12 }).map((each) => each.join(''));
  fc.assert(
    fc.property(letters('a', 'b', '*', '?', '\\', 'é'), letters('a', 'b', '\\', 'é'), (pattern, text) => {
      expect(patternMatcher(parsePattern(pattern), { isCased: true })(text)).toBe(naive(pattern, text));
    }),
    { numRuns: 3_000 },
  );
});

it('takes a pattern that would make a backtracking matcher stand still', () => {
  const matches = patternMatcher(parsePattern(`${'a*'.repeat(50)}b?`), { isCased: false });
  const begun = performance.now();
  expect(matches('a'.repeat(20_000))).toBe(false);
  expect(performance.now() - begun).toBeLessThan(1_000);
});
