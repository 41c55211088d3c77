// Builds a client that nginx serves when its sources have changed since the last build.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { runCommand } from './commands.ts';
import { Problem } from './problem.ts';

/** The programs for the browser, by their folder under clients/. */
export const clients = ['explorer', 'console'] as const;
export type Client = (typeof clients)[number];

/** @returns whether there was something to build. */
export async function buildClient(
  root: string,
  client: Client,
  env: Record<string, string | undefined>,
): Promise<'built' | 'fresh'> {
  const stamp = join(root, '.data', `${client}.sha256`);
  const hash = sourceHash(root, client);
  if (
    existsSync(join(root, 'clients', client, 'dist', 'index.html')) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === hash
  ) {
    return 'fresh';
  }
  rmSync(stamp, { force: true });
  // Silent: npm's own lines about a failure would push the cause out of the message.
  const result = await runCommand(
    'npm',
    ['run', '--silent', 'build', '--workspace', `@supergraph/${client}`],
    {
      cwd: root,
      env,
      timeoutMs: 180_000,
    },
  );
  if (!result.ok) throw new Problem(`The ${client} could not be built:\n${result.tail}`);
  mkdirSync(join(root, '.data'), { recursive: true });
  writeFileSync(stamp, hash);
  return 'built';
}

function sourceHash(root: string, client: Client): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  const folder = join(root, 'clients', client);
  for (const sources of [folder, ...sharedSources(root, folder)]) {
    for (const file of filesOf(sources)) hash.update(file.slice(root.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

const dependent = z.object({ dependencies: z.record(z.string(), z.string()).default({}) });
const ownScope = '@supergraph/';

/** What the client shares with others. */
function sharedSources(root: string, folder: string): string[] {
  const { dependencies } = dependent.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  return Object.keys(dependencies)
    .filter((name) => name.startsWith(ownScope))
    .map((name) => join(root, 'clients', name.slice(ownScope.length)));
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/[\\/](node_modules|dist)[\\/]|\.test\.tsx?$/.test(file.slice(folder.length)))
    .sort();
}
