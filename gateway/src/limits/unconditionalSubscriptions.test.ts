import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { unconditionalSubscriptions } from './unconditionalSubscriptions.ts';

const schema = buildSchema('type Query { a: Int } type Thing { a: Int } type Subscription { born: Thing }');
const refusals = (query: string) =>
  validate(schema, parse(query), [unconditionalSubscriptions]).map(({ message }) => message);

describe('what a subscription subscribes to', () => {
  it.each([
    ['by its field', 'subscription ($on: Boolean!) { born @include(if: $on) { a } }', 'include'],
    ['by a constant', 'subscription { born @skip(if: false) { a } }', 'skip'],
    ['by an inline fragment', 'subscription ($on: Boolean!) { ... @skip(if: $on) { born { a } } }', 'skip'],
    [
      'within an inline fragment',
      'subscription ($on: Boolean!) { ... on Subscription { ... { born @include(if: $on) { a } } } }',
      'include',
    ],
    [
      'by a spread',
      'subscription ($on: Boolean!) { ...F @include(if: $on) } fragment F on Subscription { born { a } }',
      'include',
    ],
    [
      'within fragments',
      'subscription ($on: Boolean!) { ...F } fragment F on Subscription { ...G } fragment G on Subscription { born @skip(if: $on) { a } }',
      'skip',
    ],
  ])("can't be conditional %s", (_, query, directive) => {
    expect(refusals(query)).toEqual([
      `A subscription's field can't be conditional: take @${directive} away.`,
    ]);
  });

  it('may have conditions within', () => {
    expect(
      refusals('subscription ($on: Boolean!) { born { a @include(if: $on) ... @skip(if: $on) { a } } }'),
    ).toEqual([]);
  });

  it('may be a query’s field on a condition', () => {
    expect(
      refusals('query ($on: Boolean!) { a @include(if: $on) ...F @skip(if: $on) } fragment F on Query { a }'),
    ).toEqual([]);
  });

  it('is found where fragments are cyclic, missing, or double with each level', () => {
    expect(refusals('subscription { ...F } fragment F on Subscription { ...F ...Nowhere }')).toEqual([]);
    const levels = Array.from(
      { length: 23 },
      (_, n) => `fragment L${n} on Subscription { ...L${n + 1} ...L${n + 1} }`,
    );
    const startedAt = performance.now();
    const query = `subscription { ...L0 } ${levels.join(' ')} fragment L23 on Subscription { born @skip(if: true) { a } }`;
    expect(refusals(query)).toHaveLength(1);
    expect(performance.now() - startedAt).toBeLessThan(200);
  });
});
