import { describe, expect, it } from '@jest/globals';
import { readCacheMarks } from '@supergraph/chassis/cache-marks';
import { createPolicy } from '@supergraph/chassis/policy';
import { buildASTSchema, parse } from 'graphql';
import { cacheabilityOf } from './cacheability.ts';
import { readKeyFields } from './keyFields.ts';

const document = parse(/* GraphQL */ `
  directive @policy(policies: [[String!]!]!) on OBJECT | FIELD_DEFINITION
  directive @join__type(key: String) repeatable on OBJECT
  directive @cacheControl(maxAge: Int, scope: String, inheritMaxAge: Boolean, changedBy: [String!]) on FIELD_DEFINITION
  scalar _Any
  union _Entity = Shop | Note | Book
  interface Text { words: Int }
  type Query @policy(policies: [["public"]]) {
    _entities(representations: [_Any!]!): [_Entity]!
    shop: Shop @cacheControl(maxAge: 60, changedBy: ["shops.shop.moved.v1"])
    open: Boolean
    texts: [Text] @cacheControl(maxAge: 30)
  }
  type Shop @join__type(key: "id") @join__type(key: "account") @join__type(key: "country { code }") @policy(policies: [["public"]]) {
    id: ID!
    country: String
    account: ID! @policy(policies: [["field(id)=viewer.subject"]])
    name: String @cacheControl(maxAge: 90, changedBy: ["shops.shop.renamed.v1(shopId)"])
    slug: String @cacheControl(inheritMaxAge: true)
    visits: Int
    discount: Int @cacheControl(maxAge: 10, scope: PRIVATE)
    never: Int @cacheControl(maxAge: 0)
    notes: [Note] @cacheControl(inheritMaxAge: true)
    mine: Int @policy(policies: [["field(id)=viewer.subject"]]) @cacheControl(maxAge: 90)
  }
  type Note implements Text @policy(policies: [["public"]]) { words: Int @cacheControl(inheritMaxAge: true) }
  type Book implements Text @policy(policies: [["public"]]) { words: Int }
`);
const options = {
  schema: buildASTSchema(document, { assumeValid: true }),
  marks: readCacheMarks(document),
  requirements: createPolicy(document).requirements,
  keyFields: readKeyFields(document),
};
const of = (operation: string) => cacheabilityOf(parse(operation), options);
const entity = (fields: string) =>
  of(
    `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Shop { ${fields} } } }`,
  );

describe('what a fetch brings', () => {
  it('is kept as long as the briefest of its fields', () => {
    expect(entity('name')).toMatchObject({ ttlSeconds: 90, isPrivate: false });
    expect(of('{ shop { name slug } }')).toMatchObject({ ttlSeconds: 60, isPrivate: false });
    expect(entity('__typename id name discount')).toMatchObject({ ttlSeconds: 10, isPrivate: true });
  });

  it('hangs on the events of all its fields', () => {
    expect(of('{ shop { name slug } }')?.changedBy).toEqual([
      { eventType: 'shops.shop.moved.v1' },
      { eventType: 'shops.shop.renamed.v1', property: 'shopId' },
    ]);
  });

  it('lasts as long as what holds it where it says so, through lists and fragments', () => {
    const operation = '{ shop { ...Parts } } fragment Parts on Shop { notes { ... on Note { words } } }';
    expect(of(operation)).toMatchObject({ ttlSeconds: 60 });
  });

  it('is private where a policy compares with the viewer', () => {
    expect(entity('mine')).toMatchObject({ isPrivate: true });
    expect(entity('name account')).toMatchObject({ isPrivate: true });
  });

  it.each([
    ['a field without a mark', entity('name visits')],
    ['a field that is never kept', entity('name never')],
    ['a field that inherits, of an entity that nothing holds', entity('slug')],
    ['a root field without a mark', of('{ shop { name } open }')],
    ['a field of an interface that one of its types does not keep', of('{ texts { words } }')],
    ['a part of a key', entity('name country')],
    ['keys alone', entity('__typename id')],
    ['a mutation', of('mutation { shop { name } }')],
    ['a subscription', of('subscription { shop { name } }')],
    ['a field that is not in the schema', entity('name gone')],
  ])('is never kept with %s', (_, cacheability) => {
    expect(cacheability).toBeUndefined();
  });
});
