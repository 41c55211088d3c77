// How many list items an operation asks for, counted on documents alone.
import { describe, expect, it } from '@jest/globals';
import { buildSchema, getOperationAST, parse } from 'graphql';
import { refuseItems } from './itemLimit.ts';

const schema = buildSchema(/* GraphQL */ `
  interface Owner { things(first: Int): [Thing] }
  type Person implements Owner { things(first: Int): [Thing] friends(first: Int, after: ID): [Person] }
  type Team implements Owner { things(first: Int): [Thing] people(first: Int!): [Person] }
  type Thing { id: ID owner: Owner tags: [String] parts(first: Int): [Thing] whole: Thing }
  union Anything = Person | Team | Thing
  type Query { owner: Owner anything: Anything things(first: Int): [Thing] all: [Thing] }
  type Mutation { change: Thing }
`);

/** What is told of too many items: how many they are; undefined where they are allowed. */
function told(query: string, variables: Record<string, unknown> = {}): string | undefined {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('one operation is expected');
  const refused = refuseItems({ schema, document, operation, variables });
  if (refused) expect(refused.extensions).toEqual({ code: 'BAD_USER_INPUT' });
  return /up to ([\d,]+) list items/.exec(refused?.message ?? '')?.[1];
}

describe('the items of an operation', () => {
  it('are those of its pages, multiplied where they lie within each other', () => {
    expect(told('{ things(first: 10000) { id } }')).toBeUndefined();
    expect(told('{ things(first: 10001) { id } }')).toBe('10,001');
    expect(told('{ things(first: 100) { parts(first: 99) { id } } }')).toBeUndefined();
    expect(told('{ things(first: 100) { parts(first: 100) { id } } }')).toBe('10,100');
    expect(told('{ a: things(first: 9000) { id } b: things(first: 1001) { id } }')).toBe('10,001');
    // What lies between two pages multiplies nothing.
    expect(told('{ things(first: 100) { whole { whole { parts(first: 100) { id } } } } }')).toBe('10,100');
  });

  it('are twenty for a page that names no size, or none that counts', () => {
    // 20 × (1 + 20 × (1 + 20)) = 8,420; one level more is too many.
    expect(told('{ things { parts { parts { id } } } }')).toBeUndefined();
    expect(told('{ things { parts { parts { parts { id } } } } }')).toBe('168,420');
    for (const size of ['-5', '0', 'null', '"many"', '$none'])
      expect(told(`{ things(first: ${size}) { parts(first: 500) { id } } }`)).toBe('10,020');
  });

  it('are as many as the variables say', () => {
    const query = 'query ($n: Int, $m: Int = 5) { things(first: $n) { parts(first: $m) { id } } }';
    expect(told(query, { n: 100, m: 99 })).toBeUndefined();
    expect(told(query, { n: 100, m: 100 })).toBe('10,100');
    expect(told(query, { n: 100, m: null })).toBeUndefined();
  });

  it('of lists that have no pages are not counted', () => {
    expect(told('{ all { tags } things(first: 100) { tags } }')).toBeUndefined();
    expect(told('{ __schema { types { fields { args { name } } } } __typename }')).toBeUndefined();
    expect(told('mutation { change { parts(first: 20000) { id } } }')).toBe('20,000');
  });

  it('are found in fragments, on interfaces and unions too', () => {
    expect(told('{ owner { things(first: 100) { parts(first: 100) { id } } } }')).toBe('10,100');
    const inline =
      '{ owner { ... on Person { friends(first: 100) { ... { things(first: 100) { id } } } } } }';
    expect(told(inline)).toBe('10,100');
    expect(told('{ anything { ... on Owner { things(first: 10001) { id } } } }')).toBe('10,001');
    expect(
      told(
        '{ anything { ... on Team { people(first: 100) { ...P } } } } fragment P on Person { things(first: 100) { id } }',
      ),
    ).toBe('10,100');
    expect(
      told('{ a: all { ...T } b: all { ...T } } fragment T on Thing { parts(first: 5001) { id } }'),
    ).toBe('10,002');
  });

  it('are counted at once where fragments double with each level', () => {
    const levels = Array.from(
      { length: 17 },
      (_, n) => `fragment L${n} on Thing { a: whole { ...L${n + 1} } b: whole { ...L${n + 1} } }`,
    );
    const startedAt = performance.now();
    expect(
      told(`{ all { ...L0 } } ${levels.join(' ')} fragment L17 on Thing { parts(first: 20) { id } }`),
    ).toBe('2,621,440');
    expect(performance.now() - startedAt).toBeLessThan(200);
  });
});
