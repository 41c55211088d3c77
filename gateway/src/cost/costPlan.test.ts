// What an operation costs, counted on documents alone.
import { describe, expect, it } from '@jest/globals';
import { readCostDirectives } from '@supergraph/chassis/cost-directives';
import { buildSchema, parse } from 'graphql';
import { createCostPlan } from './costPlan.ts';

const sdl = /* GraphQL */ `
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION

  interface Owner { things(first: Int): ThingPage boss: Owner tags: [String] }
  type Person implements Owner {
    things(first: Int): ThingPage @listSize(assumedSize: 20, slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)
    friends(first: Int, last: Int): [Person] @listSize(slicingArguments: ["first", "last"])
    boss: Owner
    tags: [String] @listSize(assumedSize: 5)
  }
  type Team implements Owner @cost(weight: 3) {
    things(first: Int): ThingPage @listSize(assumedSize: 20, slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)
    people(first: Int = 7): [Person] @listSize(slicingArguments: ["first"])
    boss: Owner
    tags: [String]
  }
  type ThingPage { nodes: [Thing] edges: [ThingEdge] total: Int @cost(weight: 4) }
  type ThingEdge { node: Thing }
  type Thing { id: ID price: Money parts(first: Int): [Thing] @listSize(assumedSize: 20, slicingArguments: ["first"], requireOneSlicingArgument: false) whole: Thing grid: [[Thing]] @listSize(assumedSize: 3) }
  scalar Money @cost(weight: 2)
  union Anything = Person | Team | Thing
  input Filter { text: String @cost(weight: 6) and: [Filter!] plain: Int }
  type Query {
    owner: Owner
    anything: Anything
    things(first: Int): [Thing] @listSize(assumedSize: 20, slicingArguments: ["first"], requireOneSlicingArgument: false)
    byIds(ids: [ID!]!): [Thing] @listSize(slicingArguments: ["ids"])
    all: [Thing]
    search(filter: Filter, deep: Boolean @cost(weight: 9)): Thing
  }
  type Mutation { change: Thing }
`;
const schema = buildSchema(sdl);
const directives = readCostDirectives(parse(sdl));

const plan = (query: string) =>
  createCostPlan({ schema, directives, document: parse(query), operationName: undefined });
const estimate = (query: string, variables: Record<string, unknown> = {}) => plan(query).estimate(variables);
const refused = (query: string, variables: Record<string, unknown> = {}) =>
  plan(query).refusePages(variables)?.message;

describe('the estimate', () => {
  it('is 1 for each object and 0 for each value, unless the schema gives a weight', () => {
    expect(estimate('{ __typename owner { boss { __typename } } }')).toBe(6); // a Team weighs 3
    expect(estimate('{ anything { ... on Thing { id price } } }')).toBe(3);
    expect(estimate('{ __schema { types { fields { name } } } }')).toBe(0);
  });

  it('is 1 for fifty values at least, however an object comes to have so many', () => {
    const aliases = (field: string, count: number) =>
      Array.from({ length: count }, (_, at) => `a${at}: ${field}`).join(' ');
    expect(estimate(`{ things(first: 100) { ${aliases('id', 50)} } }`)).toBe(100);
    expect(estimate(`{ things(first: 100) { ${aliases('id', 500)} } }`)).toBe(1_000);
    expect(estimate(`{ things(first: 100) { ${aliases('__typename', 500)} } }`)).toBe(1_000);
    expect(estimate(`query ($n: Int) { things(first: $n) { ${aliases('id', 500)} } }`, { n: 7 })).toBe(70);
    expect(estimate(`{ owner { ... on Person { ${aliases('tags', 100)} } } }`)).toBe(10);
    expect(estimate(`{ ${aliases('__typename', 500)} }`)).toBe(10);
  });

  it('multiplies what lies in lists', () => {
    expect(estimate('{ things(first: 100) { id } }')).toBe(100);
    expect(estimate('{ things(first: 100) { parts(first: 99) { id } } }')).toBe(10_000);
    expect(estimate('{ things { whole { parts { id } } } }')).toBe(20 * (1 + 1 + 20));
    expect(estimate('{ byIds(ids: ["a", "b", "c"]) { id } }')).toBe(3);
    expect(estimate('{ byIds(ids: []) { id } }')).toBe(0);
    // Of a list that the schema says nothing of, twenty are expected.
    expect(estimate('{ all { grid { id } } }')).toBe(20 * (1 + 9));
  });

  it('gives the size of a connection to its lists, and to those alone', () => {
    const person = (selection: string) =>
      `{ anything { ... on Person { things(first: 10) { ${selection} } } } }`;
    expect(estimate(person('nodes { id }'))).toBe(1 + 1 + 10);
    expect(estimate(person('nodes { id } edges { node { id } } total'))).toBe(1 + 1 + 10 + 20 + 4);
    expect(estimate(person('other: nodes { parts { id } }'))).toBe(1 + 1 + 10 * 21);
  });

  it('takes the sizes that variables and defaults say, and the assumed one for null', () => {
    const query = 'query ($n: Int, $m: Int = 5) { things(first: $n) { parts(first: $m) { id } } }';
    expect(estimate(query, { n: 3, m: 5 })).toBe(3 * 6);
    expect(estimate(query, { n: null, m: 0 })).toBe(20);
    expect(estimate(query, { m: 5 })).toBe(20 * 6);
    expect(estimate('{ things(first: null) { id } }')).toBe(20);
    expect(estimate('{ owner { ... on Team { people { boss { __typename } } } } }')).toBe(3 + 7 * (1 + 3));
    expect(estimate('query ($ids: [ID!]!) { byIds(ids: $ids) { id } }', { ids: ['a', 'b'] })).toBe(2);
  });

  it('is never lowered by a size below nothing', () => {
    expect(estimate('{ things(first: -5) { parts(first: -1000) { id } } }')).toBe(20 * 21);
    expect(estimate('query ($n: Int) { things(first: $n) { id } }', { n: -1e9 })).toBe(20);
  });

  it('counts arguments and input fields that have a weight, as often as they are given', () => {
    expect(estimate('{ search(deep: true) { id } }')).toBe(10);
    expect(estimate('{ search(deep: null, filter: null) { id } }')).toBe(1);
    const filter = { text: 'a', plain: 1, and: [{ text: 'b' }, { and: [{ text: 'c' }, { text: null }] }] };
    expect(estimate('query ($f: Filter) { search(filter: $f) { id } }', { f: filter })).toBe(19);
    expect(estimate('query ($t: String) { search(filter: { text: $t }) { id } }', { t: 'x' })).toBe(7);
    expect(estimate('query ($t: String) { search(filter: { text: $t }) { id } }')).toBe(1);
  });

  it('counts a field once where fragments ask for it again, and as often as aliases do', () => {
    expect(
      estimate('{ things(first: 9) { whole { id } ...A ...A } } fragment A on Thing { whole { price } }'),
    ).toBe(9 * (1 + 1 + 2));
    expect(estimate('{ a: things(first: 9) { id } b: things(first: 9) { id } }')).toBe(18);
  });

  it('counts what @skip and @include let in', () => {
    const query =
      'query ($a: Boolean!, $b: Boolean!) { things(first: 10) @include(if: $a) { whole @skip(if: $b) { price } ...F @include(if: $b) } all @skip(if: true) { id } } fragment F on Thing { whole { id } }';
    expect(estimate(query, { a: false, b: true })).toBe(0);
    expect(estimate(query, { a: true, b: false })).toBe(10 * (1 + 1 + 2));
    expect(estimate(query, { a: true, b: true })).toBe(10 * (1 + 1));
  });

  it('takes the dearest type of an interface or union', () => {
    expect(estimate('{ owner { ... on Person { boss { __typename } } ... on Team { tags } } }')).toBe(4);
    expect(estimate('{ anything { ... on Owner { things(first: 50) { nodes { id } } } } }')).toBe(3 + 51);
  });

  it('adds ten for each change of a mutation', () => {
    expect(estimate('mutation { a: change { id } b: change { id } }')).toBe(22);
  });

  it('is a number, and worked out at once, however deep interfaces and lists lie within each other', () => {
    const levels = 19;
    const boss = `{ owner ${'{ boss '.repeat(levels)}{ things(first: 100) { nodes { parts(first: 100) { parts(first: 100) { id } } } } } ${'}'.repeat(levels)} }`;
    const parts = `{ things(first: 100) ${'{ parts(first: 100) '.repeat(levels)} { id } ${'}'.repeat(levels)} }`;
    const doubled = Array.from(
      { length: 9 },
      (_, n) => `fragment L${n} on Thing { a: whole { ...L${n + 1} } b: whole { ...L${n + 1} } }`,
    ).join(' ');
    const startedAt = performance.now();
    expect(estimate(boss)).toBeGreaterThan(1_000_000);
    expect(estimate(parts)).toBe(Number.MAX_SAFE_INTEGER);
    expect(estimate(`{ all { ...L0 } } ${doubled} fragment L9 on Thing { id }`)).toBe(20 * 1023);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  it('is nothing where nothing of the operation is permitted', () => {
    const none = createCostPlan({ schema, directives, document: null, operationName: undefined });
    expect([none.estimate({}), none.returned({ owner: {} }, {}, [])]).toEqual([0, 0]);
  });
});

describe('the cost of what was returned', () => {
  const returned = (query: string, data: unknown, variables: Record<string, unknown> = {}) =>
    plan(query).returned(data, variables, []);

  it('counts the objects and values that are there', () => {
    const query = '{ things(first: 100) { id price parts { id } } }';
    const data = {
      things: [{ id: 1, price: 5, parts: [{ id: 2 }, null] }, null, { id: 3, price: null, parts: [] }],
    };
    expect(returned(query, data)).toBe(2 + 2 + 1);
    expect(returned(query, { things: null })).toBe(0);
    expect(returned(query, null)).toBe(0);
  });

  it('counts as many values as there are objects, where there are more than fifty for each', () => {
    const ids = Array.from({ length: 500 }, (_, at) => `a${at}: id`).join(' ');
    const things = Array.from({ length: 25 }, () => ({ a0: '1' }));
    expect(returned(`{ things(first: 100) { ${ids} } }`, { things })).toBe(250);
    expect(returned(`{ things(first: 100) { ${ids} } }`, { things: [] })).toBe(0);
  });

  it('counts changes and the arguments of fields that were answered', () => {
    expect(returned('mutation { change { id } }', { change: null })).toBe(10);
    expect(returned('{ search(deep: true) { id } }', { search: null })).toBe(9);
    expect(
      returned('query ($s: Boolean!) { search(deep: true) @skip(if: $s) { id } }', {}, { s: true }),
    ).toBe(0);
  });

  it('tells types apart by __typename, and takes the dearest without one', () => {
    const query = '{ owner { __typename boss { __typename tags } } }';
    expect(
      returned(query, { owner: { __typename: 'Person', boss: { __typename: 'Team', tags: ['a'] } } }),
    ).toBe(4);
    expect(returned('{ owner { boss { tags } } }', { owner: { boss: { tags: [] } } })).toBe(6);
  });

  it('is never more than the estimate of full pages', () => {
    const query = '{ owner { things(first: 2) { nodes { id price } edges { node { id } } total } } }';
    const thing = { id: 1, price: 2 };
    const things = { nodes: [thing, thing], edges: [{ node: thing }, { node: thing }], total: 2 };
    expect(returned(query, { owner: { things } })).toBe(estimate(query));
  });
});

describe('the cost of what failed', () => {
  const returned = (query: string, data: unknown, errors: { path?: (string | number)[]; code?: string }[]) =>
    plan(query).returned(
      data,
      {},
      errors.map(({ path, code = 'INTERNAL_SERVER_ERROR' }) => ({
        ...{ message: 'no', extensions: { code } },
        ...(path ? { path } : {}),
      })),
    );
  const query = '{ things(first: 50) { id parts(first: 4) { id } } owner { boss { __typename } } }';
  const owner = { boss: null };
  const things = [{ id: 1, parts: [] }, { id: 2 }];

  it('is what was estimated for it, and the rest costs what was returned', () => {
    const [ofThings, ofOwner] = [50 * (1 + 4), 3];
    expect(returned(query, {}, [{}])).toBe(estimate(query));
    expect(returned(query, { things: null, owner }, [{ path: ['things'] }])).toBe(ofThings + ofOwner);
    expect(returned(query, { owner }, [{ path: ['things'] }])).toBe(ofThings + ofOwner);
    expect(returned(query, { things, owner }, [{ path: ['things', 1, 'parts'] }])).toBe(2 + 4 + ofOwner);
    expect(returned(query, { things: [null, things[0]], owner }, [{ path: ['things', 0, 'id'] }])).toBe(
      ofThings + ofOwner,
    );
  });

  it('is nothing where it was skipped, where it is no field of its type, and for what is denied', () => {
    expect(
      returned('{ things(first: 50) @skip(if: true) { id } owner { boss { __typename } } }', { owner }, [{}]),
    ).toBe(3);
    const typed = '{ owner { __typename boss { ... on Team { people(first: 9) { tags } } } } }';
    expect(returned(typed, { owner: { __typename: 'Team', boss: {} } }, [{}])).toBe(6);
    expect(returned('{ things { id } }', { things: null }, [{ path: ['things'], code: 'FORBIDDEN' }])).toBe(
      0,
    );
    expect(returned('{ things { id } }', { things: null }, [{ path: ['owner'] }])).toBe(0);
  });
});

describe('a page', () => {
  it('holds 1 to 100 items', () => {
    expect(refused('{ things(first: 100) { parts(first: 1) { id } } }')).toBeUndefined();
    const query = 'query ($n: Int) { things { parts(first: $n) { id } } }';
    expect(refused(query, { n: 101 })).toMatch(/^Argument "first" of Thing.parts is 101; ask for 1 to 100/);
    for (const n of [0, -1]) expect(refused(query, { n })).toMatch(new RegExp(`is ${n}; ask for 1 to 100`));
    for (const n of [undefined, null, 100]) expect(refused(query, { n })).toBeUndefined();
    expect(refused('{ things(first: 5000) { id } }')).toMatch(/Query.things is 5000/);
    const ids = Array.from({ length: 101 }, String);
    expect(refused('query ($ids: [ID!]!) { byIds(ids: $ids) { id } }', { ids })).toMatch(
      /is 101; ask for 0 to 100/,
    );
  });

  it('is looked at on interfaces and in fragments', () => {
    expect(refused('{ owner { ...F } } fragment F on Owner { things(first: 101) { total } }')).toMatch(
      /is 101/,
    );
  });

  it('takes the one slicing argument that the schema demands', () => {
    const query = (given: string) => `{ anything { ... on Person { friends${given} { tags } } } }`;
    expect(refused(query('(last: 3)'))).toBeUndefined();
    for (const given of ['', '(first: null)', '(first: 1, last: 1)'])
      expect(refused(query(given))).toMatch(
        /^Person.friends takes exactly one of the arguments "first", "last"/,
      );
  });
});
