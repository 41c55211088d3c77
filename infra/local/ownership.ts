// The list of processes that an installation started. It is on disk before a process counts as started, so a starter
// that dies without a word leaves nothing that the next one can't find and end.
import { join } from 'node:path';
import { z } from 'zod';
import { readState, writeState } from './files.ts';
import { isGroupLeft, isSameProcess, processIdentity } from './identity.ts';
import { Problem } from './problem.ts';
import { eventually } from './waiting.ts';

const ownedProcess = z.object({
  name: z.string(),
  pid: z.int().positive(),
  identity: z.string(),
  command: z.string(),
});
export type OwnedProcess = z.infer<typeof ownedProcess>;

export interface Ownership {
  /** Records a process that was just started (synchronously: nothing may come in between). */
  add(process: { name: string; pid: number; command: string }): void;
  remove(pid: number): void;
  list(): readonly OwnedProcess[];
  /** Ends what an earlier starter left running, last started first. @returns the names of what it ended. */
  endSurvivors(options?: { graceMs?: number }): Promise<string[]>;
}

export function openOwnership(dataDir: string): Ownership {
  const file = join(dataDir, 'processes.json');
  let owned: OwnedProcess[] = readState(file, z.array(ownedProcess)) ?? [];
  const save = () => writeState(file, owned);

  return {
    add({ name, pid, command }) {
      const identity = processIdentity(pid);
      // It ended already: its exit is reported by the one who started it.
      if (identity === undefined) return;
      owned = [...owned.filter((other) => other.pid !== pid), { name, pid, identity, command }];
      save();
    },
    remove(pid) {
      if (!owned.some((other) => other.pid === pid)) return;
      owned = owned.filter((other) => other.pid !== pid);
      save();
    },
    list: () => owned,
    async endSurvivors({ graceMs = 10_000 } = {}) {
      const ended: string[] = [];
      for (const survivor of owned.toReversed()) {
        if (await endProcess(survivor, graceMs)) ended.push(survivor.name);
      }
      owned = [];
      save();
      return ended;
    },
  };
}

/** Asks a process to end, kills its group after the grace. @returns whether there was something to end. */
async function endProcess({ name, pid, identity }: OwnedProcess, graceMs: number): Promise<boolean> {
  const isThere = () => isSameProcess(pid, identity);
  const isAnyLeft = () => isThere() || isGroupLeft(pid, identity);
  if (!isAnyLeft()) return false;
  if (isThere()) {
    signal(pid, 'SIGTERM');
    await eventually(() => !isThere(), { timeoutMs: graceMs }).catch(() => undefined);
  }
  if (isAnyLeft()) {
    signal(-pid, 'SIGKILL');
    await eventually(() => !isAnyLeft(), { timeoutMs: 5000 }).catch(() => {
      throw new Problem(
        `An earlier run's ${name} (process ${pid}) still runs and can't be ended by this user. End it (kill -9 ${pid}) and start again.`,
      );
    });
  }
  return true;
}

/** Sends a signal; a negative number means the process group. That it is gone already is fine. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // ESRCH: what was to end has ended.
  }
}
