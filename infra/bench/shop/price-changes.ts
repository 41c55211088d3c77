// Prices that change at a given rate, for whoever listens in this process. A new price stands in its event alone: the
// stock keeps the one that it has, so that queries are answered alike however many prices have changed.
import { type LiveIterator, LiveQueue } from '@supergraph/chassis/live-iterator';
import { z } from 'zod';
import { atRate, type Change, sharedNow } from '../changes.ts';
import { type Product, products } from './stock.ts';

/** As `PriceChange` in products.graphql. */
interface PriceChange {
  product: Product;
  changedAt: number;
}

export const priceRateShape = z.object({ perSecond: z.number().positive(), seconds: z.number().positive() });
export type PriceRate = z.infer<typeof priceRateShape>;

/** Who has more than that unread is let go with an error. */
const mostUnread = 1_000;
const listeners = new Set<LiveQueue<PriceChange>>();
let count = 0;

export function listenToPriceChanges(): LiveIterator<PriceChange> {
  const queue = new LiveQueue<PriceChange>({
    limit: mostUnread,
    onEnd: () => void listeners.delete(queue),
  });
  listeners.add(queue);
  return queue;
}

/** @returns each change, marked by its `changedAt` */
export function changePrices({ perSecond, seconds }: PriceRate): Promise<Change[]> {
  return atRate({ make: changeNextPrice, perSecond })(seconds);
}

/** Products take turns. Each goes up and comes back down, so that what is asked about it elsewhere is asked again. */
async function changeNextPrice(): Promise<Change> {
  const product = products[count % products.length];
  if (product === undefined) throw new Error('there is no product');
  const isRaised = Math.floor(count / products.length) % 2 === 0;
  count += 1;
  const changedAt = sharedNow();
  const changed = { product: { ...product, price: product.price + (isRaised ? 1 : 0) }, changedAt };
  for (const listener of listeners) listener.offer(changed);
  return { mark: JSON.stringify(changedAt), at: changedAt };
}
