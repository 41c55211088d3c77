// Memory over time under mixed load: both queries, one of 30 fields, a denied field, one viewer and many, and operations
// that were never seen. Flat is what this is to show.

import { thirtyFields } from './authorization.ts';
import type { Benchmark } from './benchmark.ts';
import { askDifferent } from './cold.ts';
import { startContestant } from './contestants/contestants.ts';
import { heapOf } from './observation.ts';
import { median } from './rounds.ts';
import { queries } from './shop/queries.ts';
import { startShopStage } from './shop/stage.ts';

export interface SoakBenchmarkSize {
  connections: number;
  minutes: number;
  /** Different operations before the first look: more than caches hold, so that filling them is no growth. */
  different: number;
  /** Looks at the memory; the load pauses for each. */
  samples: number;
}

interface Sample {
  minutes: number;
  requests: number;
  heapMb: number;
  residentMb: number;
}

export const soakBenchmark = (size: SoakBenchmarkSize): Benchmark => ({
  summary: `memory of our gateway over ${size.minutes} minutes of mixed load`,
  isNamedOnly: true,
  async run(context) {
    const { progress, flags, signal } = context;
    const { connections = size.connections, minutes = size.minutes } = flags;
    const shop = await startShopStage(context);
    try {
      const contestant = await startContestant('ours', { shop, progress });
      const everybody = await shop.signIn(connections);
      const lesser = await shop.signIn(connections, 'stock:read');
      const kinds = [
        { query: queries.big, authorizations: everybody },
        { query: queries.small, authorizations: everybody.slice(0, 1) },
        { query: thirtyFields, authorizations: lesser },
        { query: queries.small, authorizations: everybody },
      ];
      const asking = { contestant, authorizations: everybody };
      await progress.task(`${size.different} different operations`, () =>
        askDifferent(asking, { from: 0, to: size.different, signal }),
      );
      const startedAt = performance.now();
      const samples: Sample[] = [];
      let requests = 0;
      let { different } = size;
      const seconds = (minutes * 60) / size.samples / (kinds.length + 1);
      await progress.task(`${minutes} minutes`, async () => {
        for (let number = 0; number < size.samples; number += 1) {
          for (const { query, authorizations } of kinds) {
            const body = JSON.stringify({ query });
            const load = { url: contestant.url, connections, seconds, body, authorizations, answerBytes: 0 };
            const result = await shop.load(load);
            if (result.failed > 0) throw new Error(`${result.failed} requests failed`);
            requests += result.requests;
          }
          const until = performance.now() + seconds * 1_000;
          while (performance.now() < until) {
            await askDifferent(asking, { from: different, to: different + 50, signal });
            different += 50;
          }
          const { usedBytes, residentBytes } = await heapOf(contestant.process);
          samples.push({
            minutes: (performance.now() - startedAt) / 60_000,
            requests: requests + different - size.different,
            heapMb: usedBytes / 1e6,
            residentMb: residentBytes / 1e6,
          });
        }
      });
      const growth = growthOf(samples);
      return {
        rows: [
          ['minutes', 'requests', 'heap in use MB', 'RSS MB'],
          ...samples.map(({ minutes: at, requests: so, heapMb, residentMb }) => [
            at.toFixed(1),
            String(so),
            heapMb.toFixed(1),
            residentMb.toFixed(0),
          ]),
        ],
        figures: { connections, minutes, different, samples, ...growth },
        remarks: [
          `From the second third to the last one: heap ${signed(growth.heapMb)} MB, RSS ${signed(growth.residentMb)} MB.`,
        ],
      };
    } finally {
      await shop.stop();
    }
  },
});

/** In the first third code is still compiled, and the heap finds its size. */
function growthOf(samples: readonly Sample[]): { heapMb: number; residentMb: number } {
  const third = Math.ceil(samples.length / 3);
  const [middle, last] = [samples.slice(third, -third), samples.slice(-third)];
  const grown = (value: (sample: Sample) => number) => median(last.map(value)) - median(middle.map(value));
  return { heapMb: grown((sample) => sample.heapMb), residentMb: grown((sample) => sample.residentMb) };
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
}
