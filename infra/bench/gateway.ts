// Requests per second of our gateway, with authentication, permissions, limits and metrics on, beside other gateways
// with nothing on, before the same subgraphs, on the same core: the public gateway benchmark's setting.
import { isDeepStrictEqual } from 'node:util';
import { Problem } from '../local/problem.ts';
import { eventually } from '../local/waiting.ts';
import { ask } from './ask.ts';
import type { Benchmark } from './benchmark.ts';
import { Absent, type Contestant } from './contestants/contestant.ts';
import { type ContestantName, contestantNames, startContestant } from './contestants/contestants.ts';
import { profileOf } from './observation.ts';
import { type Profile, profileSummary } from './profile.ts';
import { compare, type Entry, type Figures, measureInTurn, remarkOnBusy } from './rounds.ts';
import { type QueryName, queries } from './shop/queries.ts';
import { type ShopStage, startShopStage } from './shop/stage.ts';

export interface GatewayBenchmarkSize {
  contestants: readonly ContestantName[];
  connections: number;
  /** Rounds that count, for each query and contestant; one more warms up. */
  rounds: number;
  roundSeconds: number;
}

type ViewersName = 'same' | 'distinct';

export const gatewayBenchmark = (defaults: GatewayBenchmarkSize): Benchmark => ({
  summary:
    "our gateway with everything on beside others with nothing on, in the public gateway benchmark's setting",
  async run(context) {
    const { flags, progress, signal } = context;
    const size = {
      contestants: chosen(flags.only, defaults.contestants, contestantNames),
      connections: flags.connections ?? defaults.connections,
      rounds: flags.rounds ?? defaults.rounds,
      roundSeconds: flags.seconds ?? defaults.roundSeconds,
    };
    const queryNames = chosen(flags.query, ['big', 'small'], ['big', 'small']);
    const viewers = chosen<ViewersName>(flags.viewers, ['same', 'distinct'], ['same', 'distinct']);
    const shop = await startShopStage(context);
    try {
      const remarks: string[] = [];
      const contestants: Contestant[] = [];
      for (const name of size.contestants) {
        try {
          const contestant = await progress.task(name, () => startContestant(name, { shop, progress }));
          contestants.push(contestant);
        } catch (error) {
          if (!(error instanceof Absent)) throw error;
          remarks.push(error.message);
        }
      }
      const authorizations = await shop.signIn(size.connections);
      const [anybody = ''] = authorizations;
      const entries = contestants.flatMap((contestant): Entry[] =>
        contestant.knowsViewers
          ? viewers.map((name) => ({
              title: `${contestant.title}, ${name === 'same' ? 'same viewer' : 'distinct viewers'}`,
              contestant,
              authorizations: name === 'same' ? [anybody] : authorizations,
            }))
          : [{ title: contestant.title, contestant, authorizations: [] }],
      );
      const results: Partial<Record<QueryName, Figures[]>> = {};
      for (const name of queryNames) {
        signal.throwIfAborted();
        const answerBytes = await demandSameAnswers(entries, queries[name]);
        results[name] = await progress.task(
          `${name} (${(answerBytes / 1_000).toFixed(1)} KB): ${size.rounds + 1} rounds`,
          () => measureInTurn(entries, { ...size, query: queries[name], answerBytes, load: shop.load }),
        );
      }
      if (flags.profile !== undefined) {
        const query = queryNames.at(-1) ?? 'big';
        const ours = entries.find(({ contestant }) => contestant.knowsViewers);
        if (ours === undefined) throw new Problem('--profile is for our gateway: leave it in --only.');
        const taken = await profile(ours, { shop, query, file: flags.profile, ...size });
        remarks.push(`${flags.profile}: ${ours.title}, ${query}. Most time:\n${profileSummary(taken)}`);
      }
      remarks.push(...remarkOnBusy(results));
      return { rows: compare(results), figures: { ...size, queries: results }, remarks };
    } finally {
      await shop.stop();
    }
  },
});

/** Nothing is timed before all answer alike. @returns the size of the answer */
async function demandSameAnswers(entries: readonly Entry[], query: string): Promise<number> {
  let bytes = 0;
  await eventually(
    async () => {
      const answers = await Promise.all(entries.map((entry) => ask(entry, query)));
      const [first, ...others] = answers;
      const differs = others.findIndex((answer) => !isDeepStrictEqual(answer, first));
      if (differs >= 0)
        throw new Error(
          `${entries[0]?.title} and ${entries[differs + 1]?.title} answer differently:\n${query}`,
        );
      bytes = Buffer.byteLength(JSON.stringify(first));
    },
    { timeoutMs: 15_000, intervalMs: 200 },
  );
  return bytes;
}

function profile(
  { contestant, authorizations }: Entry,
  given: GatewayBenchmarkSize & { shop: ShopStage; query: QueryName; file: string },
): Promise<Profile> {
  const { shop, query, file, connections, roundSeconds: seconds } = given;
  const { url, process } = contestant;
  const body = JSON.stringify({ query: queries[query] });
  const work = () => shop.load({ url, connections, seconds, body, authorizations, answerBytes: 0 });
  return profileOf(process, { file, work });
}

/** @throws Problem for what there is not. */
function chosen<Name extends string>(
  wanted: readonly string[] | undefined,
  usual: readonly Name[],
  known: readonly Name[],
): readonly Name[] {
  if (wanted === undefined) return usual;
  return wanted.map((name) => {
    const found = known.find((each) => each === name);
    if (found === undefined) throw new Problem(`There is no "${name}". There are: ${known.join(', ')}.`);
    return found;
  });
}
