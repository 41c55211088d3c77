// Arguments that come from the objects around an entity, not from clients.
import { type FederatedCase, federated } from '../federatedCase.ts';

const apolloIsWrong = 'it leaves arguments from contexts out';

export const contexts: readonly FederatedCase[] = [
  {
    name: 'a context of the same subgraph',
    apolloIsWrong,
    subgraphs: {
      accounts: federated(`
        type Query { accounts: [Account!] account: Account }
        type Account @key(fields: "id") @context(name: "account") { id: ID! currency: String name: String!
          payment: Payment payments: [Payment] }
        type Payment @key(fields: "id") { id: ID! note: String
          amount(exact: Boolean, currency: String @fromContext(field: "$account { currency }")): Int
          label(name: String @fromContext(field: "$account { name }")): String! }
      `),
      risks: federated(`type Payment @key(fields: "id") { id: ID! risk: Int same: [Payment] }`),
    },
  },
  {
    name: 'a context whose fields another subgraph has',
    apolloIsWrong,
    subgraphs: {
      accounts: federated(`
        type Query { accounts: [Account] owners: [Owner!]! }
        type Owner @key(fields: "id") { id: ID! accounts: [Account!] }
        type Account @key(fields: "id") { id: ID! region: Region level: Int! }
        type Region @shareable { code: String tax: Int! zone: Zone }
        type Zone @key(fields: "id") { id: ID! hours: Int }
      `),
      payments: federated(`
        type Account @key(fields: "id") @context(name: "account") { id: ID! region: Region @external
          level: Int! @external folders: [Folder!] }
        type Region @shareable { code: String tax: Int! zone: Zone }
        type Zone @key(fields: "id") { id: ID! hours: Int @external }
        type Folder { title: String payments: [Payment!] last: Payment }
        type Payment @key(fields: "id") { id: ID! refund: Refund
          tax(code: String @fromContext(field: "$account { region { code } }")
              level: Int @fromContext(field: "$account { level }")): Int
          hour(hours: Int @fromContext(field: "$account { region { zone { hours } } }")): String }
        type Refund @key(fields: "id") { id: ID!
          fee(level: Int @fromContext(field: "$account { level }")): Int }
      `),
      notes: federated(`
        type Payment @key(fields: "id") { id: ID! note: Note }
        type Refund @key(fields: "id") { id: ID! why: String }
        type Note { text: String payment: Payment }
      `),
    },
  },
  {
    name: 'contexts of several types',
    apolloIsWrong,
    subgraphs: {
      a: federated(`
        type Query { node: Node nodes: [Node!] any: [Any] }
        interface Node @context(name: "node") { id: ID! size: Int leaf: Leaf }
        union Any @context(name: "any") = Folder | File
        type Folder implements Node @key(fields: "id") { id: ID! size: Int leaf: Leaf leaves: [Leaf!] title: String }
        type File implements Node @key(fields: "id") { id: ID! size: Int leaf: Leaf name: String }
        type Leaf @key(fields: "id") { id: ID! colour: String
          weight(size: Int @fromContext(field: "$node { size }")): Int
          path(of: String @fromContext(field: "$any ... on Folder { title } ... on File { name }")): String }
      `),
      b: federated(`
        type Query { folders: [Folder] }
        type Folder @key(fields: "id") { id: ID! first: Leaf }
        type Leaf @key(fields: "id") { id: ID! age: Int }
      `),
    },
  },
  {
    name: 'the root as a context',
    apolloIsWrong,
    subgraphs: {
      a: federated(`
        type Query @context(name: "root") { me: User product: Product products: [Product!] }
        type User @key(fields: "id") { id: ID! locale: String }
        type Product @key(fields: "id") { id: ID! name: String
          price(locale: String @fromContext(field: "$root { me { locale } }")): Int }
      `),
      b: federated(`
        type Query { best: [Product] }
        type Product @key(fields: "id") { id: ID! stars: Int like: [Product] }
      `),
    },
  },
  {
    name: 'contexts within contexts',
    apolloIsWrong,
    subgraphs: {
      a: federated(`
        type Query { groups: [Group] }
        type Group @key(fields: "id") @context(name: "unit") { id: ID! rank: Int! teams: [Team] leader: Person tags: [String!] }
        type Team @key(fields: "id") @context(name: "unit") { id: ID! rank: Int! leader: Person people: [Person!] tags: [String!] }
        type Person @key(fields: "id") { id: ID! age: Int friend: Person
          title(rank: Int @fromContext(field: "$unit { rank }")): String
          badges(tags: [String] @fromContext(field: "$unit { tags }")): [Badge] }
        type Badge @key(fields: "id") { id: ID! text: String }
      `),
      b: federated(`
        type Team @key(fields: "id") { id: ID! guests: [Person] }
        type Person @key(fields: "id") { id: ID! mail: String }
        type Badge @key(fields: "id") { id: ID! colour: Int }
      `),
    },
  },
  {
    name: 'contexts and requirements',
    apolloIsWrong,
    subgraphs: {
      a: federated(`
        type Query { carts: [Cart] }
        type Cart @key(fields: "id") { id: ID! country: String weight: Int lines: [Line!] }
        type Line @key(fields: "id") { id: ID! price: Int! amount: Int }
      `),
      b: federated(`
        type Cart @key(fields: "id") @context(name: "cart") { id: ID! country: String @external weight: Int @external
          orders: [Line!] isHeavy: Boolean @requires(fields: "weight") first: Line }
        type Line @key(fields: "id") { id: ID! price: Int! @external
          gross(country: String @fromContext(field: "$cart { country }")): Int @requires(fields: "price")
          net: Int @requires(fields: "price") }
      `),
    },
  },
];
