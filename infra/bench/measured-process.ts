// A process on a core of its own that never outlives its starter.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../local/commands.ts';
import { logTail } from '../local/program.ts';
import { eventually } from '../local/waiting.ts';

export interface ProcessOptions {
  name: string;
  file: string;
  args: readonly string[];
  env: Record<string, string | undefined>;
  cwd: string;
  /** The core that it stays on, where the machine has it and `taskset`. */
  core: 0 | 1;
  /** Folder of its log. */
  folder: string;
}

export interface MeasuredProcess {
  readonly name: string;
  readonly pid: number;
  readonly child: ChildProcess;
  /** Waits for a condition. @throws with the end of its log when it ends before, or the time is over. */
  until(condition: () => unknown | Promise<unknown>): Promise<void>;
  /** User and system time so far, in seconds; NaN where there is no /proc. */
  cpuSeconds(): number;
  /** Resident memory in bytes; NaN where there is no /proc. */
  residentBytes(): number;
  stop(): Promise<void>;
}

/** Whether processes are kept on cores of their own. */
export const isPinned = availableParallelism() >= 2 && findProgram(['taskset']) !== undefined;

export function startProcess(options: ProcessOptions): MeasuredProcess {
  const { name, folder } = options;
  const logFile = join(folder, `${name}.log`);
  const log = openSync(logFile, 'a');
  const [file = '', ...args] = [...prefix(options.core), options.file, ...options.args];
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  child.on('error', () => undefined);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} can't be started: ${file}`);
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  return {
    name,
    pid,
    child,
    cpuSeconds: () => cpuSeconds(pid),
    residentBytes: () => residentBytes(pid),
    async until(condition) {
      const over = new AbortController();
      const ended = () => over.abort(new Error('it ended'));
      child.once('exit', ended);
      try {
        if (isOver()) ended();
        await eventually(condition, { timeoutMs: 60_000, intervalMs: 100, signal: over.signal });
      } catch (cause) {
        throw new Error(`${name} did not start. Its log ends with:\n${logTail(logFile, { from: 0 })}`, {
          cause,
        });
      } finally {
        child.off('exit', ended);
      }
    },
    async stop() {
      if (isOver()) return;
      child.kill('SIGTERM');
      await eventually(isOver, { timeoutMs: 10_000 }).catch(() => child.kill('SIGKILL'));
      await eventually(isOver, { timeoutMs: 10_000 });
    },
  };
}

/** The next message of a process that says how its work went. @param options `signal` ends the waiting with its reason */
export function nextMessage(
  { name, child }: MeasuredProcess,
  { signal }: { signal?: AbortSignal } = {},
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = () => settle(() => reject(new Error(`${name} ended`)));
    const aborted = () => settle(() => reject(signal?.reason));
    const came = (message: unknown) => settle(() => resolve(message));
    const settle = (tell: () => void) => {
      child.off('exit', ended).off('message', came);
      signal?.removeEventListener('abort', aborted);
      tell();
    };
    child.once('exit', ended).once('message', came);
    signal?.addEventListener('abort', aborted);
  });
}

/** Both become the program that they are given, so that it keeps the process number. */
function prefix(core: number): string[] {
  const mortal = findProgram(['setpriv']) === undefined ? [] : ['setpriv', '--pdeathsig', 'KILL', '--'];
  return isPinned ? [...mortal, 'taskset', '-c', String(core)] : mortal;
}

/** User and system time of a process so far; NaN where there is no /proc. By proc(5), fields 14 and 15, in ticks of 10 ms. */
export function cpuSeconds(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}

function residentBytes(pid: number): number {
  try {
    const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(found?.[1]) * 1_024;
  } catch {
    return Number.NaN;
  }
}
