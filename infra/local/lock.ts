// One starter per data folder.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { createState, readHint, writeState } from './files.ts';
import { isSameProcess, processIdentity } from './identity.ts';
import { Problem } from './problem.ts';

const holder = z.object({ pid: z.int().positive(), identity: z.string(), url: z.string() });
export type Holder = z.infer<typeof holder>;

/** What others are told until it is known where it will answer. */
const starting = 'which is starting';

/** The living process that holds the folder, if any. */
export function holderOf(dataDir: string): Holder | undefined {
  return livingHolder(lockFile(dataDir));
}

/**
 * Takes the folder for this process.
 * @returns the function that gives it back.
 * @throws Problem that names the process and URL of the one who has it.
 */
export async function takeLock(dataDir: string, url = starting): Promise<() => void> {
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

/** Says to those who want the folder where its holder, this process, answers. */
export function announce(dataDir: string, url: string): void {
  writeState(lockFile(dataDir), claim(url));
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
  return createState(file, claim(url));
}

function claim(url: string): Holder {
  return { pid: process.pid, identity: processIdentity(process.pid) ?? '', url };
}

/** A damaged lock is a dead holder's: a lock is never there without its content. */
function livingHolder(file: string): Holder | undefined {
  const found = readHint(file, holder);
  return found !== undefined && isSameProcess(found.pid, found.identity) ? found : undefined;
}

function lockFile(dataDir: string): string {
  return join(dataDir, 'start.lock');
}
