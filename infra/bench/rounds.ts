// Contestants in turn, so that what else the machine does falls on all of them.
import type { Contestant } from './contestants/contestant.ts';
import type { Load, LoadResult } from './load.ts';

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
      // One that is slow when cold may need all of the first round for its first answer.
      if (round === 0) continue;
      if (figures.requestsPerSecond === 0) throw new Error(`${entry.title} answers nothing in time.`);
      seen.get(entry)?.push(figures);
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
  if (failed > 0)
    throw new Error(`${title}: of ${requests} requests ${failed} failed, were refused or answered in part.`);
  const busy = (used * 1_000) / (performance.now() - startedAt);
  return { title, requestsPerSecond, p50Ms, p99Ms, cpuMs: (used * 1_000) / requests, busy };
}

/**
 * Each query's entries as rows; for each peer, how often its requests a second go into ours and, in parentheses, ours into
 * its processor time for a request, which says the same where nothing else ran on the core.
 */
export function compare(results: Readonly<Record<string, readonly Figures[] | undefined>>): string[][] {
  const heading = ['query', 'gateway', 'requests/s', 'p50 ms', 'p99 ms', 'CPU ms/request', 'busy'];
  const ours = Object.values(results)[0]?.filter(isOurs) ?? [];
  const rows = Object.entries(results).flatMap(([query, figures = []]) =>
    figures.map((each) => [
      query,
      each.title,
      ...[each.requestsPerSecond, each.p50Ms, each.p99Ms, each.cpuMs].map((value) => value.toFixed(2)),
      `${(each.busy * 100).toFixed(0)} %`,
      ...(isOurs(each) ? [] : figures.filter(isOurs).map((our) => timesFaster(our, each))),
    ]),
  );
  return [[...heading, ...ours.map(({ title }) => `${title}, to it`)], ...rows];
}

function timesFaster(ours: Figures, peer: Figures): string {
  const requests = ours.requestsPerSecond / peer.requestsPerSecond;
  return `${requests.toFixed(2)}× (${(peer.cpuMs / ours.cpuMs).toFixed(2)}×)`;
}

/** Where the gateway had less of its core than it would have taken, all but processor time says little. */
export function remarkOnBusy(results: Readonly<Record<string, readonly Figures[] | undefined>>): string[] {
  const idle = Object.entries(results).flatMap(([query, figures = []]) =>
    figures.filter(({ busy }) => busy < 0.85).map(({ title }) => `${title} (${query})`),
  );
  if (idle.length === 0) return [];
  const what = 'Less than 85 % of a core was to be had by, or needed by';
  return [`${what} ${idle.join(', ')}: compare the processor time of a request, in parentheses.`];
}

function isOurs({ title }: Figures): boolean {
  return title.startsWith('ours');
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** @param sorted in ascending order; @param part 0.99 for the 99th percentile, 1 for the last */
export function quantile(sorted: ArrayLike<number>, part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
