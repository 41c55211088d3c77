import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { typenameAliases } from './typenameAliases.ts';

const schema = buildSchema('type Query { thing: Thing } type Thing { id: ID name: String thing: Thing }');
const refusals = (query: string) =>
  validate(schema, parse(query), [typenameAliases]).map(({ message }) => message);

describe('what says what an object is', () => {
  it.each([
    ['a value', '{ thing { __typename: name } }', 'name'],
    ['an object', '{ thing { __typename: thing { id } } }', 'thing'],
    ['a field of the operation', '{ __typename: thing { id } }', 'thing'],
    ['a field in a fragment', '{ thing { ...F } } fragment F on Thing { ... { __typename: id } }', 'id'],
  ])('is never %s of the client’s choice', (_, query, field) => {
    expect(refusals(query)).toEqual([
      `"${field}" can't be asked for as "__typename": that says what an object is.`,
    ]);
  });

  it('may be asked for by its own name and by others', () => {
    expect(refusals('{ thing { __typename __typename: __typename kind: __typename } }')).toEqual([]);
  });
});
