// npm run bench: us and the alternative in turn, in one run; ratios as a table and as JSON.
import type { CommandContext } from '../local/command-line.ts';
import { Problem } from '../local/problem.ts';
import { showProgress } from '../local/progress.ts';
import { table } from '../local/table.ts';
import type { Benchmark } from './benchmark.ts';
import { readCommandLine } from './flags.ts';
import { gatewayBenchmark } from './gateway.ts';
import { liveBenchmark } from './live.ts';

const benchmarks: Record<string, Benchmark> = {
  gateway: gatewayBenchmark({ contestants: ['ours', 'apollo'], connections: 50, rounds: 3, roundSeconds: 5 }),
  live: liveBenchmark({ subscribers: 1_000, changes: 100 }),
};

/** @returns the exit code */
export async function main({ args, env, signal, output }: CommandContext): Promise<number> {
  const { names: wanted, flags, wantsHelp } = readCommandLine(args);
  if (wantsHelp) {
    output.write(help());
    return 0;
  }
  const names = wanted.length > 0 ? wanted : Object.keys(benchmarks);
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
  const list = Object.entries(benchmarks).map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`);
  return `npm run bench [-- NAME...]\n\nMeasures on a private platform beside whatever runs; all of these unless named:\n\n${list.join('\n')}\n`;
}
