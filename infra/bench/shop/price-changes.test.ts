// The shop's process as a stage starts it, asked as gateways ask it.
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { inheritedEnvironment } from '../../local/installation.ts';
import { root } from '../../local/private-platform.ts';
import { atTheEnd, temporaryFolder } from '../../local/testing/temporary-folder.ts';
import { eventually } from '../../local/waiting.ts';
import { ask } from '../ask.ts';
import { changeShape } from '../changes.ts';
import { type MeasuredProcess, nextMessage, startProcess } from '../measured-process.ts';
import type { PriceRate } from './price-changes.ts';
import { products } from './stock.ts';

const eventShape = z.object({
  priceChanged: z.object({
    changedAt: z.number(),
    product: z.object({ upc: z.string(), price: z.number() }),
  }),
});
type Event = z.infer<typeof eventShape>['priceChanged'];

let shop: MeasuredProcess;
let url: string;
beforeAll(async () => {
  shop = startProcess({
    name: 'shop',
    file: process.execPath,
    args: ['--import', 'tsx', join(root, 'infra', 'bench', 'shop', 'main.ts')],
    env: inheritedEnvironment(process.env),
    cwd: root,
    core: 1,
    folder: temporaryFolder(),
  });
  atTheEnd(() => shop.stop());
  url = z.object({ products: z.string() }).parse(await nextMessage(shop)).products;
}, 480_000);

async function change(rate: PriceRate) {
  const made = nextMessage(shop);
  shop.child.send(rate);
  return z.array(changeShape).parse(await made);
}

/** What a subscriber hears from then on. */
async function listen(): Promise<Event[]> {
  const heard: Event[] = [];
  const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket });
  atTheEnd(() => client.dispose());
  client.subscribe(
    { query: 'subscription { priceChanged { changedAt product { upc price } } }' },
    {
      next: ({ data }) => void heard.push(eventShape.parse(data).priceChanged),
      error: () => undefined,
      complete: () => undefined,
    },
  );
  // Until it stands; nothing else says so.
  const hearsAny = async () => (await change({ perSecond: 100, seconds: 0.01 })) && heard.length > 0;
  await eventually(hearsAny, { timeoutMs: 10_000 });
  return heard;
}

/** @param name of the operation: what was asked under the same one is answered from memory */
const pricesNow = (name: string) =>
  ask(
    { contestant: { url, title: 'products' }, authorizations: [] },
    `query ${name} { topProducts(first: ${products.length}) { upc price } }`,
  );

describe('the changes of prices in the shop', () => {
  it('come at the pace that is asked for, each to whoever listens, with the time that marks it', async () => {
    const heard = await listen();
    const made = await change({ perSecond: 100, seconds: 0.2 });
    const marks = made.map(({ mark }) => mark);
    expect(new Set(marks).size).toBe(20);
    // Nineteen intervals of 10 ms; a timer may be early by one.
    expect((made.at(-1)?.at ?? 0) - (made[0]?.at ?? 0)).toBeGreaterThan(185);
    expect(made.map(({ at }) => JSON.stringify(at))).toEqual(marks);
    const last = () => heard.slice(-20).map(({ changedAt }) => JSON.stringify(changedAt));
    await eventually(() => expect(last()).toEqual(marks), { timeoutMs: 5_000 });
  });

  it('bring other prices than before, of each product in turn, and leave what queries are answered', async () => {
    const heard = await listen();
    const stock = { topProducts: products.map(({ upc, price }) => ({ upc, price })) };
    expect(await pricesNow('Before')).toEqual(stock);
    const made = await change({ perSecond: 1_000, seconds: (products.length * 2) / 1_000 });
    const marks = new Set(made.map(({ at }) => at));
    const events = () => heard.filter(({ changedAt }) => marks.has(changedAt));
    await eventually(() => expect(events()).toHaveLength(made.length), { timeoutMs: 5_000 });
    for (const { upc, price } of products) {
      const prices = events()
        .filter(({ product }) => product.upc === upc)
        .map(({ product }) => product.price);
      expect(prices.toSorted((a, b) => a - b)).toEqual([price, price + 1]);
    }
    expect(await pricesNow('After')).toEqual(stock);
  });
});
