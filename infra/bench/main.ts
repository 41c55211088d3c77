// npm run bench: us and the alternative in turn, in one run; ratios as a table and as JSON.
import type { CommandContext } from '../local/command-line.ts';
import { Problem } from '../local/problem.ts';
import { showProgress } from '../local/progress.ts';
import { table } from '../local/table.ts';
import { accessBenchmark } from './access.ts';
import { authorizationBenchmark } from './authorization.ts';
import type { Benchmark } from './benchmark.ts';
import { burnBenchmark } from './burn.ts';
import { checksBenchmark } from './checks.ts';
import { coldBenchmark } from './cold.ts';
import { contestantNames } from './contestants/contestants.ts';
import { peers } from './contestants/peers.ts';
import { eventsBenchmark } from './events.ts';
import { fanOutBenchmark } from './fan-out.ts';
import { feedBenchmark } from './feed.ts';
import { flagsHelp, readCommandLine } from './flags.ts';
import { gatewayBenchmark } from './gateway.ts';
import { idleBenchmark } from './idle.ts';
import { ingestBenchmark } from './ingest.ts';
import { liveBenchmark } from './live.ts';
import { observabilityBenchmark } from './observability.ts';
import { overloadBenchmark } from './overload.ts';
import { seriesBenchmark } from './series.ts';
import { soakBenchmark } from './soak.ts';
import { tenantsBenchmark } from './tenants.ts';
import { tokensBenchmark } from './tokens/tokens.ts';

const benchmarks: Record<string, Benchmark> = {
  gateway: gatewayBenchmark({ contestants: contestantNames, connections: 50, rounds: 3, roundSeconds: 5 }),
  authorization: authorizationBenchmark({ connections: 50, seconds: 5 }),
  access: accessBenchmark({ members: 200, questions: 400, rounds: 5 }),
  tenants: tenantsBenchmark({ tenants: [300, 5_000], rounds: 5 }),
  tokens: tokensBenchmark({ connections: 16, rounds: 3, roundSeconds: 5 }),
  checks: checksBenchmark({
    ...{ checks: 5_000, services: 100, intervalMs: 30_000, timeoutMs: 5_000, silent: 0.1 },
    ...{ seconds: 60, dashboards: 30 },
  }),
  burn: burnBenchmark({ target: 0.999, hours: 8 }),
  cold: coldBenchmark({ timed: 50, different: 12_000 }),
  observability: observabilityBenchmark({ calls: 500_000, rounds: 5 }),
  live: liveBenchmark({ subscribers: 1_000, seconds: 20, warmingSeconds: 10, changesPerSecond: 100 }),
  'fan-out': fanOutBenchmark({
    subscribers: 1_000,
    seconds: 20,
    warmingSeconds: 10,
    eventsPerSecond: 100,
  }),
  feed: feedBenchmark({ eventsPerSecond: 500, seconds: 10 }),
  ingest: ingestBenchmark({ events: 20_000, tenants: 8, rules: 50, paces: [500, 1_000], seconds: 10 }),
  overload: overloadBenchmark({ tenants: 8, rules: 50, times: 3, seconds: 5 }),
  series: seriesBenchmark({ samples: 200_000, series: 50, everyMs: 2_000 }),
  events: eventsBenchmark({ events: 1_000_000, principals: 5_000, questions: 200 }),
  idle: idleBenchmark({ subscribers: 10_000 }),
  soak: soakBenchmark({ connections: 50, minutes: 10, samples: 20, different: 8_000 }),
  peers,
};

/** @returns the exit code */
export async function main({ args, env, signal, output }: CommandContext): Promise<number> {
  const { names: wanted, flags, wantsHelp } = readCommandLine(args);
  if (wantsHelp) {
    output.write(help());
    return 0;
  }
  const names =
    wanted.length > 0
      ? wanted
      : Object.keys(benchmarks).filter((name) => benchmarks[name]?.isNamedOnly !== true);
  const chosen = names.map((name) => {
    const benchmark = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
    if (benchmark === undefined) throw new Problem(`There is no benchmark "${name}".\n\n${help()}`);
    return { name, benchmark };
  });
  // Progress goes to standard error, so that what is printed can be read by a program.
  const progress = showProgress(process.stderr, env);
  for (const { name, benchmark } of chosen) {
    const { rows, figures, remarks = [] } = await benchmark.run({ env, signal, progress, flags });
    const said = [
      `${name}: ${benchmark.summary}`,
      table(rows),
      ...remarks,
      JSON.stringify({ [name]: figures }),
    ];
    output.write(`\n${said.join('\n')}\n`);
  }
  return 0;
}

function help(): string {
  const list = Object.entries(benchmarks).map(
    ([name, { summary, isNamedOnly }]) => `  ${name.padEnd(14)} ${summary}${isNamedOnly ? ' *' : ''}`,
  );
  return `npm run bench [-- NAME... [FLAG...]]

Measures on a private platform beside whatever runs. All of these unless named; those with * only when named:

${list.join('\n')}

${flagsHelp}`;
}
