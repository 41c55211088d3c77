// Policies beyond permissions: their grammar, what they may read, and how a subgraph decides by them.
import { buildSubgraphSchema } from '@apollo/subgraph';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ExecutionResult, graphql, parse } from 'graphql';
import { createPolicy } from '../policy.ts';
import { testViewer } from '../testing.ts';
import { anonymous, type Viewer } from '../viewer.ts';
import { guardSchema } from './guard.ts';
import { parseRule } from './rules.ts';

describe('a policy', () => {
  it.each([
    ['public', { kind: 'public' }],
    ['incident:acknowledge', { kind: 'permission' }],
    ['role=owner', { kind: 'role', role: 'owner' }],
    ['tenant=platform', { kind: 'tenant', tenantId: 'ten_platform' }],
    ['tenant=ten_1', { kind: 'tenant', tenantId: 'ten_1' }],
    ['argument(id)=viewer.subject', { kind: 'argument', path: ['id'], equals: 'subject' }],
    ['argument(input.to.id)=viewer.tenantId', { kind: 'argument', path: ['input', 'to', 'id'] }],
    ['field(ownerId)=viewer.clientId', { kind: 'field', fieldName: 'ownerId', equals: 'clientId' }],
    ['note:read@any', { kind: 'somewhere', permission: 'note:read' }],
    [
      'note:read@argument(in.id)',
      { kind: 'argument', path: ['in', 'id'], equals: { permission: 'note:read' } },
    ],
    ['note:read@argument(id:Note.bookId)', { of: { typeName: 'Note', fieldName: 'bookId' } }],
    ['note:read@field(bookId)', { kind: 'field', fieldName: 'bookId', equals: { permission: 'note:read' } }],
  ])('%s is read', (text, expected) => expect(parseRule(text)).toMatchObject({ ...expected, text }));

  it.each([
    ...['', 'owner', 'Public', 'a:b:c', 'role=', 'role = owner', 'argument()=viewer.subject'],
    ...['argument(id)=viewer.roles', 'field(a.b)=viewer.subject', 'field(id)="x"', 'owner(id)'],
    ...[
      'note:read@',
      'note:read@n1',
      'note@any',
      'role=owner@any',
      'note:read@field(a.b)',
      'note:read@any@any',
    ],
    ...[
      'note:read@field(id:Note.bookId)',
      'note:read@argument(id:Note)',
      'note:read@argument(id)=viewer.subject',
    ],
  ])('"%s" is refused by its name', (text) => {
    expect(() => parseRule(text)).toThrow(`"${text}" is no policy. Write public, resource:action`);
  });
});

const sdl = (body: string) => /* GraphQL */ `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@authenticated", "@policy"])
  ${body}
`;

describe('a schema', () => {
  const policyOf = (text: string, field = 'field: String') =>
    createPolicy(
      sdl(`
        type Query { root(id: ID, list: [ID], input: In): Thing @authenticated }
        input In { to: To count: Int }
        input To { id: ID }
        type Thing @authenticated {
          id: ID!
          count: Int
          hidden: ID @policy(policies: [["a:b"]])
          given(to: ID!): ID
          ${field}(id: ID, list: [ID], input: In): String @policy(policies: [["${text}"]])
        }`),
    );

  it.each([
    ['argument(nobody)=viewer.subject', 'reads an argument that is not there'],
    ['argument(input.from)=viewer.subject', 'reads an argument that is not there'],
    ['argument(input.count)=viewer.subject', 'neither an ID nor a String'],
    ['argument(list)=viewer.subject', 'neither an ID nor a String'],
    ['argument(input)=viewer.subject', 'neither an ID nor a String'],
    ['field(nobody)=viewer.subject', 'reads a field that is not there'],
    ['field(count)=viewer.subject', 'neither an ID nor a String'],
    ['field(given)=viewer.subject', 'takes arguments'],
    ['field(hidden)=viewer.subject', 'more than a signed-in viewer'],
    ['wrong', '"wrong" is no policy'],
    ['a:b@argument(nobody)', 'reads an argument that is not there'],
    ['a:b@argument(id:Thing.nobody)', 'reads a field that is not there'],
    ['a:b@argument(id:Nobody.id)', 'reads a field that is not there'],
    ['a:b@argument(id:Thing.count)', 'neither an ID nor a String'],
    ['a:b@field(count)', 'neither an ID nor a String'],
    ['a:b@field(hidden)', 'more than a signed-in viewer'],
  ])('with %s is refused: it %s', (text, problem) => {
    const message = () => policyOf(text, 'asked');
    expect(message).toThrow(/^Thing\.asked: "/);
    expect(message).toThrow(text);
    expect(message).toThrow(problem);
  });

  it('refuses policies that read both the arguments and the object, or an object at the root', () => {
    expect(() => policyOf('argument(id)=viewer.subject"], ["field(id)=viewer.subject', 'asked')).toThrow(
      /Thing\.asked reads arguments and the object/,
    );
    expect(() =>
      createPolicy(
        sdl('type Query { id: ID @authenticated a: ID @policy(policies: [["field(id)=viewer.subject"]]) }'),
      ),
    ).toThrow(/Query\.a: "field\(id\)=viewer\.subject" reads the object, and at the root there is none/);
  });
});

function startSubgraph() {
  const asked: string[] = [];
  const text = sdl(`
    type Query {
      note(id: ID): Note @authenticated
      notes(by: ID = "per_test", filter: Filter): [Note]
        @policy(policies: [["note:read"], ["argument(by)=viewer.subject"], ["argument(filter.to)=viewer.tenantId", "role=lead"]])
      backstage: String @policy(policies: [["role=owner"], ["note:run", "tenant=platform"]])
    }
    input Filter { to: ID }
    type Note @key(fields: "id") @authenticated {
      id: ID!
      ownerId: ID
      body: String @policy(policies: [["note:read"], ["field(ownerId)=viewer.subject"]])
      draft: String @policy(policies: [["field(ownerId)=viewer.subject", "note:write"]])
    }`);
  const notes = ['per_test', 'per_other', null].map((owner, index) => ({
    ...{ id: `n${index}`, owner, body: `b${index}`, draft: `d${index}` },
  }));
  const source = buildSubgraphSchema({
    typeDefs: parse(text),
    resolvers: {
      Query: {
        note: (_: unknown, { id }: { id: string }) => notes.find((note) => note.id === id),
        notes: () => {
          asked.push('notes');
          return notes;
        },
        backstage: () => 'dust',
      },
      Note: {
        __resolveReference: ({ id }: { id: string }) => notes.find((note) => note.id === id),
        // Not a property of the parent's: the rule reads it as the schema does.
        ownerId: async ({ owner }: { owner: string | null }) => owner,
      },
    },
  });
  const policy = createPolicy(text);
  const schema = guardSchema(source, policy);
  const ask = async (query: string, as: Viewer, variables = {}): Promise<ExecutionResult> =>
    JSON.parse(
      JSON.stringify(
        await graphql({ schema, source: query, contextValue: { viewer: as }, variableValues: variables }),
      ),
    ) as ExecutionResult;
  return { ask, asked, policy };
}

const codes = ({ errors }: ExecutionResult) => errors?.map(({ extensions }) => extensions?.code) ?? [];

describe('a rule on the object', () => {
  it("shows a field of what is the viewer's, and of nothing else", async () => {
    const { ask } = startSubgraph();
    const query = '{ notes(by: "per_test") { id body } }';
    const { data, errors } = await ask(query, testViewer());
    expect(data?.notes).toEqual([
      { id: 'n0', body: 'b0' },
      { id: 'n1', body: null },
      { id: 'n2', body: null },
    ]);
    expect(errors?.map(({ path, extensions }) => [path?.join('.'), extensions?.code])).toEqual([
      ['notes.1.body', 'FORBIDDEN'],
      ['notes.2.body', 'FORBIDDEN'],
    ]);
    expect(errors?.[0]?.message).toBe(
      "Note.body takes note:read or field(ownerId)=viewer.subject, which doesn't hold for you.",
    );
    expect(codes(await ask(query, testViewer({ permissions: ['note:read'] })))).toEqual([]);
  });

  it('holds together with others of its list only', async () => {
    const { ask } = startSubgraph();
    const query = '{ note(id: "n0") { draft } }';
    expect((await ask(query, testViewer())).data).toEqual({ note: { draft: null } });
    expect((await ask(query, testViewer({ permissions: ['note:write'] }))).data).toEqual({
      note: { draft: 'd0' },
    });
    const other = testViewer({ permissions: ['note:write'], subject: 'per_other' });
    expect((await ask(query, other)).data).toEqual({ note: { draft: null } });
  });

  it('holds for entities that are entered by their key', async () => {
    const { ask } = startSubgraph();
    const query = `{ _entities(representations: [{ __typename: "Note", id: "n0" }, { __typename: "Note", id: "n1" }]) { ... on Note { body } } }`;
    expect((await ask(query, testViewer())).data).toEqual({ _entities: [{ body: 'b0' }, { body: null }] });
  });

  it('never holds for strangers', async () => {
    const { ask, policy } = startSubgraph();
    const body = { typeName: 'Note', fieldName: 'body' };
    expect(policy.decide(anonymous, body)).toBe('UNAUTHENTICATED');
    const nameless = { ...anonymous, subject: 'per_test' };
    expect(codes(await ask('{ notes(by: "per_test") { body } }', nameless))).toEqual(['UNAUTHENTICATED']);
  });
});

describe('a rule on an argument', () => {
  it('lets in who names themselves, by a default, a literal or a variable', async () => {
    const { ask, asked } = startSubgraph();
    const viewer = testViewer();
    for (const query of ['{ notes { id } }', '{ notes(by: "per_test") { id } }'])
      expect(codes(await ask(query, viewer))).toEqual([]);
    const query = 'query ($by: ID) { notes(by: $by) { id } }';
    expect(codes(await ask(query, viewer, { by: 'per_test' }))).toEqual([]);
    const before = asked.length;
    for (const by of ['per_other', '', null])
      expect(codes(await ask(query, viewer, { by }))).toEqual(['FORBIDDEN']);
    expect(asked).toHaveLength(before);
  });

  it('reads members of inputs', async () => {
    const { ask } = startSubgraph();
    const query = 'query ($to: ID) { notes(by: "x", filter: { to: $to }) { id } }';
    const lead = testViewer({ roles: ['lead'] });
    expect(codes(await ask(query, lead, { to: 'ten_test' }))).toEqual([]);
    expect(codes(await ask(query, lead, { to: 'ten_other' }))).toEqual(['FORBIDDEN']);
    expect(codes(await ask(query, testViewer(), { to: 'ten_test' }))).toEqual(['FORBIDDEN']);
  });
});

describe('roles and tenants', () => {
  const backstage = { typeName: 'Query', fieldName: 'backstage' };
  it.each([
    [{ roles: ['owner'] }, 'allowed'],
    [{ roles: ['viewer'] }, 'FORBIDDEN'],
    [{ permissions: ['note:run'], tenantId: 'ten_platform' }, 'allowed'],
    [{ permissions: ['note:run'] }, 'FORBIDDEN'],
    [{ tenantId: 'ten_platform' }, 'FORBIDDEN'],
  ])('%j is %s', (given, decision) => {
    const { policy } = startSubgraph();
    expect(policy.decide(testViewer(given), backstage)).toBe(decision);
  });

  it('make viewers differ for caches where the schema mentions them, and only there', () => {
    const { signature } = startSubgraph().policy;
    const plain = signature(testViewer());
    expect(signature(testViewer({ roles: ['owner'] }))).not.toBe(plain);
    expect(signature(testViewer({ roles: ['cook'] }))).toBe(plain);
    expect(signature(testViewer({ tenantId: 'ten_platform' }))).not.toBe(plain);
    expect(signature(testViewer({ tenantId: 'ten_other', subject: 'per_2' }))).toBe(plain);
  });
});

describe('a permission on one resource', () => {
  const text = sdl(`
    type Query {
      note(id: ID): Note @policy(policies: [["note:read"], ["note:read@argument(id)"], ["note:read@argument(id:Note.bookId)"]])
      notes: [Note] @policy(policies: [["note:read"], ["note:read@any"]])
    }
    type Mutation {
      burn(input: Burn!): Note
        @policy(policies: [["note:write"], ["note:write@argument(input.id)"], ["note:write@argument(input.id:Note.bookId)"]])
    }
    input Burn { id: ID! }
    type Note @key(fields: "id") @policy(policies: [["note:read"], ["note:read@field(id)"], ["note:read@field(bookId)"]]) {
      id: ID!
      bookId: ID!
      body: String
      sealed: String @policy(policies: [["note:unseal"]])
    }`);
  const ids = ['n1', 'n2', 'n3'] as const;
  const notes = ids.map((id, index) => ({
    id,
    bookId: index === 2 ? 'b2' : 'b1',
    body: `of ${id}`,
    sealed: 'x',
  }));
  const find = (_: unknown, { id }: { id: string }) => notes.find((note) => note.id === id) ?? null;
  const burnt: string[] = [];
  const source = buildSubgraphSchema({
    typeDefs: parse(text),
    resolvers: {
      Query: { note: find, notes: () => notes },
      Mutation: {
        burn: (_: unknown, { input }: { input: { id: string } }) => {
          burnt.push(input.id);
          return find(_, input);
        },
      },
      Note: { __resolveReference: (reference: { id: string }) => find(undefined, reference) },
    },
  });
  const policy = createPolicy(text);
  const schema = guardSchema(source, policy);
  const ask = async (query: string, permissions: readonly string[]) =>
    (await graphql({
      ...{ schema, source: query },
      contextValue: { viewer: testViewer({ permissions: [...permissions] }) },
    })) as ExecutionResult & { data?: { [root: string]: unknown } };

  it('shows that one, and nothing of any other', async () => {
    expect((await ask('{ note(id: "n1") { id body } }', ['note:read@n1'])).data?.note).toEqual({
      ...{ id: 'n1', body: 'of n1' },
    });
    for (const query of ['{ note(id: "n2") { id } }', '{ note(id: "n9") { id } }', '{ note { id } }'])
      expect(codes(await ask(query, ['note:read@n1']))).toEqual(['FORBIDDEN']);
    expect(codes(await ask('{ note(id: "n1") { sealed } }', ['note:read@n1']))).toEqual(['FORBIDDEN']);
  });

  it('opens what lies in it', async () => {
    for (const id of ['n1', 'n2'])
      expect(codes(await ask(`{ note(id: "${id}") { body } }`, ['note:read@b1']))).toEqual([]);
    expect(codes(await ask('{ note(id: "n3") { body } }', ['note:read@b1']))).toEqual(['FORBIDDEN']);
    expect((await ask('{ notes { id } }', ['note:read@b1'])).data?.notes).toEqual([
      { id: 'n1' },
      { id: 'n2' },
      null,
    ]);
  });

  it('changes nothing elsewhere, and nothing that it does not allow', async () => {
    const burn = (id: string, ...permissions: string[]) =>
      ask(`mutation { burn(input: { id: "${id}" }) { id } }`, ['note:read', ...permissions]);
    for (const permissions of [
      ['note:read@n1'],
      ['note:write@n2'],
      ['note:write@b2'],
      ['note:writes@n1'],
      [],
    ])
      expect(codes(await burn('n1', ...permissions))).toEqual(['FORBIDDEN']);
    expect(burnt).toEqual([]);
    for (const held of ['note:write@n1', 'note:write@b1', 'note:write'])
      expect(codes(await burn('n1', held))).toEqual([]);
    expect(burnt).toEqual(['n1', 'n1', 'n1']);
  });

  it('holds for entities that are entered by their key', async () => {
    const query = `{ _entities(representations: [{ __typename: "Note", id: "n1" }, { __typename: "Note", id: "n3" }]) { ... on Note { body } } }`;
    const { data } = await ask(query, ['note:read@b2']);
    expect(data?._entities).toEqual([{ body: null }, { body: 'of n3' }]);
  });

  it('is never taken for one that holds everywhere', () => {
    const of = (...permissions: string[]) => testViewer({ permissions });
    const body = { typeName: 'Note', fieldName: 'body' };
    expect(policy.decide(of('note:read@n1'), body)).toBe('conditional');
    expect(policy.decide(of('note:read'), body)).toBe('allowed');
    expect(policy.decide(of('note:reads@n1', 'note:write@n1'), body)).toBe('FORBIDDEN');
    expect(policy.signature(of('note:read@n1'))).not.toBe(policy.signature(of('note:read')));
    expect(policy.signature(of('note:read@n1'))).not.toBe(policy.signature(of()));
    // Which resource it is, is asked for each object.
    expect(policy.signature(of('note:read@n1'))).toBe(policy.signature(of('note:read@n2')));
  });

  it('gives, for any grants, what they say of each note and no more', async () => {
    const grant = fc.tuple(
      fc.constantFrom('note:read', 'note:write', 'note:unseal', 'other:read'),
      fc.constantFrom('', '@n1', '@n2', '@n3', '@b1', '@b2', '@n', '@'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(grant, { maxLength: 4 }), async (grants) => {
        const held = grants.map(([permission, where]) => permission + where);
        const holds = (permission: string, { id, bookId }: { id: string; bookId: string }) =>
          [permission, `${permission}@${id}`, `${permission}@${bookId}`].some((each) => held.includes(each));
        for (const note of notes) {
          const { data } = await ask(`{ note(id: "${note.id}") { body } }`, held);
          expect(data?.note).toEqual(holds('note:read', note) ? { body: note.body } : null);
          burnt.length = 0;
          await ask(`mutation { burn(input: { id: "${note.id}" }) { id } }`, held);
          expect(burnt).toEqual(holds('note:write', note) ? [note.id] : []);
        }
      }),
    );
  });
});
