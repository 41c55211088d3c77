// A list, per user, of the data folders that have something running, so that the next start of anything ends what a
// killed test run or another checkout's killed starter left behind.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { cacheDir } from './cache.ts';
import { DamagedState, readHint, writeState } from './files.ts';
import { holderOf, takeLock } from './lock.ts';
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
    const dataDir = readHint(file, z.object({ dataDir: z.string() }))?.dataDir;
    if (dataDir !== undefined && existsSync(dataDir)) {
      const found = await endSurvivorsOf(dataDir);
      if (found === 'held') continue;
      ended.push(...found);
    }
    rmSync(file, { force: true });
  }
  return ended;
}

/** Holds the folder meanwhile, so that what a new starter has just begun is not taken for a survivor. */
async function endSurvivorsOf(dataDir: string): Promise<string[] | 'held'> {
  let release: () => void;
  try {
    if (holderOf(dataDir) !== undefined) return 'held';
    release = await takeLock(dataDir, 'ending what an earlier run left behind');
  } catch {
    // Somebody was faster, or this user may not write there any more: theirs to clean up.
    return 'held';
  }
  try {
    return await openOwnership(dataDir).endSurvivors();
  } catch (error) {
    // Another folder's damage is no reason to refuse the start of this one.
    if (error instanceof DamagedState) return [];
    throw error;
  } finally {
    release();
  }
}

function listFolder(env: Env): string {
  return join(cacheDir(env), 'running');
}
