// Fields that a subgraph computes from what others know.
import { type FederatedCase, federated } from '../federatedCase.ts';

export const requirements: readonly FederatedCase[] = [
  {
    name: 'a field that requires two of another subgraph',
    subgraphs: {
      products: federated(`
        type Query { products: [Product!] product(id: ID!): Product }
        type Product @key(fields: "id") { id: ID! price: Int weight: Float size: Size! }
        type Size { width: Int! depth: Int labels: [String] }
      `),
      shipping: federated(`
        type Query { parcels: [Product] }
        type Product @key(fields: "id") {
          id: ID! price: Int @external weight: Float @external size: Size! @external
          shipping(express: Boolean): Int @requires(fields: "price weight")
          box: String! @requires(fields: "size { width depth labels }") carrier: String }
        type Size @external { width: Int! depth: Int labels: [String] }
      `),
    },
  },
  {
    name: 'requirements of requirements',
    subgraphs: {
      a: federated(`
        type Query { product: Product products: [Product] }
        type Product @key(fields: "id") { id: ID! price: Int! }
      `),
      b: federated(`
        type Product @key(fields: "id") { id: ID! price: Int! @external tax: Int! @requires(fields: "price") }
      `),
      c: federated(`
        type Product @key(fields: "id") { id: ID! tax: Int! @external
          isDear: Boolean! @requires(fields: "tax") note: String @requires(fields: "tax") }
      `),
      d: federated(`
        type Product @key(fields: "id") { id: ID! price: Int! @external isDear: Boolean! @external
          verdict: String @requires(fields: "price isDear") }
      `),
    },
  },
  {
    name: 'two subgraphs that require of each other',
    subgraphs: {
      a: federated(`
        type Query { feed: [Post!]! }
        type Post @key(fields: "id") { id: ID! author: Author byNovice: Boolean! @external
          byExpert: Boolean @requires(fields: "byNovice") }
        type Author @key(fields: "id") { id: ID! years: Int! name: String }
      `),
      b: federated(`
        type Post @key(fields: "id") { id: ID! author: Author @external
          byNovice: Boolean! @requires(fields: "author { years }") }
        type Author @key(fields: "id") { id: ID! years: Int! @external }
      `),
    },
  },
  {
    name: 'requirements with arguments',
    subgraphs: {
      rates: federated(`
        type Query { hotels: [Hotel] }
        type Hotel @key(fields: "id") { id: ID! rate(currency: String!, nights: Int = 1): Int name: String
          rooms: [Room!]! }
        type Room { size: Int! }
      `),
      deals: federated(`
        type Hotel @key(fields: "id") { id: ID! rate(currency: String!, nights: Int = 1): Int @external
          bargain: Boolean @requires(fields: "rate(currency: \\"EUR\\", nights: 7)")
          rooms: [Room!]! @external space: Int @requires(fields: "rooms { size }") }
        type Room @external { size: Int! }
      `),
    },
    unlikeMonolith:
      'the planner mixes rate with the arguments that bargain requires with those that clients give',
  },
  {
    name: 'requirements over an interface',
    subgraphs: {
      users: federated(`
        type Query { user: User users: [User!] }
        type User @key(fields: "id") { id: ID! name: String
          address: Address @external city: String @requires(fields: "address { id }")
          country: String @requires(fields: "address { __typename id ... on Home { country } ... on Work { country floor } }") }
        interface Address { id: ID! }
        type Home implements Address @key(fields: "id") { id: ID! country: String @external }
        type Work implements Address @key(fields: "id") { id: ID! country: String @external floor: Int @external }
      `),
      addresses: federated(`
        type User @key(fields: "id") { id: ID! address: Address }
        interface Address { id: ID! country: String }
        type Home implements Address @key(fields: "id") { id: ID! country: String street: String! }
        type Work implements Address @key(fields: "id") { id: ID! country: String floor: Int }
      `),
    },
  },
  {
    name: 'requirements through lists of unions',
    subgraphs: {
      feeds: federated(`
        type Query { feeds: [Feed] }
        type Feed @key(fields: "id") { id: ID! entries: [Entry] }
        union Entry = Text | Picture
        type Text @shareable { words: [String] length: Int! } type Picture @shareable { url: String width: Int }
      `),
      summaries: federated(`
        type Feed @key(fields: "id") { id: ID! entries: [Entry] @external
          summary: String @requires(fields: "entries { ... on Text { words length } ... on Picture { url width } }") }
        union Entry = Text | Picture
        type Text @shareable { words: [String] length: Int! } type Picture @shareable { url: String width: Int }
      `),
    },
  },
  {
    name: 'requirements through lists within lists',
    apolloIsWrong: 'it loses them from representations',
    subgraphs: {
      boards: federated(`
        type Query { boards: [Board] }
        type Board @key(fields: "id") { id: ID! layout: [[Cell]] }
        type Cell @shareable { x: Int y: Int! }
      `),
      areas: federated(`
        type Board @key(fields: "id") { id: ID! layout: [[Cell]] @external
          area: Int @requires(fields: "layout { x y }") }
        type Cell @shareable { x: Int y: Int! }
      `),
    },
  },
  {
    name: 'requirements below the entity',
    subgraphs: {
      carts: federated(`
        type Query { cart: Cart! }
        type Cart @key(fields: "id") { id: ID! lines: [Line!]! }
        type Line @shareable { product: Product! amount: Int! }
        type Product @key(fields: "id") { id: ID! }
      `),
      prices: federated(`type Product @key(fields: "id") { id: ID! price: Int! name: String }`),
      totals: federated(`
        type Cart @key(fields: "id") { id: ID! lines: [Line!]! @external
          total: Int! @requires(fields: "lines { amount product { price name } }") }
        type Line @shareable { product: Product! amount: Int! }
        type Product @key(fields: "id") { id: ID! price: Int! @external name: String @external }
      `),
    },
  },
];
