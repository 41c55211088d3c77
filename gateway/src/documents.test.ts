import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { createDocuments } from './documents.ts';
import { loadSupergraph } from './execution/supergraph.ts';

const source = (query: string) => ({ query, operationName: undefined, mayLearnSchema: true });

describe('a document as large as may be', () => {
  const file = new URL('../../schema/supergraph.graphql', import.meta.url);
  const supergraph = loadSupergraph(readFileSync(file, 'utf8'));
  const many = (count: number, text: (number: number) => string) =>
    Array.from({ length: count }, (_, number) => text(number)).join(' ');

  /** What becomes of it. It may take longer while it is compiled, but not always. */
  function readAtOnce(query: string) {
    for (let attempts = 1; ; attempts += 1) {
      const documents = createDocuments(supergraph);
      const before = process.cpuUsage();
      const read = documents.read(source(query));
      const { user, system } = process.cpuUsage(before);
      const heldMs = (user + system) / 1000;
      if (heldMs < 150) return read;
      if (attempts === 10) throw new Error(`It held everybody up for ${heldMs} ms.`);
    }
  }

  it.each([
    ['equal fields', `{ ${'viewer { id } '.repeat(100)} }`],
    ['equal fields within equal ones', `{ ${many(10, (n) => `a${n}: ${'viewer { id } '.repeat(10)}`)} }`],
    ['other fields', `{ ${many(100, (n) => `a${n}: viewer { ${many(9, (m) => `b${m}: id`)} }`)} }`],
    [
      'fragments',
      `{ ${many(100, (n) => `...F${n}`)} } ${many(100, (n) => `fragment F${n} on Query { a${n}: viewer { id } }`)}`,
    ],
    [
      'fragments within each other',
      `{ ...F0 } ${many(30, (n) => `fragment F${n} on Query { a${n}: viewer { id } ${n < 29 ? `...F${n + 1}` : ''} }`)}`,
    ],
  ])('with many %s holds nobody up for long', (_, query) => {
    expect(readAtOnce(query)).not.toHaveProperty('errors');
  });

  it.each([
    ['equal fields', `{ ${'viewer{id}'.repeat(499)} }`, /asks for "viewer" 499 times; 100 are allowed/],
    [
      'equal fields within equal ones',
      `{ ${`viewer{${'id '.repeat(9)}}`.repeat(99)} }`,
      /asks for "viewer.id" 891 times; 100 are allowed/,
    ],
    [
      'fragments within each other',
      `{ ...F0 } ${many(31, (n) => `fragment F${n} on Query { a${n}: viewer { id } ${n < 30 ? `...F${n + 1}` : ''} }`)}`,
      /spreads 31 fragments within each other; 30 are allowed/,
    ],
    [
      'fragments that nobody spreads',
      `{ viewer { id } } fragment F on Query { ${'viewer{id}'.repeat(1_000)} }`,
      /Fragment "F" is never used/,
    ],
    [
      'fragments in circles',
      `{ ...F0 } ${many(30, (n) => `fragment F${n} on Query { ${many(40, (m) => `...F${m % 30}`)} viewer { id } }`)}`,
      /Cannot spread fragment "F0" within itself/,
    ],
    ['letters in a name', `{ ${'a'.repeat(1_000_000)}: __typename }`, /a name of 1000000 letters/],
  ])('is refused with too many %s, before other rules look at them', (_, query, reason) => {
    const read = readAtOnce(query);
    const [first] = 'errors' in read ? read.errors : [];
    expect(first).toMatchObject({
      message: expect.stringMatching(reason),
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
  });
});
