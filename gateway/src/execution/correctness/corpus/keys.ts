// How entities are found: one key, several, compound and nested ones, keys that lead nowhere.
import { type FederatedCase, federated } from '../federatedCase.ts';

export const keys: readonly FederatedCase[] = [
  {
    name: 'an entity over three subgraphs',
    subgraphs: {
      catalogue: federated(`
        type Query { products(first: Int = 3, tag: String): [Product] product(id: ID!): Product featured: Product! }
        type Product @key(fields: "id") { id: ID! name: String tags: [String!]! weight: Float }
      `),
      prices: federated(`
        type Product @key(fields: "id") { id: ID! price(currency: String!, discount: Float): Int isCheap: Boolean! }
      `),
      reviews: federated(`
        type Query { bestReview: Review }
        type Product @key(fields: "id") { id: ID! reviews(first: Int): [Review!] rating: Int! }
        type Review @key(fields: "id") { id: ID! text: String product: Product! author: Person }
        type Person { id: ID! name: String! }
      `),
    },
  },
  {
    name: 'several keys, one for each subgraph',
    subgraphs: {
      catalogue: federated(`
        type Query { items: [Item!]! }
        type Item @key(fields: "id") @key(fields: "sku") { id: ID! sku: ID! title: String! }
      `),
      stock: federated(`
        type Item @key(fields: "sku") @key(fields: "shelf { row place }") {
          sku: ID! shelf: Shelf! count: Int }
        type Shelf @shareable { row: ID! place: ID! }
      `),
      robots: federated(`
        type Query { next: Item }
        type Item @key(fields: "shelf { row place }") { shelf: Shelf! pickedBy: String pickedAt: Float! }
        type Shelf @shareable { row: ID! place: ID! }
      `),
    },
  },
  {
    name: 'keys within keys, through other entities',
    subgraphs: {
      organisations: federated(`
        type Query { members: [Member] teams: [[Team!]!]! }
        type Member @key(fields: "person { id } team { id organisation { id } }") {
          person: Person! team: Team! role: String }
        type Person @key(fields: "id") { id: ID! email: String }
        type Team @key(fields: "id organisation { id }") { id: ID! organisation: Organisation! members: [Member!]! }
        type Organisation @key(fields: "id") { id: ID! title: String! }
      `),
      payroll: federated(`
        type Member @key(fields: "person { id } team { id organisation { id } }") {
          person: Person! team: Team! salary: Int! }
        type Person @key(fields: "id") { id: ID! iban: String }
        type Team @key(fields: "id organisation { id }") { id: ID! organisation: Organisation! budget: Int }
        type Organisation @key(fields: "id") { id: ID! country: String }
      `),
    },
  },
  {
    name: 'keys that cannot be resolved, and stubs',
    subgraphs: {
      shelves: federated(`
        type Query { book: Book shelf: [Book] }
        type Book @key(fields: "id", resolvable: false) { id: ID! }
      `),
      books: federated(`
        type Query { anyBook: Book! }
        type Book @key(fields: "id") @key(fields: "isbn") { id: ID! isbn: ID! title: String! pages: Int }
      `),
      covers: federated(`
        type Book @key(fields: "isbn") { isbn: ID! cover: Cover } type Cover { url: String! alt(language: String): String }
      `),
    },
  },
  {
    name: 'keys that may be null',
    unlikeMonolith: 'the gateway cannot find an entity whose key is null; one schema need not find it',
    subgraphs: {
      library: federated(`
        type Query { loans: [Book!] book: Book }
        type Book @key(fields: "id") @key(fields: "isbn") { id: ID isbn: ID lender: String }
      `),
      isbn: federated(`type Book @key(fields: "isbn") { isbn: ID title: String } `),
      authors: federated(`
        type Book @key(fields: "id") { id: ID author: Author }
        type Author @key(fields: "id") { id: ID name: String }
      `),
      people: federated(`type Author @key(fields: "id") { id: ID born: Int! }`),
    },
  },
  {
    name: 'entities that refer to each other',
    subgraphs: {
      people: federated(`
        type Query { people: [Person!]! }
        type Person @key(fields: "id") { id: ID! name: String! friends: [Person] boss: Person posts: [Post!] }
        type Post @key(fields: "id") { id: ID! }
      `),
      posts: federated(`
        type Query { posts: [Post] }
        type Post @key(fields: "id") { id: ID! title: String author: Person! likedBy: [Person!] }
        type Person @key(fields: "id") { id: ID! favourite: Post }
      `),
    },
  },
  {
    name: 'the whole query again, below',
    subgraphs: {
      a: federated(`
        type Query @shareable { me: User! }
        type User @key(fields: "id") { id: ID! name: String query: Query! }
      `),
      b: federated(`
        type Query { tops: [User!] answer: Int! }
        type User @key(fields: "id") { id: ID! score: Int }
      `),
    },
  },
];
