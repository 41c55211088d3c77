import { describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { createDocuments } from './documents.ts';

const schema = buildSchema('type Query { a: Int }');
const source = (query: string) => ({ query, operationName: undefined, mayLearnSchema: true });

describe('documents', () => {
  it('are parsed once', () => {
    const documents = createDocuments({ schema });
    const first = documents.read(source('{ a }'));
    const again = documents.read(source('{ a }'));
    expect('document' in first && 'document' in again && again.document === first.document).toBe(true);
  });

  it('are weighed by their tokens, so that what is remembered of them is bounded', () => {
    const query = (n: number) => `{ a${n}: a ${'c:a '.repeat(100)} }`;
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
});
