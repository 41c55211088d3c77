// Each rule that ships is tried on its own examples.
import { describe, expect, it } from '@jest/globals';
import { failedExamples } from '../examples.ts';
import { compileRule } from '../rule.ts';
import { builtInRules } from './index.ts';

describe.each(builtInRules.map((rule) => [rule.id, rule] as const))('%s', (_, { sigma, examples }) => {
  it('has an example that it finds something in, and one in which it finds nothing', () => {
    expect(new Set(examples.map(({ isFound }) => isFound))).toEqual(new Set([true, false]));
  });

  it('comes out as its examples say', () => {
    expect(failedExamples(sigma, examples)).toEqual([]);
  });

  it('names a technique of ATT&CK, and describes itself', () => {
    const { techniques, output } = compileRule(sigma);
    expect(techniques.length).toBeGreaterThan(0);
    expect(output.description).toBeTruthy();
  });
});

it('no two are called alike', () => {
  expect(new Set(builtInRules.map(({ id }) => id)).size).toBe(builtInRules.length);
});
