import { describe, expect, it } from '@jest/globals';
import { withoutArguments } from './withoutArguments.ts';

const node = (operation: string) => ({
  ...{ kind: 'Fetch' as const, serviceName: 'shop', operation, operationName: undefined },
  operationKind: 'query' as never, // the planner's enum of the same values
  variableUsages: ['c', 'd', 'n'],
});
const left = (operation: string) => withoutArguments(node(operation), new Set(['c']));

describe('a fetch of which an argument is not known', () => {
  it('asks for the rest, with the variables of the rest', () => {
    const rest = left(
      'query ($representations: [_Any!]!, $c: Int, $d: Int, $n: Int) { _entities(representations: $representations) { ... on A { x(a: $c, n: $n) y { z(d: $d) } } } }',
    );
    expect(rest?.operation).toBe(
      'query($representations:[_Any!]!$d:Int){_entities(representations:$representations){...on A{y{z(d:$d)}}}}',
    );
    expect(rest?.variableUsages).toEqual(['d']);
  });

  it('selects nothing that is empty, in fragments neither', () => {
    const rest = left(
      'query ($c: Int) { _entities { ... on A { y { ...F } z { ... on B { x(a: $c) } } } name } } fragment F on Y { ...G } fragment G on Y { x(a: $c) }',
    );
    expect(rest?.operation).toBe('{_entities{name}}');
  });

  it('is none where nothing is left', () => {
    expect(left('query ($c: Int) { _entities { ... on A { x(a: $c) } } }')).toBeUndefined();
  });
});
