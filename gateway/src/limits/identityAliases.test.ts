import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { identityAliases, readIdentityNames } from './identityAliases.ts';

const supergraph = parse(`
  type Query { thing: Thing any: Node }
  interface Node { name: String }
  type Thing implements Node @join__type(graph: A, key: "id") @join__type(graph: B, key: "owner { code }") {
    id: ID
    name: String
    price: Int
    owner: Owner
    shipping: Int @join__field(graph: B, requires: "price")
  }
  type Owner { code: ID title: String }
  type Page { title: String
    text: String @join__field(graph: B, contextArguments: [
      { context: "b__shelf", name: "label", type: "String", selection: "{ shelf { label } }" }
    ]) }
`);
const schema = buildSchema(`
  type Query { thing: Thing any: Node page: Page shelf: Shelf }
  type Shelf { label: String secret: String page: Page }
  interface Node { name: String }
  type Thing implements Node { id: ID name: String price: Int owner: Owner shipping: Int }
  type Owner { code: ID title: String }
  type Page { title: String }
`);
const names = readIdentityNames(supergraph);
const refusals = (query: string) => validate(schema, parse(query), [identityAliases(schema, names)]);

describe('a field by which an object is known', () => {
  it('is one of a key, within a key, required, or looked for around others', () => {
    expect([...names].sort()).toEqual(['code', 'id', 'label', 'owner', 'price', 'shelf']);
  });

  it.each([
    ['a key', '{ thing { id: name } }'],
    ['a part of a key', '{ thing { owner { code: title } } }'],
    ['what another field requires', '{ thing { price: shipping } }'],
    ['what another takes from around it', '{ shelf { label: secret } }'],
    ['a key behind an interface', '{ any { id: name } }'],
    ['a key in a fragment', '{ thing { ...F } } fragment F on Thing { id: name }'],
  ])('lends its name to no other: %s', (_, query) => {
    expect(refusals(query)).toHaveLength(1);
  });

  it.each([
    ['itself', '{ thing { id id: id } }'],
    ['another alias', '{ thing { name: shipping code: name } }'],
    ['a type without it', '{ page { id: title } id: page { title } }'],
  ])('leaves alone: %s', (_, query) => {
    expect(refusals(query)).toEqual([]);
  });
});
