// What every command of infra/local shares: signals, exit codes, errors that people can read.
import { explain } from './problem.ts';

export interface CommandContext {
  args: readonly string[];
  env: Record<string, string | undefined>;
  /** Aborted by Ctrl-C, SIGTERM, a closed terminal, or the end of `infra/local/run.mjs`. */
  signal: AbortSignal;
  /** Standard output. */
  output: NodeJS.WriteStream;
}

/** Runs a command to its exit code; an error is explained on standard error and ends with 1. */
export async function runCommandLine(command: (context: CommandContext) => Promise<number>): Promise<never> {
  const controller = new AbortController();
  const stop = (why: string) => controller.abort(new Error(why));
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop(name));
  if (process.channel !== undefined) process.once('disconnect', () => stop('the starter ended'));
  // A closed pipe at standard output must not keep anything from being stopped.
  process.stdout.on('error', () => undefined);
  let code = 1;
  try {
    code = await command({
      args: process.argv.slice(2),
      env: process.env,
      signal: controller.signal,
      output: process.stdout,
    });
  } catch (error) {
    if (controller.signal.aborted) code = 0;
    else process.stderr.write(`\n${explain(error)}\n`);
  }
  process.exit(code);
}
