// What we show people to try must work: each operation is held against the public schema.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { openingQueries } from '../../clients/explorer/src/graphql/queries.ts';

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const schema = buildSchema(read('schema/public.graphql'));

function operationsOfReadme(): string[] {
  const readme = read('README.md');
  const shown = [...readme.matchAll(/^```graphql\n(.*?)^```/gms)].map(([, operation = '']) => operation);
  const called = [...readme.matchAll(/-d '(\{"query":.*\})'/g)].map(
    ([, body = '']) => JSON.parse(body).query,
  );
  return [...shown, ...called];
}

describe('the operations that we show', () => {
  it('are four in the README and three in the explorer, or more', () => {
    expect(operationsOfReadme().length).toBeGreaterThanOrEqual(4);
    expect(openingQueries.length).toBeGreaterThanOrEqual(3);
  });

  it.each([...operationsOfReadme(), ...openingQueries])('can be asked: %s', (operation) => {
    expect(validate(schema, parse(operation)).map(({ message }) => message)).toEqual([]);
  });
});
