// How large an operation may be, measured on documents alone.
import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { type SizeLimits, sizeLimits } from './sizeLimits.ts';

const schema = buildSchema(/* GraphQL */ `
  interface Node { id: ID node: Node }
  type Thing implements Node { id: ID node: Node }
  type Query implements Node { id: ID node: Node thing: Thing }
  type Mutation { change: Thing }
`);
const limits = {
  ...{ depth: 4, fields: 20, changes: 3, repetitions: 5, nesting: 6 },
  ...{ roots: 30, aliases: 4, directives: 7 },
};

/** Why the document is refused. */
const refusals = (query: string, given: Partial<SizeLimits> = {}) =>
  validate(schema, parse(query), [sizeLimits({ ...limits, ...given })]).map(({ message }) =>
    message.replace(' Ask for less at once.', ''),
  );
const many = (count: number, text: (number: number) => string) =>
  Array.from({ length: count }, (_, number) => text(number)).join(' ');

describe('what one operation may hold', () => {
  it('are so many fields of its own', () => {
    const few = { roots: 3 };
    expect(refusals('{ a: id b: id c: id }', few)).toEqual([]);
    const tooMany = ['The operation asks for 4 fields of its own; 3 are allowed.'];
    expect(refusals('{ a: id b: id c: id d: id }', few)).toEqual(tooMany);
    expect(refusals('{ ...F } fragment F on Query { a: id b: id ... { c: id d: id } }', few)).toEqual(
      tooMany,
    );
  });

  it('are so many objects under other names, and names of values that are as many as fields', () => {
    expect(refusals(`{ ${many(4, (n) => `a${n}: node { i: id }`)} }`)).toEqual([]);
    const tooMany = ['The operation has 5 objects under other names; 4 are allowed.'];
    expect(refusals(`{ ${many(5, (n) => `a${n}: node { id }`)} }`)).toEqual(tooMany);
    const spread =
      'node { ...F } thing { ...F } fragment F on Node { a: node { id } b: node { id } c: node { id } }';
    expect(refusals(`{ ${spread.replace(' fragment', ' } fragment')}`)).toEqual([
      'The operation has 6 objects under other names; 4 are allowed.',
    ]);
  });

  it('are so many directives, wherever they stand', () => {
    const directive = '@include(if: true)';
    expect(refusals(`{ id ${many(7, () => directive)} }`)).toEqual([]);
    const tooMany = ['The operation has 8 directives; 7 are allowed.'];
    expect(refusals(`{ id ${many(8, () => directive)} }`)).toEqual(tooMany);
    const places = `{ ... ${directive} { ...F ${directive} ...F ${directive} } id ${directive} } fragment F on Query { node ${directive} { id ${directive} } }`;
    expect(refusals(places)).toEqual(tooMany);
  });
});

describe('the levels of an operation', () => {
  it('are those of its fields, wherever they are written', () => {
    const tooDeep = ['The operation is 5 levels deep; 4 are allowed.'];
    expect(refusals('{ node { node { node { id } } } }')).toEqual([]);
    expect(refusals('{ node { node { node { node { id } } } } }')).toEqual(tooDeep);
    expect(
      refusals('{ ... on Node { node { ... { node { ... on Thing { node { node { id } } } } } } } }'),
    ).toEqual(tooDeep);
    const fragments = 'fragment A on Node { node { node { ...B } } } fragment B on Node { node { id } }';
    expect(refusals(`{ ...A } ${fragments}`)).toEqual([]);
    expect(refusals(`{ node { ...A } } ${fragments}`)).toEqual(tooDeep);
  });

  it('are measured for each operation of a document', () => {
    const query = 'query A { id } query B { node { node { node { node { id } } } } }';
    expect(refusals(query)).toHaveLength(1);
  });
});

describe('the fields of an operation', () => {
  it('are counted, those of fragments once for each spread', () => {
    expect(refusals(`{ ${many(20, (n) => `f${n}: id`)} }`)).toEqual([]);
    const tooMany = ['The operation has 21 fields; 20 are allowed.'];
    expect(refusals(`{ ${many(21, (n) => `f${n}: id`)} }`)).toEqual(tooMany);
    expect(refusals(`{ ... on Node { ${many(21, (n) => `f${n}: id`)} } }`)).toEqual(tooMany);
    const fragment = `fragment Six on Thing { ${many(6, (n) => `f${n}: id`)} }`;
    expect(
      refusals(`{ a: thing { ...Six } b: thing { ...Six } ${many(6, (n) => `f${n}: id`)} } ${fragment}`),
    ).toEqual([]);
    expect(refusals(`{ ${many(3, (n) => `a${n}: thing { ...Six }`)} } ${fragment}`)).toEqual(tooMany);
  });

  it('that double with each fragment are counted at once', () => {
    const levels = many(
      23,
      (n) => `fragment L${n} on Node { a: node { ...L${n + 1} } b: node { ...L${n + 1} } }`,
    );
    const startedAt = performance.now();
    const [tooDeep, tooMany] = refusals(`{ ...L0 } ${levels} fragment L23 on Node { id }`);
    expect(performance.now() - startedAt).toBeLessThan(200);
    expect(tooDeep).toMatch(/24 levels deep/);
    expect(tooMany).toMatch(/has 25165822 fields/);
  });

  it('that fragments spread within each other without a field are not looked for twice', () => {
    const levels = many(23, (n) => `fragment L${n} on Node { ...L${n + 1} ...L${n + 1} }`);
    const startedAt = performance.now();
    expect(refusals(`{ ...L0 } ${levels} fragment L23 on Node { ...Nowhere }`)).toEqual([
      'The operation spreads 25 fragments within each other; 6 are allowed.',
    ]);
    expect(performance.now() - startedAt).toBeLessThan(200);
  });
});

describe('one field of the answer', () => {
  const tooOften = (path: string, times: number) => [
    `The operation asks for "${path}" ${times} times; 5 are allowed.`,
  ];

  it('may be asked for several times', () => {
    expect(refusals(`{ ${'id '.repeat(5)} }`)).toEqual([]);
    expect(refusals(`{ ${'id '.repeat(6)} }`)).toEqual(tooOften('id', 6));
    expect(refusals(`{ ${many(6, (n) => `i${n}: id`)} }`)).toEqual([]);
  });

  it('counts wherever it is asked for', () => {
    expect(
      refusals(
        '{ x: id x: id ... on Node { x: id ... { x: id } } ...F ...G } fragment F on Query { x: id } fragment G on Node { x: id }',
      ),
    ).toEqual(tooOften('x', 6));
    expect(refusals('{ thing { id id } thing { id id } ... { thing { id id } } }')).toEqual(
      tooOften('thing.id', 6),
    );
  });

  it('counts for each object by itself', () => {
    expect(refusals('{ a: thing { id id id } b: thing { id id id } }')).toEqual([]);
    // A fragment is one, however often it is spread on the same object.
    expect(refusals(`{ ${'...F '.repeat(6)} } fragment F on Query { id }`)).toEqual([]);
  });
});

describe('fragments', () => {
  it('may be spread within each other so far', () => {
    const chain = (length: number) =>
      `{ ...F1 } ${many(length, (n) => `fragment F${n + 1} on Query { ${n + 1 < length ? `...F${n + 2}` : 'id'} }`)}`;
    expect(refusals(chain(6))).toEqual([]);
    expect(refusals(chain(7))).toEqual([
      'The operation spreads 7 fragments within each other; 6 are allowed.',
    ]);
    expect(
      refusals(
        `{ ${many(10, (n) => `...F${n}`)} } ${many(10, (n) => `fragment F${n} on Query { id${n}: id }`)}`,
      ),
    ).toEqual([]);
  });

  it('that are cyclic or not there end the measuring', () => {
    expect(refusals('{ ...A } fragment A on Node { node { ...A } }')).toEqual([]);
    expect(
      refusals(
        '{ ...A } fragment A on Node { a: node { ...A ...B } } fragment B on Node { b: node { ...B ...A } }',
      ),
    ).toEqual([]);
    expect(refusals('{ ...Nowhere }')).toEqual([]);
  });

  it('that all spread all end it soon', () => {
    const all = many(25, (n) => `fragment F${n} on Node { f${n}: node { ${many(25, (m) => `...F${m}`)} } }`);
    const startedAt = performance.now();
    refusals(`{ ...F0 } ${all}`);
    expect(performance.now() - startedAt).toBeLessThan(200);
  });
});

describe('the changes of a mutation', () => {
  it('are its own fields, those of fragments too', () => {
    const tooMany = ['The mutation makes 4 changes; 3 are allowed.'];
    expect(refusals(`mutation { ${many(3, (n) => `c${n}: change { id }`)} }`)).toEqual([]);
    expect(refusals(`mutation { ${many(4, (n) => `c${n}: change { id }`)} }`)).toEqual(tooMany);
    const fragment = 'fragment Two on Mutation { a: change { id } b: change { id } }';
    expect(refusals(`mutation { ...Two ... { c: change { id } d: change { id } } } ${fragment}`)).toEqual(
      tooMany,
    );
    expect(refusals(`mutation { change { ${many(4, (n) => `i${n}: id`)} } }`)).toEqual([]);
    expect(refusals(`{ ${many(4, (n) => `c${n}: id`)} }`)).toEqual([]);
  });
});
