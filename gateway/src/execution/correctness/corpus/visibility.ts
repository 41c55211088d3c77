// What clients may not see, and what not all subgraphs take or give.
import { type FederatedCase, federated } from '../federatedCase.ts';

export const visibility: readonly FederatedCase[] = [
  {
    name: 'inaccessible fields, values and keys',
    subgraphs: {
      a: federated(`
        type Query { users: [User] user: User }
        type User @key(fields: "key") { key: ID! @inaccessible name: String mood: Mood moods: [Mood] }
        enum Mood { GOOD BAD SECRET @inaccessible }
      `),
      b: federated(`
        type User @key(fields: "key") { key: ID! @inaccessible age: Int best: User
          greeting: String @requires(fields: "name") name: String @external }
      `),
    },
  },
  {
    name: 'inaccessible types among those of an interface',
    subgraphs: {
      a: federated(`
        type Query { shapes: [Shape] shape: Shape any: Any }
        interface Shape { id: ID! area: Int }
        union Any = Circle | Hidden
        type Circle implements Shape @key(fields: "id") { id: ID! area: Int radius: Int! }
        type Hidden implements Shape @key(fields: "id") @inaccessible { id: ID! area: Int secret: String }
      `),
      b: federated(`type Circle @key(fields: "id") { id: ID! colour: String! within: Circle }`),
    },
  },
  {
    name: 'enums and inputs that subgraphs know in parts',
    subgraphs: {
      a: federated(`
        type Query { usersOf(filter: Filter, kinds: [Kind!]): [User!] kinds: [Kind] @shareable }
        input Filter { first: Int! name: String nested: Nested onlyHere: Int tags: [String] }
        input Nested { flag: Boolean kind: Kind = ONE }
        enum Kind { ONE TWO }
        type User @key(fields: "id") { id: ID! kind: Kind @shareable }
      `),
      b: federated(`
        type Query { search(filter: Filter!): [User] }
        input Filter { first: Int! name: String nested: Nested tags: [String] }
        input Nested { flag: Boolean kind: Kind = ONE }
        enum Kind { ONE TWO }
        type User @key(fields: "id") { id: ID! kind: Kind @shareable matches(filter: Filter, kind: Kind = TWO): Boolean level: Level }
        enum Level { LOW HIGH }
      `),
    },
  },
  {
    name: 'scalars of our own',
    subgraphs: {
      a: federated(`
        scalar JSON
        type Query { settings: [Setting!] raw(input: JSON): JSON }
        type Setting @key(fields: "id") { id: ID! value: JSON values: [JSON] }
      `),
      b: federated(`
        scalar JSON
        type Setting @key(fields: "id") { id: ID! value: JSON @external history(of: JSON): [JSON!] check: JSON @requires(fields: "value") }
      `),
    },
  },
];
