// Interfaces and unions, whole and in parts.
import { type FederatedCase, federated } from '../federatedCase.ts';

export const abstractTypes: readonly FederatedCase[] = [
  {
    name: 'an interface with entities behind it',
    subgraphs: {
      catalogue: federated(`
        type Query { products: [Product] product: Product! similar(to: ID!): [Product!] }
        interface Product { id: ID! title: String related: [Product!] }
        type Book implements Product @key(fields: "id") { id: ID! title: String related: [Product!] author: Person pages: Int! }
        type Lamp implements Product @key(fields: "id") { id: ID! title: String related: [Product!] watts: Int! }
        type Person @key(fields: "id") { id: ID! name: String! }
      `),
      prices: federated(`
        interface Priced { price: Int! discount(percent: Int): Int }
        type Book implements Priced @key(fields: "id") { id: ID! price: Int! discount(percent: Int): Int }
        type Lamp implements Priced @key(fields: "id") { id: ID! price: Int! discount(percent: Int): Int socket: String }
        type Query { bargains: [Priced!] }
      `),
      people: federated(`type Person @key(fields: "id") { id: ID! bornIn: String knows: [Person] }`),
    },
  },
  {
    name: 'interfaces of interfaces',
    subgraphs: {
      a: federated(`
        type Query { nodes: [Node] named: Named thing: Thing }
        interface Node { id: ID! } interface Named implements Node { id: ID! name: String }
        interface Thing { id: ID! size: Int }
        type Cat implements Node & Named & Thing @key(fields: "id") { id: ID! name: String size: Int paws: Int! owner: Named }
        type Rock implements Node & Thing @key(fields: "id") { id: ID! size: Int weight: Float }
        type Human implements Node & Named @key(fields: "id") { id: ID! name: String }
      `),
      b: federated(`
        interface Node { id: ID! }
        type Cat implements Node @key(fields: "id") { id: ID! mood: String }
        type Human implements Node @key(fields: "id") { id: ID! age: Int pets: [Cat!] favourite: Node }
        type Query { seen: Node }
      `),
    },
  },
  {
    name: 'unions with members that not all know',
    subgraphs: {
      a: federated(`
        type Query { media: Media shared: Media @shareable viewer: Viewer }
        union Media = Book | Movie
        type Viewer @key(fields: "id") { id: ID! liked: [Media] last: ViewerMedia }
        union ViewerMedia = Book | Song
        type Book @key(fields: "id") { id: ID! title: String }
        type Movie @key(fields: "id") { id: ID! title: String }
        type Song @key(fields: "id") { id: ID! title: String }
      `),
      b: federated(`
        type Query { more: [Media!] shared: Media @shareable }
        union Media = Book | Song
        type Viewer @key(fields: "id") { id: ID! queue: [Media] }
        type Book @key(fields: "id") { id: ID! pages: Int }
        type Song @key(fields: "id") { id: ID! seconds: Int! }
      `),
    },
  },
  {
    name: 'fields of one name and many types',
    subgraphs: {
      a: federated(`
        type Query { boxes: [Box] any: Any }
        union Any = Red | Blue | Box
        interface Labelled { label: String }
        type Box @key(fields: "id") { id: ID! content: Labelled }
        type Red implements Labelled @key(fields: "id") { id: ID! label: String value: Int next: Blue size: String }
        type Blue implements Labelled @key(fields: "id") { id: ID! label: String value: Float next: Red text: String }
      `),
      b: federated(`
        type Red @key(fields: "id") { id: ID! note: String count: Int! }
        type Blue @key(fields: "id") { id: ID! remark: String amount: Int! others: [Blue!] }
        type Box @key(fields: "id") { id: ID! items: [Any] }
        union Any = Red | Blue
        type Query { random: Any! }
      `),
    },
  },
  {
    name: 'one interface in two subgraphs, each with types of its own',
    subgraphs: {
      a: federated(`
        type Query { node(id: ID!): Node productNode: Node }
        interface Node { id: ID! }
        type Product implements Node @key(fields: "id") { id: ID! name: String category: Category }
        type Category implements Node @key(fields: "id") { id: ID! title: String! }
      `),
      b: federated(`
        type Query { orders: [Order] latest: Node }
        interface Node { id: ID! }
        type Order implements Node @key(fields: "id") { id: ID! lines: [Product!]! parent: Node }
        type Product implements Node @key(fields: "id") { id: ID! sold: Int! }
        type Category implements Node @key(fields: "id") { id: ID! sold: Int siblings: [[Category]] }
      `),
    },
  },
  {
    name: 'an object here, a union there',
    subgraphs: {
      a: federated(`
        type Query { users: [User!]! accounts: [Account!] @shareable }
        union Account = User | Admin
        type User @key(fields: "id") { id: ID! name: String friend: User @shareable }
        type Admin @key(fields: "id") { id: ID! photo: String }
      `),
      b: federated(`
        type Query { accounts: [Account!] @shareable }
        union Account = User | Admin
        type User @key(fields: "id") { id: ID! similar: [Account!] }
        type Admin @key(fields: "id") { id: ID! similar: [Account!] }
      `),
      c: federated(`
        type Admin @key(fields: "id") { id: ID! level: Int! }
        type User @key(fields: "id") { id: ID! karma: Int }
      `),
    },
  },
];
