import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { refuseNull } from './nullVariables.ts';

const told = (query: string, variables: Record<string, unknown>) =>
  refuseNull(parse(query), variables)?.message;

describe('a condition', () => {
  it.each([
    ['a field', 'query ($on: Boolean = true) { a @include(if: $on) }', 'include'],
    ['an inline fragment', 'query ($on: Boolean = true) { ... @skip(if: $on) { a } }', 'skip'],
    ['a spread', 'query ($on: Boolean = true) { ...F @skip(if: $on) } fragment F on Query { a }', 'skip'],
    [
      'a field of a fragment',
      'query ($on: Boolean = true) { ...F } fragment F on Query { ... { a @include(if: $on) } }',
      'include',
    ],
  ])('of %s whose variable is null is refused', (_, query, directive) => {
    expect(told(query, { on: null })).toBe(
      `The variable $on is null, and @${directive} needs true or false.`,
    );
    for (const on of [true, false]) expect(told(query, { on })).toBeUndefined();
  });

  it('is refused once, as wrong input of the client', () => {
    const query = 'query ($on: Boolean = true) { a @include(if: $on) b @skip(if: $on) }';
    expect(refuseNull(parse(query), { on: null })).toMatchObject({
      message: expect.stringContaining('@include'),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  it('is no matter where null is given to something else', () => {
    const query = 'query ($on: Boolean = true, $id: ID) { a(if: $id) @include(if: $on) b @other(if: $id) }';
    expect(told(query, { on: true, id: null })).toBeUndefined();
    expect(told('{ a @include(if: true) }', { id: null })).toBeUndefined();
  });
});

describe('a question about a type', () => {
  it('without its name is refused', () => {
    const query = 'query ($name: String = "Query") { t: __type(name: $name) { kind } }';
    expect(told(query, { name: null })).toBe('The variable $name is null, and __type needs a name.');
    expect(told(query, { name: 'Item' })).toBeUndefined();
  });
});
