// The schema pipeline (schema/src) as a process of its own: composing takes a second of pure computation, which would
// hold up everything else that starts.
import { join } from 'node:path';
import { runCommand } from './commands.ts';
import { Problem } from './problem.ts';

/** Composes the supergraph and the public schema. @throws Problem with the pipeline's own words where it refuses. */
export async function composeSchema(root: string, args: readonly string[] = []): Promise<void> {
  const script = join(root, 'infra', 'local', 'schema.ts');
  const result = await runCommand(process.execPath, ['--import', 'tsx', script, ...args], {
    cwd: root,
    env: process.env,
    timeoutMs: 120_000,
  });
  if (!result.ok) throw new Problem(`The schema is refused:\n${result.stdout.trim() || result.tail}`);
}
