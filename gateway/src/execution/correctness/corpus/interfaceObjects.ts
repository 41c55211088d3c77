// Subgraphs that know an interface as one type, and not what implements it.
import { type FederatedCase, federated } from '../federatedCase.ts';

export const interfaceObjects: readonly FederatedCase[] = [
  {
    name: 'fields added to all that implement an interface',
    unlikeMonolith: 'the planner asks once where two types want one field with different arguments',
    subgraphs: {
      media: federated(`
        type Query { media: [Media] book: Book }
        interface Media @key(fields: "id") { id: ID! title: String }
        type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int! }
        type Movie implements Media @key(fields: "id") { id: ID! title: String length: Int }
      `),
      reviews: federated(`
        type Query { topRated(first: Int = 2): [Media!]! latest: Media }
        type Media @key(fields: "id") @interfaceObject { id: ID! reviews: [Review!] score(of: Int): Int }
        type Review @key(fields: "id") { id: ID! text: String! of: Media! }
      `),
      authors: federated(`type Review @key(fields: "id") { id: ID! author: String }`),
    },
  },
  {
    name: 'interface objects that require',
    unlikeMonolith: 'the planner sends a Bot without its key where only a User was asked for more',
    subgraphs: {
      accounts: federated(`
        type Query { accounts: [Account!] users: [User] }
        interface Account @key(fields: "id") { id: ID! name: String }
        type User implements Account @key(fields: "id") { id: ID! name: String age: Int }
        type Bot implements Account @key(fields: "id") { id: ID! name: String owner: User }
      `),
      greetings: federated(`
        type Query { greeted: [Account] }
        type Account @key(fields: "id") @interfaceObject { id: ID! name: String @external
          greeting(loud: Boolean): String @requires(fields: "name") }
      `),
      letters: federated(`
        type Account @key(fields: "id") @interfaceObject { id: ID! letters: [Letter!]! }
        type Letter @key(fields: "id") { id: ID! text: String }
      `),
    },
  },
  {
    name: 'interface objects that cannot be resolved',
    subgraphs: {
      a: federated(`
        type Query { product: Product! products: [Product] }
        type Product @key(fields: "id", resolvable: false) @interfaceObject { id: ID! }
      `),
      b: federated(`
        type Query { best: Product }
        interface Product @key(fields: "id") { id: ID! }
        type Bread implements Product @key(fields: "id") { id: ID! name: String! }
      `),
    },
  },
  {
    name: 'two interface objects, and entities of both',
    unlikeMonolith: 'the planner sends entities without keys for fragments that no type can meet',
    subgraphs: {
      nodes: federated(`
        type Query { node(id: ID!): Node nodes: [Node!]! owner: Owner }
        interface Node @key(fields: "id") { id: ID! createdBy: Owner }
        interface Owner @key(fields: "id") { id: ID! }
        type Issue implements Node @key(fields: "id") { id: ID! createdBy: Owner title: String }
        type Patch implements Node @key(fields: "id") { id: ID! createdBy: Owner lines: Int! }
        type Team implements Owner @key(fields: "id") { id: ID! size: Int }
        type Person implements Owner @key(fields: "id") { id: ID! name: String }
      `),
      votes: federated(`
        type Node @key(fields: "id") @interfaceObject { id: ID! votes: Int! voters: [Owner!] }
        type Owner @key(fields: "id") @interfaceObject { id: ID! reputation: Int votedFor: Node }
        type Query { hottest: Node mostActive: [Owner] }
      `),
      labels: federated(`
        type Issue @key(fields: "id") { id: ID! labels: [String!] blocks: [Issue!] }
        type Person @key(fields: "id") { id: ID! avatar: String }
      `),
    },
  },
  {
    name: 'added to an interface, found through another entity',
    subgraphs: {
      playlists: federated(`
        type Query { playlists: [Playlist] }
        type Playlist @key(fields: "id") { id: ID! items: [Media!] owner: Listener }
        type Media @key(fields: "id") @interfaceObject { id: ID! plays: Int }
        type Listener @key(fields: "id") { id: ID! }
      `),
      media: federated(`
        interface Media @key(fields: "id") { id: ID! title: String by: Artist }
        type Song implements Media @key(fields: "id") { id: ID! title: String by: Artist seconds: Int }
        type Podcast implements Media @key(fields: "id") { id: ID! title: String by: Artist episode: Int! }
        type Artist @key(fields: "id") { id: ID! name: String! }
      `),
      people: federated(`
        type Artist @key(fields: "id") { id: ID! fans: [Listener!] }
        type Listener @key(fields: "id") { id: ID! name: String age: Int! favourite: Artist }
      `),
    },
  },
];
