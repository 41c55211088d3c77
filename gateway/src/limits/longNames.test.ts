import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { longNames } from './longNames.ts';

const schema = buildSchema(`
  directive @defer(if: Boolean, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
  type Query { thing(of: String): String }
`);
const refusals = (query: string) =>
  validate(schema, parse(query), [longNames(200)]).map(({ message }) => message);
const [longest, tooLong] = ['a'.repeat(200), 'a'.repeat(201)];

describe('a name that a client gives', () => {
  it.each([
    ['an operation', (name: string) => `query ${name} { thing }`],
    ['a field of the answer', (name: string) => `{ ${name}: thing }`],
    ['a variable', (name: string) => `query ($${name}: String) { thing(of: $${name}) }`],
    ['a fragment', (name: string) => `{ ...${name} } fragment ${name} on Query { thing }`],
    ['a deferred part', (name: string) => `{ ... @defer(label: "${name}") { thing } }`],
  ])('to %s may have so many letters', (_what, query) => {
    expect(refusals(query(longest))).toEqual([]);
    const [refusal] = refusals(query(tooLong));
    expect(refusal).toMatch(/of 201 letters; 200 letters are allowed\.$/);
    // The answer does not repeat it either.
    expect(refusal?.length).toBeLessThan(100);
  });

  it('says nothing of values', () => {
    expect(refusals(`{ thing(of: "${tooLong}") }`)).toEqual([]);
  });
});
