// The four subgraphs as executable schemas: @apollo/subgraph on graphql-js.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type DocumentNode, type GraphQLSchema, parse } from 'graphql';
import { listenToPriceChanges } from './price-changes.ts';
import { type Product, products, type Review, reviews, type User, users } from './stock.ts';

export const subgraphNames = ['accounts', 'products', 'reviews', 'inventory'] as const;
export type SubgraphName = (typeof subgraphNames)[number];

type Resolvers = Parameters<typeof buildSubgraphSchema>[0] extends infer Given
  ? Extract<Given, { resolvers?: unknown }>['resolvers']
  : never;

const userOf = (id: string) => users.find((user) => user.id === id);
const productOf = (upc: string) => products.find((product) => product.upc === upc);

const resolvers: Record<SubgraphName, Resolvers> = {
  accounts: {
    Query: {
      me: () => users[0],
      user: (_: unknown, { id }: { id: string }) => userOf(id),
      users: () => users,
    },
    User: { __resolveReference: ({ id }: Pick<User, 'id'>) => userOf(id) },
  },
  products: {
    Query: { topProducts: (_: unknown, { first }: { first: number }) => products.slice(0, first) },
    Subscription: {
      priceChanged: { subscribe: listenToPriceChanges, resolve: (change: unknown) => change },
    },
    Product: { __resolveReference: ({ upc }: Pick<Product, 'upc'>) => productOf(upc) },
  },
  reviews: {
    Review: {
      __resolveReference: ({ id }: Pick<Review, 'id'>) => reviews.find((review) => review.id === id),
      product: ({ upc }: Review) => ({ upc }),
      author: ({ author }: Review) => userOf(author),
    },
    User: {
      __resolveReference: ({ id }: Pick<User, 'id'>) => userOf(id),
      reviews: () => reviews.slice(0, 2),
    },
    Product: {
      __resolveReference: ({ upc }: Pick<Product, 'upc'>) => ({ upc }),
      reviews: ({ upc }: Pick<Product, 'upc'>) => reviews.filter((review) => review.upc === upc),
    },
  },
  inventory: {
    Product: {
      __resolveReference: (given: Partial<Product> & Pick<Product, 'upc'>) => ({
        ...given,
        inStock: productOf(given.upc)?.inStock,
      }),
      // Half the weight, free above 1,000; the public benchmark's rule.
      shippingEstimate: ({ price, weight }: Partial<Product>) =>
        price !== undefined && price > 1_000 ? 0 : Math.floor((weight ?? 0) / 2),
    },
  },
};

/** A subgraph's SDL, with its permissions. */
export function typeDefs(name: SubgraphName): DocumentNode {
  return parse(readFileSync(join(import.meta.dirname, `${name}.graphql`), 'utf8'));
}

export function subgraphSchema(name: SubgraphName): GraphQLSchema {
  return buildSubgraphSchema({ typeDefs: typeDefs(name), resolvers: resolvers[name] });
}
