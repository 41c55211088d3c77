// Plans as developers read them, over plans of the test's own: the tree is a function of data.

import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, OperationTypeNode } from 'graphql';
import { fetchesOf } from '../execution/planFetches.ts';
import { type PlanTreeOptions, planTree } from './planTree.ts';

/** What clients see; the plans below also ask for `Pet.secret`, `Vault` and an argument `hidden`. */
const schema = buildSchema(/* GraphQL */ `
  type Query { pets(first: Int): [Pet] }
  type Pet { id: ID name: String owner: Person }
  type Person { id: ID }
`);

const fetch = (operation: string, rest: Partial<FetchNode> = {}): FetchNode => ({
  kind: 'Fetch',
  serviceName: 'zoo',
  operation,
  operationName: undefined,
  operationKind: OperationTypeNode.QUERY,
  ...rest,
});
const planOf = (node?: PlanNode, rest: Partial<PlanTreeOptions> = {}) => {
  const plan: QueryPlan = { kind: 'QueryPlan', ...(node ? { node } : {}) };
  return planTree({ plan, schema, responseKeys: new Set(['pets', 'owner']), ...rest });
};
const names = fetch('{ pets { name } }');
const entities = (selection: string) =>
  `query($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`;

describe('the plan of an operation', () => {
  it('is none where no subgraph is asked', () => expect(planOf()).toBeNull());

  it('shows what is asked of whom, in a readable form', () => {
    expect(planOf(fetch('query($n:Int){pets(first:$n){name}}', { variableUsages: ['n'] }))).toEqual({
      kind: 'Fetch',
      index: 0,
      subgraph: 'zoo',
      operation: 'query ($n: Int) {\n  pets(first: $n) {\n    name\n  }\n}',
      requires: null,
      variables: ['n'],
    });
  });

  it('numbers its fetches from top to bottom, as timings name them', () => {
    const [first, second, third, fourth] = [{ ...names }, { ...names }, { ...names }, { ...names }];
    const node: PlanNode = {
      kind: 'Sequence',
      nodes: [
        first,
        { kind: 'Parallel', nodes: [{ kind: 'Flatten', path: ['pets', '@'], node: second }] },
        { kind: 'Condition', condition: 'all', ifClause: third, elseClause: fourth },
      ],
    };
    expect(fetchesOf({ kind: 'QueryPlan', node })).toEqual([first, second, third, fourth]);
    expect(JSON.stringify(planOf(node)).match(/"index":\d/g)).toEqual(
      [0, 1, 2, 3].map((n) => `"index":${n}`),
    );
  });

  it('shows both ways of a condition, and what is deferred', () => {
    const condition: PlanNode = { kind: 'Condition', condition: 'all', ifClause: names };
    expect(planOf(condition)).toMatchObject({ variable: 'all', ifTrue: { index: 0 }, ifFalse: null });
    const deferred = [{ depends: [], label: 'late', queryPath: ['pets'], node: names }];
    expect(planOf({ kind: 'Defer', primary: {}, deferred })).toMatchObject({
      primary: null,
      deferred: [{ label: 'late', path: 'pets', node: { kind: 'Fetch' } }],
    });
  });
});

describe('what the public schema does not have', () => {
  it('is left out of what is asked: fields, types and arguments', () => {
    const asked = fetch(
      '{ pets(first: 1, hidden: 2) { __typename secret(x: 1) name owner { hiddenName } } vault { gold } }',
    );
    expect(planOf(asked)).toMatchObject({
      operation: '{\n  pets(first: 1) {\n    __typename\n    name\n  }\n}',
    });
    const all = fetch(entities('... on Vault { gold }'));
    expect(planOf(all)).toMatchObject({ operation: null });
  });

  it('is left out of what is asked of entities and of what they are known by', () => {
    const node = fetch(entities('... on Pet { name secret } ... on Vault { gold }'), {
      requires: [
        {
          kind: 'InlineFragment',
          typeCondition: 'Pet',
          selections: [
            { kind: 'Field', name: '__typename' },
            { kind: 'Field', name: 'secret' },
            { kind: 'Field', name: 'owner', selections: [{ kind: 'Field', name: 'id' }] },
          ],
        },
        { kind: 'InlineFragment', typeCondition: 'Vault', selections: [{ kind: 'Field', name: 'key' }] },
      ],
    });
    const told = JSON.stringify(planOf(node));
    expect(told).toMatch(/\.\.\. on Pet \{.*name/);
    expect(told).toMatch(/owner \{.*id/);
    expect(told).not.toMatch(/secret|Vault|gold|key/);
  });

  it('is left out of paths', () => {
    const path = ['pets', '@|[Pet]', 'secretHolder', 'owner'];
    expect(planOf({ kind: 'Flatten', path, node: names })).toMatchObject({ path: 'pets.@|[Pet].….owner' });
  });
});
