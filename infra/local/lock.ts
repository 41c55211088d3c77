// One starter per data folder.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { createState, readHint } from './files.ts';
import { isSameProcess, processIdentity } from './identity.ts';
import { Problem } from './problem.ts';

const holder = z.object({ pid: z.int().positive(), identity: z.string(), url: z.string() });
export type Holder = z.infer<typeof holder>;

/** The living process that holds the folder, if any. */
export function holderOf(dataDir: string): Holder | undefined {
  return livingHolder(lockFile(dataDir));
}

/**
 * Takes the folder for this process.
 * @returns the function that gives it back.
 * @throws Problem that names the process and URL of the one who has it.
 */
export async function takeLock(dataDir: string, url: string): Promise<() => void> {
  const file = lockFile(dataDir);
  for (;;) {
    if (createLock(file, url)) return () => rmSync(file, { force: true });
    const other = livingHolder(file);
    if (other !== undefined) {
      throw new Problem(
        `It is running already: process ${other.pid}, ${other.url}. Stop it first (Ctrl-C there, or kill ${other.pid}).`,
      );
    }
    await discardDead(file);
  }
}

/**
 * Of several that find a dead holder's lock at once, one at a time looks again and removes it: who merely looked
 * before could remove the lock that another has taken meanwhile.
 */
async function discardDead(file: string): Promise<void> {
  const turn = `${file}.turn`;
  if (createLock(turn, '')) {
    if (livingHolder(file) === undefined) rmSync(file, { force: true });
    rmSync(turn);
  } else if (livingHolder(turn) === undefined) {
    rmSync(turn, { force: true });
  } else {
    await delay(5);
  }
}

function createLock(file: string, url: string): boolean {
  return createState(file, { pid: process.pid, identity: processIdentity(process.pid) ?? '', url });
}

/** A damaged lock is a dead holder's: a lock is never there without its content. */
function livingHolder(file: string): Holder | undefined {
  const found = readHint(file, holder);
  return found !== undefined && isSameProcess(found.pid, found.identity) ? found : undefined;
}

function lockFile(dataDir: string): string {
  return join(dataDir, 'start.lock');
}
