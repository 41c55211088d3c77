// What a viewer is shown of an operation, and what subgraphs are asked for it, on a schema of the test's own.
import { describe, expect, it } from '@jest/globals';
import { testViewer } from '@supergraph/chassis/testing';
import { anonymous, type Viewer } from '@supergraph/chassis/viewer';
import { getOperationAST, parse, print } from 'graphql';
import { answerOperation, composeSubgraphs } from '../testing/in-process-subgraphs.ts';
import { authorizeOperation } from './authorizeOperation.ts';

const sdl = /* GraphQL */ `
  type Query {
    open: String @policy(policies: [["public"]])
    unmarked: String
    pet: Pet @authenticated
    pets: [Pet!] @authenticated
    zoo: Zoo @authenticated
    strict: Strict! @authenticated
  }
  interface Pet { name: String! }
  type Cat implements Pet @authenticated {
    name: String! @policy(policies: [["cat:read"]])
    lives: Int
  }
  type Dog implements Pet @authenticated {
    name: String!
    tricks: [String!] @policy(policies: [["dog:read"], ["zoo:keep"]])
  }
  union Animal = Cat | Dog
  type Zoo @authenticated {
    title: String
    secret: String @policy(policies: [["zoo:keep"]])
    animals: [Animal!]!
    nothing: Pet
  }
  type Strict @authenticated { must: String! @policy(policies: [["zoo:keep"]]) }
  type Subscription { born: Pet @authenticated }
`;
const composed = composeSubgraphs({ zoo: sdl });
const cat = { __typename: 'Cat', name: 'Tom', lives: 9 };
const dog = { __typename: 'Dog', name: 'Rex', tricks: ['sit'] };
const root = {
  open: 'o',
  unmarked: 'u',
  pet: cat,
  pets: [cat, dog],
  zoo: { title: 't', secret: 's', animals: [dog, cat], nothing: null },
  strict: { must: 'm' },
};

/** What is asked of subgraphs (null: nothing), and what the viewer gets. */
async function show(query: string, viewer: Viewer, variables: Record<string, unknown> = {}) {
  const given = { document: parse(query), viewer, variables, rootValue: root };
  const { authorized, answer, data, subgraphErrors } = await answerOperation(composed, given);
  expect(subgraphErrors).toEqual([]);
  return {
    asked: authorized.document && print(authorized.document).replaceAll(/\s+/g, ' '),
    data,
    errors: answer.errors.map(({ path, extensions }) => `${path?.join('.')} ${extensions?.code}`),
    coordinates: [...answer.denied].sort(),
  };
}

const nobody = testViewer();
const keeper = testViewer({ permissions: ['zoo:keep', 'cat:read', 'dog:read'] });

describe('a denied field', () => {
  it('is null, says so at its path, and is asked of no subgraph', async () => {
    expect(await show('{ zoo { title secret } }', nobody)).toEqual({
      asked: '{ zoo { title } }',
      data: { zoo: { title: 't', secret: null } },
      errors: ['zoo.secret FORBIDDEN'],
      coordinates: ['Zoo.secret'],
    });
  });

  it('that nobody marked is denied to everyone', async () => {
    expect(await show('{ unmarked }', keeper)).toMatchObject({ asked: null, errors: ['unmarked FORBIDDEN'] });
    expect(await show('{ unmarked }', anonymous)).toMatchObject({
      asked: null,
      errors: ['unmarked UNAUTHENTICATED'],
    });
  });

  it('leaves an operation of a viewer who may see it all as it came', async () => {
    const query = '{ zoo { title secret } }';
    expect(await show(query, keeper)).toMatchObject({
      asked: query,
      errors: [],
      data: { zoo: { secret: 's' } },
    });
  });

  it('asks anonymous viewers to sign in, and still serves what is public', async () => {
    expect(await show('{ open zoo { title } }', anonymous)).toMatchObject({
      asked: '{ open }',
      data: { open: 'o', zoo: null },
      errors: ['zoo UNAUTHENTICATED'],
    });
  });

  it('that may not be null takes its parent with it', async () => {
    expect(await show('{ pet { name } open }', nobody)).toMatchObject({
      data: { pet: null, open: 'o' },
      errors: ['pet.name FORBIDDEN'],
    });
    expect(await show('{ strict { must } open }', nobody)).toMatchObject({
      data: null,
      errors: ['strict.must FORBIDDEN'],
    });
  });

  it('tells nothing of a place that is null anyway', async () => {
    expect(await show('{ zoo { nothing { name } } }', nobody)).toMatchObject({
      data: { zoo: { nothing: null } },
      errors: [],
      coordinates: [],
    });
  });

  it('keeps the order and the names that were asked', async () => {
    const { data } = await show('{ zoo { b: secret a: title secret title } }', nobody);
    expect(Object.keys((data as { zoo: object }).zoo)).toEqual(['b', 'a', 'secret', 'title']);
  });

  it('alone in a selection leaves its parent known to be there', async () => {
    expect(await show('{ zoo { secret } }', nobody)).toMatchObject({
      asked: '{ zoo { __concreteType: __typename } }',
      data: { zoo: { secret: null } },
    });
  });
});

describe('interfaces and unions', () => {
  it('show a field where its concrete type may be seen', async () => {
    expect(await show('{ pets { __typename name } }', nobody)).toMatchObject({
      data: { pets: null },
      errors: ['pets.0.name FORBIDDEN'],
    });
    expect(
      await show('{ zoo { animals { ... on Dog { name tricks } ... on Cat { lives } } } }', nobody),
    ).toMatchObject({
      data: { zoo: { animals: [{ name: 'Rex', tricks: null }, { lives: 9 }] } },
      errors: ['zoo.animals.0.tricks FORBIDDEN'],
    });
  });

  it('are asked for a field on those types alone that show it', async () => {
    expect((await show('{ pet { name } }', nobody)).asked).toBe(
      '{ pet { __concreteType: __typename ... on Dog { name } } }',
    );
  });

  it('ask the concrete type under a name that is free', async () => {
    const { asked, data } = await show('{ pet { __concreteType: name } }', nobody);
    expect(asked).toContain('__concreteType_: __typename');
    expect(data).toEqual({ pet: null });
  });
});

describe('fragments, aliases, conditions', () => {
  it('are followed', async () => {
    const query = /* GraphQL */ `
      query ($yes: Boolean = true, $no: Boolean = false) {
        z: zoo { ...part ... @include(if: $no) { left: secret } gone: secret @skip(if: $yes) }
      }
      fragment part on Zoo { title hidden: secret ...deep }
      fragment deep on Zoo { animals { __typename ... on Pet { name } } }
    `;
    expect(
      await show(query, testViewer({ permissions: ['cat:read'] }), { yes: true, no: false }),
    ).toMatchObject({
      data: {
        z: {
          title: 't',
          hidden: null,
          animals: [
            { __typename: 'Dog', name: 'Rex' },
            { __typename: 'Cat', name: 'Tom' },
          ],
        },
      },
      errors: ['z.hidden FORBIDDEN'],
    });
  });

  it('of other operations in the document count for nothing', () => {
    const document = parse(
      'query A { open ...a } query B { zoo { secret } } fragment a on Query { zoo { title } }',
    );
    const { schema, policy } = composed.supergraph;
    const operation = getOperationAST(document, 'A');
    if (!operation) throw new Error('A is there');
    expect(authorizeOperation({ schema, policy, viewer: nobody, document, operation })).toMatchObject({
      document,
      denials: new Map(),
    });
  });

  it('that are left with nothing are left out', async () => {
    const { asked } = await show('{ open ...secrets } fragment secrets on Query { unmarked }', nobody);
    expect(asked).toBe('{ open }');
  });
});

describe('the schema', () => {
  it('is told to developers', async () => {
    const query = '{ __schema { queryType { name } } __type(name: "Zoo") { name } }';
    expect((await show(query, nobody)).errors).toEqual(['__schema FORBIDDEN']);
    const developer = testViewer({ permissions: ['schema:read'] });
    expect(await show(query, developer)).toMatchObject({ errors: [], data: { __type: { name: 'Zoo' } } });
    expect(await show('{ __type(name: "Zoo") { name } open }', anonymous)).toMatchObject({
      asked: '{ open }',
      data: { __type: null, open: 'o' },
      errors: ['__type UNAUTHENTICATED'],
    });
    expect(await show(query, anonymous)).toMatchObject({
      asked: null,
      data: null,
      errors: ['__schema UNAUTHENTICATED'],
    });
  });

  it('names its types to everyone by __typename', async () => {
    expect(await show('{ __typename }', anonymous)).toMatchObject({
      data: { __typename: 'Query' },
      errors: [],
    });
  });
});
