// Builds the explorer when its sources have changed since the last build.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './commands.ts';
import { Problem } from './problem.ts';

/** @returns whether there was something to build. */
export async function buildExplorer(
  root: string,
  env: Record<string, string | undefined>,
): Promise<'built' | 'fresh'> {
  const folder = join(root, 'clients', 'explorer');
  const stamp = join(root, '.data', 'explorer.sha256');
  const hash = sourceHash(root, folder);
  if (
    existsSync(join(folder, 'dist', 'index.html')) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === hash
  ) {
    return 'fresh';
  }
  rmSync(stamp, { force: true });
  // Silent: npm's own lines about a failure would push the cause out of the message.
  const result = await runCommand(
    'npm',
    ['run', '--silent', 'build', '--workspace', '@supergraph/explorer'],
    {
      cwd: root,
      env,
      timeoutMs: 180_000,
    },
  );
  if (!result.ok) throw new Problem(`The explorer could not be built:\n${result.tail}`);
  mkdirSync(join(root, '.data'), { recursive: true });
  writeFileSync(stamp, hash);
  return 'built';
}

function sourceHash(root: string, folder: string): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  const sources = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/[\\/](node_modules|dist)[\\/]|\.test\.tsx?$/.test(file.slice(folder.length)));
  for (const file of sources.sort()) hash.update(file.slice(folder.length)).update(readFileSync(file));
  return hash.digest('hex');
}
