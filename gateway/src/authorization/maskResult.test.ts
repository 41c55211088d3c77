// The answer as its viewer gets it, from what the permitted part of the operation brought.
import { describe, expect, it } from '@jest/globals';
import { createPolicy } from '@supergraph/chassis/policy';
import { testViewer } from '@supergraph/chassis/testing';
import { buildSchema, getOperationAST, parse } from 'graphql';
import { authorizeOperation } from './authorizeOperation.ts';
import { maskResult } from './maskResult.ts';

const sdl = /* GraphQL */ `
  directive @authenticated on FIELD_DEFINITION | OBJECT
  directive @policy(policies: [[String!]!]!) on FIELD_DEFINITION | OBJECT
  type Query { items: [Item] @authenticated title: String @authenticated }
  type Item @authenticated {
    id: ID
    secret: String @policy(policies: [["secret:read"]])
    hidden: String @policy(policies: [["secret:read"]])
    must: String! @policy(policies: [["secret:read"]])
    parts: [Item]
  }
`;
const schema = buildSchema(sdl);
const policy = createPolicy(sdl);

/** What a viewer without permissions gets. */
function mask(query: string, data: Record<string, unknown>) {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('one operation is expected');
  const viewer = testViewer();
  const authorized = authorizeOperation({ schema, policy, document, operation, viewer });
  const fragments = new Map();
  return maskResult({ schema, policy, viewer, operation, fragments, variables: {}, authorized, data });
}

const items = (count: number) => Array.from({ length: count }, (_, number) => ({ id: String(number) }));

describe('a field that is denied in each item of a long list', () => {
  const query = '{ items { id secret hidden } }';

  it('is null in all of them, and told of in the first hundred', () => {
    const { data, errors, coordinates } = mask(query, { items: items(150) });
    expect(JSON.parse(JSON.stringify(data))).toEqual({
      items: items(150).map((item) => ({ ...item, secret: null, hidden: null })),
    });
    expect(errors).toHaveLength(100);
    expect(errors[0]).toMatchObject({ path: ['items', 0, 'secret'], extensions: { code: 'FORBIDDEN' } });
    expect(errors[99]).toMatchObject({ path: ['items', 49, 'hidden'] });
    expect([...coordinates]).toEqual(['Item.secret', 'Item.hidden']);
  });

  it('is told of in sentinel even where the answer says nothing more', () => {
    const { errors, coordinates } = mask('{ items { secret } more: items { hidden } }', {
      items: items(150),
      more: items(1),
    });
    expect(errors.map(({ path }) => path?.[0])).not.toContain('more');
    expect([...coordinates]).toContain('Item.hidden');
  });

  it('takes its items along where it may not be null', () => {
    const { data, errors } = mask('{ items { id must } }', { items: items(5_000) });
    expect(data).toEqual({ items: Array.from({ length: 5_000 }, () => null) });
    expect(errors).toHaveLength(100);
  });

  it('costs little', () => {
    const before = process.cpuUsage();
    const { data } = mask('{ items { id secret hidden parts { id secret } } }', {
      items: items(10_000).map((item) => ({ ...item, parts: items(1) })),
    });
    // The processor's time: others use this machine too.
    expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
    expect(data?.items).toHaveLength(10_000);
  });

  it('has its errors in the form of all errors', () => {
    const { errors } = mask(query, { items: items(1) });
    expect(JSON.parse(JSON.stringify(errors[0]))).toEqual({
      message: expect.stringContaining('Item.secret'),
      locations: [{ line: 1, column: 14 }],
      path: ['items', 0, 'secret'],
      extensions: expect.objectContaining({ code: 'FORBIDDEN' }),
    });
  });
});

describe('an alias', () => {
  it('that is __proto__ keeps its place', () => {
    const data = JSON.parse('{"items":[{"__proto__":"1","id":"1"}],"__proto__":"T"}') as Record<
      string,
      unknown
    >;
    const query = '{ items { __proto__: id secret constructor: secret id } __proto__: title }';
    expect(JSON.stringify(mask(query, data).data)).toBe(
      '{"items":[{"__proto__":"1","secret":null,"constructor":null,"id":"1"}],"__proto__":"T"}',
    );
  });
});
