// Mutations: in order, across subgraphs, and what is read of what they changed.
import { type FederatedCase, federated } from '../federatedCase.ts';

export const changes: readonly FederatedCase[] = [
  {
    name: 'changes in order over three subgraphs',
    subgraphs: {
      a: federated(`
        type Query { products: [Product!] }
        type Mutation { add(number: Int!, by: Int = 1): Int! addProduct(input: NewProduct!): Product }
        input NewProduct { name: String! price: Float tags: [String!] = ["new"] }
        type Product @key(fields: "id") { id: ID! name: String! price: Float }
      `),
      b: federated(`
        type Mutation { multiply(by: Int!): Int rename(id: ID!, name: String): Product! }
        type Product @key(fields: "id") { id: ID! isNew: Boolean price: Float @external
          label: String @requires(fields: "price") }
      `),
      c: federated(`
        type Mutation { reset: Boolean remove(id: ID!): [Product] }
        type Product @key(fields: "id") { id: ID! owner: Owner } type Owner @key(fields: "id") { id: ID! name: String }
      `),
    },
  },
];
