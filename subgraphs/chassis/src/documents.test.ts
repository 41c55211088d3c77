import { describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { createDocuments } from './documents.ts';
import { noIntrospection } from './introspection.ts';

const schema = buildSchema('type Query { alpha: Int } type Subscription { beat: Int, other: Int }');
const source = (query: string) => ({ query, operationName: null, mayLearnSchema: false });

describe('documents', () => {
  it('are parsed once', () => {
    const documents = createDocuments({ schema });
    const first = documents.read(source('{ alpha }'));
    const again = documents.read(source('{ alpha }'));
    expect('document' in first && 'document' in again && again.document === first.document).toBe(true);
  });

  it('are weighed by their tokens, so that what is remembered of them is bounded', () => {
    const query = (n: number) => `{ a${n}: alpha ${'c:alpha '.repeat(100)} }`;
    const read = createDocuments({ schema }).read(source(query(0)));
    const bytes = 'bytes' in read ? read.bytes : 0;
    expect(bytes).toBeGreaterThan(300 * 400);
    // Room for two.
    const documents = createDocuments({ schema, cacheBytes: bytes * 2.5 });
    const [zero] = [0, 1, 2].map((n) => documents.read(source(query(n))));
    const again = documents.read(source(query(0)));
    expect('document' in again && zero && 'document' in zero && again.document === zero.document).toBe(false);
    expect(again).toMatchObject({ bytes });
  });

  it.each([
    ['breaks off', '{ alpha', 'GRAPHQL_PARSE_FAILED'],
    ['has too many tokens', `{ ${'alpha '.repeat(100)} }`, 'GRAPHQL_PARSE_FAILED'],
    ['asks for what is not there', '{ alpa }', 'GRAPHQL_VALIDATION_FAILED'],
    ['breaks a rule of the caller', '{ __schema { description } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['has two subscription fields', 'subscription { beat other }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'makes a subscription field depend on a variable',
      'subscription ($x: Boolean!) { beat @include(if: $x) }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['has two operations', 'query A { alpha } query B { alpha }', 'OPERATION_RESOLUTION_FAILURE'],
  ])('one that %s is refused', (_, query, code) => {
    const documents = createDocuments({ schema, firstRules: [noIntrospection], maximumTokens: 50 });
    expect(documents.read(source(query))).toMatchObject({ errors: [{ extensions: { code } }] });
  });

  it('suggest names of the schema only to those who may learn it', () => {
    const documents = createDocuments({ schema });
    const message = (mayLearnSchema: boolean) =>
      JSON.stringify(documents.read({ ...source('{ alpa }'), mayLearnSchema }));
    expect(message(false)).not.toContain('Did you mean');
    expect(message(true)).toContain('Did you mean');
  });
});
