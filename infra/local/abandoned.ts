// A list, per user, of the data folders that have something running, so that the next start of anything ends what a
// killed test run or another checkout's killed starter left behind.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { cacheDir } from './cache.ts';
import { readState, writeState } from './files.ts';
import { holderOf } from './lock.ts';
import { openOwnership } from './ownership.ts';

type Env = Record<string, string | undefined>;

/** Notes that a folder has something running. @returns the function that strikes it out. */
export function noteRunning(dataDir: string, env: Env): () => void {
  const file = join(
    listFolder(env),
    `${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}.json`,
  );
  writeState(file, { dataDir });
  return () => rmSync(file, { force: true });
}

/** Ends what runs for folders whose holder has died. @returns the names of what it ended. */
export async function endAbandoned(env: Env): Promise<string[]> {
  const folder = listFolder(env);
  if (!existsSync(folder)) return [];
  const ended: string[] = [];
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.json'))) {
    const file = join(folder, name);
    const dataDir = readState(file, z.object({ dataDir: z.string() }))?.dataDir;
    if (dataDir === undefined || holderOf(dataDir) !== undefined) continue;
    if (existsSync(dataDir)) ended.push(...(await openOwnership(dataDir).endSurvivors()));
    rmSync(file, { force: true });
  }
  return ended;
}

function listFolder(env: Env): string {
  return join(cacheDir(env), 'running');
}
