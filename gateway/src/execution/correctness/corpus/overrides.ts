// Fields that move from one subgraph to another step by step: labels hold or not at random.
import { type FederatedCase, federated } from '../federatedCase.ts';

export const overrides: readonly FederatedCase[] = [
  {
    name: 'fields that have moved for some',
    subgraphs: {
      old: federated(`
        type Query { products: [Product!] newest: Product }
        type Product @key(fields: "id") { id: ID! name: String price(currency: String): Int stock: Stock tags: [String] }
        type Stock @key(fields: "id") { id: ID! amount: Int place: String }
      `),
      new: federated(`
        type Query { newest: Product @override(from: "old", label: "percent(30)") cheapest: Product }
        type Product @key(fields: "id") { id: ID!
          price(currency: String): Int @override(from: "old", label: "percent(5)")
          stock: Stock @override(from: "old", label: "new-stock") }
        type Stock @key(fields: "id") { id: ID! amount: Int @override(from: "old", label: "new-stock") }
      `),
      reviews: federated(`type Product @key(fields: "id") { id: ID! stars: Int same: [Product] }`),
    },
  },
  {
    name: 'fields beside requirements that have moved for some',
    subgraphs: {
      a: federated(`
        type Query { parcels: [Parcel!] }
        type Parcel @key(fields: "id") @key(fields: "code") { id: ID! code: ID! weight: Int! size: Int rate: Int sender: Person }
        type Person @key(fields: "id") { id: ID! name: String }
      `),
      b: federated(`
        type Parcel @key(fields: "code") { code: ID! weight: Int! @external
          sender: Person @override(from: "a", label: "percent(50)")
          rate: Int @override(from: "a", label: "rates")
          volume: Int @requires(fields: "weight") }
        type Person @key(fields: "id") { id: ID! mail: String }
      `),
      c: federated(`
        type Parcel @key(fields: "id") { id: ID! weight: Int! @external
          postage: Int @requires(fields: "weight") }
        type Person @key(fields: "id") { id: ID! name: String @external greeting: String @requires(fields: "name") }
      `),
    },
  },
  {
    name: 'changes that have moved for some',
    subgraphs: {
      old: federated(`
        type Query { users: [User] }
        type Mutation { rename(name: String!): User remove: Boolean }
        type User @key(fields: "id") { id: ID! name: String }
      `),
      new: federated(`
        type Mutation { rename(name: String!): User @override(from: "old", label: "renaming") touch: User }
        type User @key(fields: "id") { id: ID! name: String @override(from: "old", label: "names") age: Int }
      `),
    },
  },
];
