// What viewers are told of the fields that they may not see.
import { describe, expect, it } from '@jest/globals';
import { createPolicy } from '@supergraph/chassis/policy';
import { testViewer } from '@supergraph/chassis/testing';
import { buildSchema, parse } from 'graphql';
import { authorizeOperation } from '../authorization/authorizeOperation.ts';
import { onlyOperationOf } from '../testing/only-operation.ts';
import { compileShape } from './shapeAnswer.ts';

const sdl = /* GraphQL */ `
  directive @authenticated on FIELD_DEFINITION | OBJECT
  directive @policy(policies: [[String!]!]!) on FIELD_DEFINITION | OBJECT
  type Query { items: [Item] @authenticated title: String @authenticated }
  type Item @authenticated {
    id: ID
    secret: String @policy(policies: [["secret:read"]])
    hidden: String @policy(policies: [["secret:read"]])
    must: String! @policy(policies: [["secret:read"]])
    owner: ID
    note: String @policy(policies: [["secret:read"], ["field(owner)=viewer.subject"]])
    parts: [Item]
  }
`;
const schema = buildSchema(sdl);
const policy = createPolicy(sdl);

/** What a viewer without permissions gets, where `data` was fetched. */
function answer(query: string, data: Record<string, unknown>) {
  const document = parse(query);
  const operation = onlyOperationOf(document);
  const viewer = testViewer();
  const shape = compileShape({
    ...{ schema, policy, operation, conditions: {}, fragments: new Map(), entityPaths: new Set() },
    authorized: authorizeOperation({ schema, policy, document, operation, viewer }),
    defers: new Map(),
    introspect: () => 'null',
  });
  const { data: text, denials, denied } = shape({ data, viewer, variables: {}, shared: new Set() });
  return { text, data: JSON.parse(text), denials, denied };
}

const items = (count: number) => Array.from({ length: count }, (_, number) => ({ id: String(number) }));

describe('a field that is denied in each item of a long list', () => {
  const query = '{ items { id secret hidden } }';

  it('is null in all of them, and told of in the first hundred', () => {
    const { data, denials, denied } = answer(query, { items: items(150) });
    expect(data).toEqual({
      items: items(150).map((item) => ({ ...item, secret: null, hidden: null })),
    });
    expect(denials).toHaveLength(100);
    expect(denials[0]).toMatchObject({ path: ['items', 0, 'secret'], extensions: { code: 'FORBIDDEN' } });
    expect(denials[99]).toMatchObject({ path: ['items', 49, 'hidden'] });
    expect([...denied]).toEqual(['Item.secret', 'Item.hidden']);
  });

  it('is told of in sentinel even where the answer says nothing more', () => {
    const { denials, denied } = answer('{ items { secret } more: items { hidden } }', {
      items: items(150),
      more: items(1),
    });
    expect(denials.map(({ path }) => path?.[0])).not.toContain('more');
    expect([...denied]).toContain('Item.hidden');
  });

  it('takes its items along where it may not be null', () => {
    const { data, denials } = answer('{ items { id must } }', { items: items(5_000) });
    expect(data).toEqual({ items: Array.from({ length: 5_000 }, () => null) });
    expect(denials).toHaveLength(100);
  });

  it('costs little', () => {
    const before = process.cpuUsage();
    const { data } = answer('{ items { id secret hidden parts { id secret } } }', {
      items: items(10_000).map((item) => ({ ...item, parts: items(1) })),
    });
    // The processor's time: others use this machine too.
    expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
    expect(data?.items).toHaveLength(10_000);
  });

  it('has its errors in the form of all errors', () => {
    const { denials } = answer(query, { items: items(1) });
    expect(JSON.parse(JSON.stringify(denials[0]))).toEqual({
      message: expect.stringContaining('Item.secret'),
      locations: [{ line: 1, column: 14 }],
      path: ['items', 0, 'secret'],
      extensions: expect.objectContaining({ code: 'FORBIDDEN' }),
    });
  });
});

describe('a field that the object opens', () => {
  it("is shown of objects that are the viewer's, and null in all others", () => {
    const key = '__owned_Item_owner';
    const fetched = ['per_test', 'per_other', null].map((owner) => ({ note: 'n', [key]: owner }));
    const { data, denials } = answer('{ items { note } }', { items: [...fetched, { note: 'n' }] });
    expect(data).toEqual({ items: [{ note: 'n' }, { note: null }, { note: null }, { note: null }] });
    expect(denials.map(({ path }) => path?.[1])).toEqual([1, 2, 3]);
  });
});

describe('an alias', () => {
  it('that is __proto__ keeps its place', () => {
    const data = JSON.parse('{"items":[{"__proto__":"1","id":"1"}],"__proto__":"T"}') as Record<
      string,
      unknown
    >;
    const query = '{ items { __proto__: id secret constructor: secret id } __proto__: title }';
    expect(answer(query, data).text).toBe(
      '{"items":[{"__proto__":"1","secret":null,"constructor":null,"id":"1"}],"__proto__":"T"}',
    );
  });
});

describe('an ID', () => {
  it('is text, also where a subgraph counts', () => {
    expect(answer('{ items { id } }', { items: [{ id: 7 }, { id: 1.5 }] }).data).toEqual({
      items: [{ id: '7' }, { id: null }],
    });
  });
});
