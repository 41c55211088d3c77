// npm run bench: us and the alternative in turn, in one run; ratios as a table and as JSON.
import { parseArgs } from 'node:util';
import type { CommandContext } from '../local/command-line.ts';
import { Problem } from '../local/problem.ts';
import { type Progress, showProgress } from '../local/progress.ts';
import { table } from '../local/table.ts';
import { gatewayBenchmark } from './gateway.ts';
import { liveBenchmark } from './live.ts';

/** What a benchmark found. */
export interface Report {
  /** Heading and rows, as people read them. */
  rows: string[][];
  /** The same for programs. */
  figures: Record<string, unknown>;
}

export interface Benchmark {
  /** One line for the list of benchmarks. */
  summary: string;
  run(context: { env: CommandContext['env']; signal: AbortSignal; progress: Progress }): Promise<Report>;
}

const benchmarks: Record<string, Benchmark> = {
  gateway: gatewayBenchmark({ connections: 50, rounds: 3, roundSeconds: 5 }),
  live: liveBenchmark({ subscribers: 1_000, changes: 100 }),
};

/** @returns the exit code */
export async function main({ args, env, signal, output }: CommandContext): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { help: { type: 'boolean' } },
    allowPositionals: true,
  });
  if (values.help === true) {
    output.write(help());
    return 0;
  }
  const names = positionals.length > 0 ? positionals : Object.keys(benchmarks);
  const chosen = names.map((name) => {
    const benchmark = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
    if (benchmark === undefined) throw new Problem(`There is no benchmark "${name}".\n\n${help()}`);
    return { name, benchmark };
  });
  // Progress goes to standard error, so that what is printed can be read by a program.
  const progress = showProgress(process.stderr, env);
  for (const { name, benchmark } of chosen) {
    const { rows, figures } = await benchmark.run({ env, signal, progress });
    output.write(`\n${name}: ${benchmark.summary}\n${table(rows)}\n${JSON.stringify({ [name]: figures })}\n`);
  }
  return 0;
}

function help(): string {
  const list = Object.entries(benchmarks).map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`);
  return `npm run bench [-- NAME...]\n\nMeasures on a private platform beside whatever runs; all of these unless named:\n\n${list.join('\n')}\n`;
}
