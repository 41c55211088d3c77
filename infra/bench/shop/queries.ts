// What is asked of the shop.

/**
 * The public gateway benchmark's setting: customers and best sellers, each with reviews, their authors, those authors'
 * reviews and the products of these. A dozen fetches in seven steps; an answer of about 65 KB.
 */
const big = `
fragment Person on User { id username name }
fragment Opinion on Review { id body }
fragment Article on Product { upc name price weight inStock shippingEstimate }
query Big {
  users {
    ...Person
    reviews {
      ...Opinion
      product {
        ...Article
        reviews {
          ...Opinion
          author { ...Person reviews { ...Opinion product { ...Article } } }
        }
      }
    }
  }
  topProducts {
    ...Article
    reviews {
      ...Opinion
      author { ...Person reviews { ...Opinion product { ...Article } } }
    }
  }
}`;

/** Two hops: best sellers, then what customers think of them. */
const small = 'query Small { topProducts(first: 3) { upc name price reviews { id } } }';

/** Of each change of a price what products knows, and from inventory whether and for how much it can be sent. */
export const priceChanges =
  'subscription PriceChanges { priceChanged { changedAt product { upc name price inStock shippingEstimate } } }';

export const queries = { big, small };
export type QueryName = keyof typeof queries;
