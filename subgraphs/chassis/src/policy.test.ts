import { buildSubgraphSchema } from '@apollo/subgraph';
import { describe, expect, it } from '@jest/globals';
import { type ExecutionResult, graphql, parse, subscribe } from 'graphql';
import { guardSchema } from './policy/guard.ts';
import { createPolicy } from './policy.ts';
import type { Viewer } from './viewer.ts';

const sdl = /* GraphQL */ `
  extend schema
    @link(
      url: "https://specs.apollo.dev/federation/v2.12"
      import: ["@key", "@authenticated", "@requiresScopes", { name: "@policy", as: "@takes" }]
    )

  type Query {
    greeting: String @takes(policies: [["public"]])
    me: Person @authenticated
    people: [Person!] @takes(policies: [["person:read"]])
    found: [Found!] @authenticated
    broken: String @authenticated
    unmarked: String
  }

  type Person @key(fields: "id") @authenticated {
    id: ID!
    salary: Int @takes(policies: [["salary:read", "person:read"], ["payroll:run"]])
    email: String @requiresScopes(scopes: [["email"]])
  }

  interface Found {
    id: ID!
  }
  type Note implements Found @key(fields: "id") {
    id: ID! @authenticated
    body: String @takes(policies: [["note:read"]])
    forgotten: String
  }
  type Secret implements Found @key(fields: "id") @takes(policies: [["secret:read"]]) {
    id: ID!
    value: String @authenticated
  }

  type Mutation {
    raise(id: ID!): Person @takes(policies: [["salary:write"]])
  }
  type Subscription {
    ticks: Int! @takes(policies: [["tick:read"]])
  }
`;

function viewer(
  overrides: { permissions?: string[]; scopes?: string[]; isAnonymous?: boolean } = {},
): Viewer {
  return {
    subject: 'per_1',
    tenantId: 'ten_1',
    clientId: null,
    roles: [],
    permissions: new Set(overrides.permissions),
    scopes: new Set(overrides.scopes),
    isAnonymous: overrides.isAnonymous ?? false,
  };
}
const nobody = viewer({ isAnonymous: true });

function startSubgraph() {
  const calls: string[] = [];
  const person = { __typename: 'Person', id: 'per_1', salary: 10, email: 'a@example.test' };
  const note = { __typename: 'Note', id: 'n', body: 'hush', forgotten: 'x' };
  const secret = { __typename: 'Secret', id: 's', value: '42' };
  const resolveReference = (reference: object) => ({ ...person, ...note, ...secret, ...reference });
  const source = buildSubgraphSchema({
    typeDefs: parse(sdl),
    resolvers: {
      Query: {
        greeting: () => 'hello',
        me: () => person,
        people: () => [person],
        found: () => [note, secret],
        broken: () => {
          throw new Error('disk on fire');
        },
        unmarked: () => 'never',
      },
      Found: { __resolveType: (value: { __typename: string }) => value.__typename },
      Person: { __resolveReference: resolveReference },
      Note: { __resolveReference: resolveReference },
      Secret: { __resolveReference: resolveReference },
      Mutation: {
        raise: () => {
          calls.push('raise');
          return person;
        },
      },
      Subscription: {
        ticks: {
          subscribe: async function* () {
            calls.push('opened');
            yield { ticks: 1 };
          },
          resolve: (event: { ticks: number }) => event.ticks,
        },
      },
    },
  });
  const policy = createPolicy(sdl);
  const schema = guardSchema(source, policy);
  const ask = (query: string, as: Viewer): Promise<ExecutionResult> =>
    graphql({ schema, source: query, contextValue: { viewer: as } });
  return { ask, calls, policy, schema };
}

const codes = (result: ExecutionResult) => result.errors?.map((error) => error.extensions.code);

describe('policy of a subgraph', () => {
  it('shows a public field to anyone and an authenticated one to signed-in viewers', async () => {
    const { ask } = startSubgraph();
    const anonymous = await ask('{ greeting me { id } }', nobody);
    expect(anonymous.data).toEqual({ greeting: 'hello', me: null });
    expect(codes(anonymous)).toEqual(['UNAUTHENTICATED']);
    expect(await ask('{ greeting me { id } }', viewer())).toEqual({
      data: { greeting: 'hello', me: { id: 'per_1' } },
    });
  });

  it('denies a field that nobody marked, also on a type of which other fields are marked', async () => {
    const { ask, policy } = startSubgraph();
    const holder = viewer({ permissions: ['note:read'] });
    const result = await ask('{ unmarked found { ... on Note { body forgotten } } }', holder);
    expect(result.data).toEqual({ unmarked: null, found: [{ body: 'hush', forgotten: null }, {}] });
    expect(codes(result)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    expect(policy.decide(holder, { typeName: 'Note', fieldName: 'inexistent' })).toBe('FORBIDDEN');
    expect(policy.decide(nobody, { typeName: 'Inexistent', fieldName: 'id' })).toBe('UNAUTHENTICATED');
  });

  it('reads the outer list as OR, the inner as AND, and adds the type to the field', () => {
    const { policy } = startSubgraph();
    const salary = { typeName: 'Person', fieldName: 'salary' };
    expect(policy.decide(viewer({ permissions: ['salary:read'] }), salary)).toBe('FORBIDDEN');
    expect(policy.decide(viewer({ permissions: ['salary:read', 'person:read'] }), salary)).toBe('allowed');
    expect(policy.decide(viewer({ permissions: ['payroll:run'] }), salary)).toBe('allowed');
    const impossible = viewer({ permissions: ['payroll:run'], isAnonymous: true });
    expect(policy.decide(impossible, salary)).toBe('UNAUTHENTICATED');
  });

  it('reads scopes apart from permissions', () => {
    const { policy } = startSubgraph();
    const email = { typeName: 'Person', fieldName: 'email' };
    expect(policy.decide(viewer({ permissions: ['email'] }), email)).toBe('FORBIDDEN');
    expect(policy.decide(viewer({ scopes: ['email'] }), email)).toBe('allowed');
  });

  it('decides fields of an interface by the concrete type', async () => {
    const { ask } = startSubgraph();
    const result = await ask('{ found { __typename id } }', viewer());
    expect(result.data).toEqual({ found: null });
    expect(result.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['found', 1, 'id'], 'FORBIDDEN'],
    ]);
  });

  it('lets no protected field out through _entities, whichever @key type is entered', async () => {
    const { ask, policy } = startSubgraph();
    const keyed = [...sdl.matchAll(/type (\w+)[^{]*@key/g)].flatMap(([, name]) => name ?? []);
    expect(keyed).toEqual(['Person', 'Note', 'Secret']);
    for (const typeName of keyed) {
      const scalars = [...(policy.requirements.get(typeName)?.keys() ?? [])];
      for (const as of [nobody, viewer()]) {
        for (const fieldName of scalars) {
          const result = await ask(
            `{ _entities(representations: [{ __typename: "${typeName}", id: "1" }]) { ... on ${typeName} { ${fieldName} } } }`,
            as,
          );
          const decision = policy.decide(as, { typeName, fieldName });
          if (decision === 'allowed') {
            expect(result.errors).toBeUndefined();
            continue;
          }
          expect(codes(result)).toEqual([decision]);
          expect(JSON.stringify(result.data)).not.toMatch(/hush|42|10|example/);
        }
      }
    }
  });

  it('leaves _service and __typename to the protocol', async () => {
    const { ask } = startSubgraph();
    const result = await ask('{ __typename _service { sdl } }', nobody);
    expect(result.errors).toBeUndefined();
    expect(result.data).toMatchObject({
      __typename: 'Query',
      _service: { sdl: expect.stringContaining('Person') },
    });
  });

  it('does not run a denied mutation nor open the source of a denied subscription', async () => {
    const { ask, calls, schema } = startSubgraph();
    expect(codes(await ask('mutation { raise(id: 1) { id } }', viewer()))).toEqual(['FORBIDDEN']);
    const document = parse('subscription { ticks }');
    const denied = await subscribe({ schema, document, contextValue: { viewer: viewer() } });
    expect('errors' in denied && codes(denied)).toEqual(['FORBIDDEN']);
    expect(calls).toEqual([]);

    const holder = viewer({ permissions: ['tick:read'] });
    const stream = await subscribe({ schema, document, contextValue: { viewer: holder } });
    const events: unknown[] = [];
    if (Symbol.asyncIterator in stream) for await (const event of stream) events.push(event);
    expect(events).toEqual([{ data: { ticks: 1 } }]);
  });

  it("passes a resolver's own error on", async () => {
    const { ask } = startSubgraph();
    const { errors } = await ask('{ broken }', viewer());
    expect(errors?.[0]?.message).toBe('disk on fire');
  });

  it('gives viewers equal signatures exactly when they hold the same of the mentioned names', () => {
    const { policy } = startSubgraph();
    const { signature } = policy;
    expect(signature(viewer({ permissions: ['note:read', 'unheard:of'] }))).toBe(
      signature({ ...viewer({ permissions: ['note:read'] }), subject: 'per_2' }),
    );
    expect(signature(viewer({ permissions: ['email'] }))).toBe(signature(viewer()));
    expect(signature(viewer({ scopes: ['email'] }))).not.toBe(signature(viewer()));
    expect(signature(nobody)).not.toBe(signature(viewer()));
  });
});

describe('policy of a supergraph', () => {
  const supergraph = (mark: string) => `
    schema @link(url: "https://specs.apollo.dev/link/v1.0")
      @link(url: "https://specs.apollo.dev/policy/v0.1", as: "rule", for: SECURITY) { query: Query }
    type Query @join__type(graph: A) { a: Int ${mark} b: Int @join__field(graph: A) }
  `;

  it('is read from the same directives, under the names that the supergraph gives them', () => {
    const policy = createPolicy(supergraph('@rule(policies: [["a:read"]])'));
    const a = { typeName: 'Query', fieldName: 'a' };
    expect(policy.decide(viewer({ permissions: ['a:read'] }), a)).toBe('allowed');
    expect(policy.decide(viewer(), a)).toBe('FORBIDDEN');
    expect(policy.decide(viewer(), { typeName: 'Query', fieldName: 'b' })).toBe('FORBIDDEN');
  });

  it.each(['@rule', '@rule(policies: "a")', '@rule(policies: [])', '@rule(policies: [[]])'])(
    'refuses a mark that it cannot read: %s',
    (mark) => expect(() => createPolicy(supergraph(mark))).toThrow(/policies/),
  );
});
