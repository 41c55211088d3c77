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

/** A terminal's Ctrl-C arrives twice, by the terminal and by run.mjs: what comes that soon is no second wish. */
const sameWishMs = 1000;

/**
 * Runs a command to its exit code; an error is explained on standard error and ends with 1. A command that was told to
 * stop before it was done ends as a shell says it (130 after Ctrl-C), and at once when it is told again.
 */
export async function runCommandLine(command: (context: CommandContext) => Promise<number>): Promise<never> {
  const controller = new AbortController();
  let stoppedCode = 1;
  let toldAt = 0;
  const stop = (why: string) => {
    if (!controller.signal.aborted) toldAt = performance.now();
    else if (performance.now() - toldAt > sameWishMs) process.exit(stoppedCode);
    controller.abort(new Error(why));
  };
  for (const [name, code] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 })) {
    process.on(name, () => {
      stoppedCode = code;
      stop(name);
    });
  }
  if (process.channel !== undefined)
    process.once('disconnect', () => controller.abort(new Error('the starter ended')));
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
    if (controller.signal.aborted) code = stoppedCode;
    else process.stderr.write(`\n${explain(error)}\n`);
  }
  process.exit(code);
}
