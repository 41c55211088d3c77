// Policies beyond permissions: their grammar, what they may read, and how a subgraph decides by them.
import { buildSubgraphSchema } from '@apollo/subgraph';
import { describe, expect, it } from '@jest/globals';
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
  ])('%s is read', (text, expected) => expect(parseRule(text)).toMatchObject({ ...expected, text }));

  it.each([
    ...['', 'owner', 'Public', 'a:b:c', 'role=', 'role = owner', 'argument()=viewer.subject'],
    ...['argument(id)=viewer.roles', 'field(a.b)=viewer.subject', 'field(id)="x"', 'owner(id)'],
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
