// What a gateway with a core of its own makes of 100 events a second for 1,000 subscribers: from the change of a price
// in a subgraph of the shop to the frame at each of them, joined with what another subgraph says of that product. The
// subgraphs and the subscribers share the other core.
import { loadavg } from 'node:os';
import type { Benchmark } from './benchmark.ts';
import { startContestant } from './contestants/contestants.ts';
import { measurePace, rowsOf } from './paces.ts';
import { roomyLive } from './roomy-limits.ts';
import { priceChanges } from './shop/queries.ts';
import { startShopStage } from './shop/stage.ts';

export interface FanOutBenchmarkSize {
  /** A multiple of 50. */
  subscribers: number;
  seconds: number;
  /** At the same pace before that, not counted. */
  warmingSeconds: number;
  eventsPerSecond: number;
}

export const fanOutBenchmark = (size: FanOutBenchmarkSize): Benchmark => ({
  summary: `${size.eventsPerSecond} events a second at ${size.subscribers.toLocaleString('en')} subscribers of a gateway on a core of its own`,
  async run(context) {
    const { progress } = context;
    const { eventsPerSecond: perSecond } = size;
    const loadBefore = loadavg()[0] ?? Number.NaN;
    const shop = await startShopStage(context);
    try {
      const { url, process } = await startContestant('ours', { shop, progress, gatewayEnv: roomyLive });
      const [authorization = ''] = await shop.signIn(1);
      let busy = Number.NaN;
      const pace = await measurePace(
        {
          ...size,
          authorization,
          subscription: { query: priceChanges, markedBy: 'changedAt' },
          folder: shop.folder,
          title: `${perSecond} a second, joined with another subgraph`,
          origin: new URL(url).origin,
          make: async (seconds) => {
            const cpuBefore = process.cpuSeconds();
            const startedAt = performance.now();
            const made = await shop.changePrices({ perSecond, seconds });
            busy = ((process.cpuSeconds() - cpuBefore) * 1_000) / (performance.now() - startedAt);
            return made;
          },
        },
        context,
      );
      const [heading = [], ...rows] = rowsOf([pace]);
      return {
        rows: [[...heading, 'gateway’s core %'], ...rows.map((row) => [...row, (busy * 100).toFixed(0)])],
        figures: { ...size, loadBefore, gatewayCore: busy, ...pace },
      };
    } finally {
      await shop.stop();
    }
  },
});
