// One starter per data folder.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readState } from './files.ts';
import { isSameProcess, processIdentity } from './identity.ts';
import { errorCode, Problem } from './problem.ts';

const holder = z.object({ pid: z.int().positive(), identity: z.string(), url: z.string() });
export type Holder = z.infer<typeof holder>;

/** The living process that holds the folder, if any. */
export function holderOf(dataDir: string): Holder | undefined {
  const found = readState(lockFile(dataDir), holder);
  return found !== undefined && isSameProcess(found.pid, found.identity) ? found : undefined;
}

/**
 * Takes the folder for this process.
 * @returns the function that gives it back.
 * @throws Problem that names the process and URL of the one who has it.
 */
export function takeLock(dataDir: string, url: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const file = lockFile(dataDir);
  const identity = processIdentity(process.pid) ?? '';
  for (;;) {
    try {
      writeFileSync(file, JSON.stringify({ pid: process.pid, identity, url }), { flag: 'wx', mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    const other = holderOf(dataDir);
    if (other !== undefined) {
      throw new Problem(
        `It is running already: process ${other.pid}, ${other.url}. Stop it first (Ctrl-C there, or kill ${other.pid}).`,
      );
    }
    discard(file);
  }
}

/** Of several that find a dead holder's lock at once, only one can rename it. */
function discard(file: string): void {
  const aside = `${file}.${process.pid}.dead`;
  try {
    renameSync(file, aside);
    rmSync(aside, { force: true });
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

function lockFile(dataDir: string): string {
  return join(dataDir, 'start.lock');
}
