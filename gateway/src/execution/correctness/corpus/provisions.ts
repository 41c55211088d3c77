// What a subgraph knows at one place only; and who has taken a field over from whom.
import { type FederatedCase, federated } from '../federatedCase.ts';

export const provisions: readonly FederatedCase[] = [
  {
    name: 'provided fields, and provided ones below',
    subgraphs: {
      reviews: federated(`
        type Query { reviews: [Review] topReview: Review! @provides(fields: "author { name }") }
        type Review @key(fields: "id") { id: ID! text: String author: Author @provides(fields: "name address { city { name } }")
          editor: Author }
        type Author @key(fields: "id") { id: ID! name: String @external address: Address @external }
        type Address @key(fields: "id") { id: ID! city: City @external }
        type City @key(fields: "id") { id: ID! name: String @external }
      `),
      authors: federated(`
        type Author @key(fields: "id") { id: ID! name: String @shareable address: Address @shareable age: Int! }
        type Address @key(fields: "id") { id: ID! city: City @shareable street: String }
        type City @key(fields: "id") { id: ID! name: String @shareable mayor: Author }
      `),
    },
  },
  {
    name: 'provided by members of unions and interfaces',
    subgraphs: {
      media: federated(`
        type Query { media: [Media] @provides(fields: "... on Book { title } ... on Movie { title length }")
          shown: Shown @provides(fields: "... on Book { author { name } }") }
        union Media = Book | Movie
        interface Shown { id: ID! }
        type Book implements Shown @key(fields: "id") { id: ID! title: String @external author: Author @external }
        type Movie implements Shown @key(fields: "id") { id: ID! title: String @external length: Int @external }
        type Author @key(fields: "id") { id: ID! name: String! @external }
      `),
      details: federated(`
        type Book @key(fields: "id") { id: ID! title: String @shareable author: Author @shareable pages: Int }
        type Movie @key(fields: "id") { id: ID! title: String @shareable length: Int @shareable }
        type Author @key(fields: "id") { id: ID! name: String! @shareable born: Int }
      `),
    },
  },
  {
    name: 'overridden fields, also such that require',
    subgraphs: {
      old: federated(`
        type Query { orders: [Order!] }
        type Order @key(fields: "id") { id: ID! total: Int state: String! tax: Int }
      `),
      new: federated(`
        type Query { lastOrder: Order }
        type Order @key(fields: "id") { id: ID! total: Int @override(from: "old") rate: Float @external
          tax: Int @override(from: "old") @requires(fields: "rate") }
      `),
      rates: federated(`type Order @key(fields: "id") { id: ID! rate: Float }`),
      elsewhere: federated(
        `type Order @key(fields: "id") { id: ID! notes: [String] @override(from: "nowhere") }`,
      ),
    },
  },
  {
    name: 'shared fields, roots and values',
    subgraphs: {
      names: federated(`
        type Query @shareable { product: Product products: [Product!]! }
        type Product @shareable { id: ID! name: Name category: Category }
        type Name @shareable { brand: String model: String }
        type Category @shareable { id: ID! title: String }
      `),
      prices: federated(`
        type Query @shareable { product: Product products: [Product!]! }
        type Product @shareable { id: ID! price: Price }
        type Price @shareable { amount: Int! currency: String }
      `),
      categories: federated(`
        type Query @shareable { product: Product products: [Product!]! }
        type Product @shareable { id: ID! category: Category }
        type Category @shareable { id: ID! subs: [Sub!] } type Sub { title: String rank: Int! }
      `),
    },
  },
  {
    name: 'nullable here and not there, lists too',
    subgraphs: {
      a: federated(`
        type Query { users: [User!]! @shareable first: User @shareable }
        type User @key(fields: "id") { id: ID! tags: [String!]! @shareable best: User @shareable size: Int @shareable }
      `),
      b: federated(`
        type Query { users: [User] @shareable first: User! @shareable }
        type User @key(fields: "id") { id: ID! tags: [String] @shareable best: User! @shareable size: Int! @shareable
          more: Float }
      `),
    },
  },
  {
    name: 'fields of an interface that moved',
    subgraphs: {
      a: federated(`
        type Query { feed: [Post] }
        interface Post { id: ID! createdAt: String! }
        type Image implements Post @key(fields: "id") { id: ID! createdAt: String! @override(from: "b") url: String }
        type Text implements Post @key(fields: "id") { id: ID! createdAt: String! body: String! }
      `),
      b: federated(`
        type Query { another: Post latest: Image }
        interface Post { id: ID! createdAt: String! }
        type Image implements Post @key(fields: "id") { id: ID! createdAt: String! likes: Int }
        type Text implements Post @key(fields: "id") { id: ID! createdAt: String! @override(from: "a") }
      `),
    },
  },
  {
    name: 'federation 1: external fields that nothing needs',
    subgraphs: {
      price: `
        extend type Product @key(fields: "id") { id: ID! @external name: String @external price: Float }
      `,
      product: `
        type Query { product: Product products: [Product!] }
        type Product @key(fields: "id") { id: ID! name: String }
      `,
    },
  },
  {
    name: 'federation 1: extended and external types',
    subgraphs: {
      users: `
        type Query { users: [User] me: User! }
        type User @key(fields: "id") { id: ID! name: String email: String! }
      `,
      ratings: `
        extend type User @key(fields: "id") { id: ID! @external email: String! @external
          rating: Int hash: String! @requires(fields: "email") bestProduct: Product }
        type Product @key(fields: "id") { id: ID! name: String owner: User }
        type Query { topProducts(first: Int = 2): [Product] }
      `,
    },
  },
];
