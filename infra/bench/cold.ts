// What an operation costs that was never seen before, and that caches stay within their bounds when every request
// brings another.
import { ask } from './ask.ts';
import type { Benchmark } from './benchmark.ts';
import type { Contestant } from './contestants/contestant.ts';
import { startContestant } from './contestants/contestants.ts';
import { heapOf } from './observation.ts';
import { median } from './rounds.ts';
import { type QueryName, queries } from './shop/queries.ts';
import { startShopStage } from './shop/stage.ts';
import { type SpanCollector, startSpanCollector } from './span-collector.ts';

export interface ColdBenchmarkSize {
  /** Operations of each kind whose first answers are timed. */
  timed: number;
  /** Different operations that memory is watched over. */
  different: number;
}

interface Asking {
  contestant: Contestant;
  authorizations: readonly string[];
}

export const coldBenchmark = (size: ColdBenchmarkSize): Benchmark => ({
  summary:
    'operations that were never seen: their first answer, and memory when every request is another one',
  async run(context) {
    const { progress, signal } = context;
    const collector = await startSpanCollector();
    const shop = await startShopStage(context);
    try {
      const contestant = await startContestant('ours', { shop, progress, gatewayEnv: collector.env });
      const asking = { contestant, authorizations: await shop.signIn(1) };
      const first: Record<string, Cold> = {};
      for (const query of ['big', 'small'] as const)
        first[query] = await progress.task(`${query}: ${size.timed} times`, () =>
          timeCold(asking, { query, times: size.timed, collector }),
        );
      const heap: { operations: number; heapMb: number; residentMb: number }[] = [];
      await progress.task(`${size.different} different operations`, async () => {
        for (let quarter = 0; quarter <= 4; quarter += 1) {
          const operations = (size.different * quarter) / 4;
          if (quarter > 0)
            await askDifferent(asking, { from: operations - size.different / 4, to: operations, signal });
          const { usedBytes, residentBytes } = await heapOf(contestant.process);
          heap.push({ operations, heapMb: usedBytes / 1e6, residentMb: residentBytes / 1e6 });
        }
      });
      return {
        rows: [
          ['', 'first answer ms', 'the next ms', 'of it'],
          ...Object.entries(first).map(([query, { firstMs, nextMs, spansMs }]) => [
            query,
            firstMs.toFixed(1),
            nextMs.toFixed(1),
            Object.entries(spansMs)
              .map(([name, ms]) => `${name} ${ms.toFixed(2)}`)
              .join(', '),
          ]),
          ...heap.map(({ operations, heapMb, residentMb }) => [
            `after ${operations} different`,
            `heap ${heapMb.toFixed(0)} MB`,
            `RSS ${residentMb.toFixed(0)} MB`,
            '',
          ]),
        ],
        figures: { ...size, first, heap },
      };
    } finally {
      await shop.stop();
      collector.stop();
    }
  },
});

interface Cold {
  /** Medians, as a client sees them over an open connection. */
  firstMs: number;
  nextMs: number;
  /** Medians of what the gateway does before the first fetch, by the name of its span. */
  spansMs: Record<string, number>;
}

async function timeCold(
  asking: Asking,
  { query, times, collector }: { query: QueryName; times: number; collector: SpanCollector },
): Promise<Cold> {
  const firsts: number[] = [];
  const nexts: number[] = [];
  // What has been compiled by then is the gateway's own code, not the operations.
  for (let number = 0; number < 10; number += 1) await ask(asking, unseen(query, `warm${number}`));
  await collector.take();
  for (let number = 0; number < times; number += 1) {
    const operation = unseen(query, `cold${number}`);
    firsts.push(await timed(() => ask(asking, operation)));
    nexts.push(await timed(() => ask(asking, operation)));
  }
  const spans = (await collector.take()).filter(({ name }) => preparing.has(name));
  const names = [...new Set(spans.map(({ name }) => name))];
  const spansMs = Object.fromEntries(
    names.map((name) => [name, median(spans.filter((span) => span.name === name).map(({ ms }) => ms))]),
  );
  return { firstMs: median(firsts), nextMs: median(nexts), spansMs };
}

const preparing: ReadonlySet<string> = new Set(['parse', 'validate', 'authorize', 'plan', 'compile']);

/** The same work under a name and an alias that nobody has used. */
function unseen(query: QueryName, mark: string): string {
  const name = `${query}_${mark}`;
  return queries[query]
    .replace(/^query \w+/m, `query ${name}`)
    .replace('topProducts', `${name}: topProducts`);
}

/** Asks each of these different operations once, ten at a time. */
export async function askDifferent(
  asking: Asking,
  { from, to, signal }: { from: number; to: number; signal: AbortSignal },
): Promise<void> {
  const atOnce = 10;
  let number = from;
  const askOn = async () => {
    for (; number < to; ) {
      signal.throwIfAborted();
      await ask(asking, unseen('small', `other${number++}`));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, askOn));
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
