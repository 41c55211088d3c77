import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { reservedVariables } from './reservedVariables.ts';

const schema = buildSchema('type Query { thing(of: String): String }');
const refusals = (query: string) => validate(schema, parse(query), [reservedVariables]);

describe('what a subgraph is told of an entity’s surroundings', () => {
  it('is in variables that no client names', () => {
    const query = 'query ($contextualArgument_1_0: String) { thing(of: $contextualArgument_1_0) }';
    expect(refusals(query)).toHaveLength(1);
  });

  it('leaves all other names to clients', () => {
    expect(refusals('query ($contextualArgument: String) { thing(of: $contextualArgument) }')).toEqual([]);
  });
});
