// Contestants in turn, so that what else the machine does falls on all of them.
import type { Contestant } from './contestants/contestant.ts';
import type { Load, LoadResult } from './load-process.ts';

/** A contestant with those who ask it. */
export interface Entry {
  title: string;
  contestant: Contestant;
  /** One for each connection, in turn. Empty for one that knows no viewers. */
  authorizations: string[];
}

/** What was seen of an entry: the medians of its rounds. */
export interface Figures {
  title: string;
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Processor time of the gateway's process for each request. */
  cpuMs: number;
  /** Processor time of the gateway's process each second: 1 when its core is what bounds it. */
  busy: number;
}

export interface Rounds {
  query: string;
  answerBytes: number;
  connections: number;
  rounds: number;
  roundSeconds: number;
  load(load: Load): Promise<LoadResult>;
}

/** The first round of each warms up and does not count. @throws when a request fails. */
export async function measureInTurn(entries: readonly Entry[], given: Rounds): Promise<Figures[]> {
  const seen = new Map<Entry, Figures[]>(entries.map((entry) => [entry, []]));
  for (let round = 0; round <= given.rounds; round += 1) {
    for (const entry of entries) {
      const figures = await measure(entry, given);
      if (round > 0) seen.get(entry)?.push(figures);
    }
  }
  return [...seen].map(([{ title }, all]) => ({
    title,
    requestsPerSecond: median(all.map((each) => each.requestsPerSecond)),
    p50Ms: median(all.map((each) => each.p50Ms)),
    p99Ms: median(all.map((each) => each.p99Ms)),
    cpuMs: median(all.map((each) => each.cpuMs)),
    busy: median(all.map((each) => each.busy)),
  }));
}

async function measure({ title, contestant, authorizations }: Entry, given: Rounds): Promise<Figures> {
  const { query, connections, roundSeconds: seconds, answerBytes } = given;
  const { url, process } = contestant;
  const cpuBefore = process.cpuSeconds();
  const startedAt = performance.now();
  const body = JSON.stringify({ query });
  const result = await given.load({ url, connections, seconds, body, authorizations, answerBytes });
  const used = process.cpuSeconds() - cpuBefore;
  const { requests, failed, requestsPerSecond, p50Ms, p99Ms } = result;
  if (failed > 0 || requests === 0)
    throw new Error(`${title}: of ${requests} requests ${failed} failed, were refused or answered in part.`);
  const busy = (used * 1_000) / (performance.now() - startedAt);
  return { title, requestsPerSecond, p50Ms, p99Ms, cpuMs: (used * 1_000) / requests, busy };
}

/** Each query's entries as rows, with how often each of ours goes into each peer's. */
export function compare(results: Readonly<Record<string, readonly Figures[] | undefined>>): {
  rows: string[][];
} {
  const heading = ['query', 'gateway', 'requests/s', 'p50 ms', 'p99 ms', 'CPU ms/request', 'busy'];
  const ours = Object.values(results)[0]?.filter(isOurs) ?? [];
  const rows = Object.entries(results).flatMap(([query, figures = []]) =>
    figures.map((each) => [
      query,
      each.title,
      ...[each.requestsPerSecond, each.p50Ms, each.p99Ms, each.cpuMs].map((value) => value.toFixed(2)),
      `${(each.busy * 100).toFixed(0)} %`,
      ...figures
        .filter(isOurs)
        .map((our) =>
          isOurs(each) ? '' : `${(our.requestsPerSecond / each.requestsPerSecond).toFixed(2)}×`,
        ),
    ]),
  );
  return { rows: [[...heading, ...ours.map(({ title }) => `${title} ÷ it`)], ...rows] };
}

function isOurs({ title }: Figures): boolean {
  return title.startsWith('ours');
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
