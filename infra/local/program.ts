// One program started for this installation: owned, logged, awaited, stopped and, after a crash, started again.
import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  fchmodSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Ownership } from './ownership.ts';
import { signal } from './ownership.ts';
import { errorCode, Problem } from './problem.ts';
import { eventually } from './waiting.ts';

export interface Launch {
  file: string;
  args: readonly string[];
  env: Record<string, string | undefined>;
  cwd: string;
  /** What ties the program to the starter's life: a pipe at its standard input, Node's ipc channel, or nothing. */
  tie: 'stdin' | 'ipc' | 'none';
}

export interface ProgramOptions {
  name: string;
  dataDir: string;
  ownership: Ownership;
  launch(): Promise<Launch> | Launch;
  /** Resolves when it can be used; called again and again until it does. */
  probe(): Promise<unknown>;
  /** How long a start may take. Default 60 s. */
  startDeadlineMs?: number;
  /** Default SIGTERM. */
  stopSignal?: NodeJS.Signals;
  /** After that, it is killed. Default 15 s. */
  graceMs?: number;
  restart: RestartPolicy;
  /** Told about crashes and restarts. */
  tell?(text: string): void;
}

/**
 * Starts a crashed program again after `delayMs`, doubled with every crash in a row up to 60 s. `never` leaves it down.
 */
export type RestartPolicy = 'never' | { delayMs: number };

export interface Program {
  readonly name: string;
  /** Process number while it runs. */
  readonly pid: number | undefined;
  readonly logFile: string;
  /** Starts it where it doesn't run and waits until it can be used. */
  start(): Promise<void>;
  /** Asks it to end and waits; kills it after the grace. */
  stop(): Promise<void>;
  /** SIGKILL for it and its children; it stays down until `start`. */
  kill(): Promise<void>;
}

const longestRestartDelayMs = 60_000;
const logLimitBytes = 5_000_000;

export function ownProgram(options: ProgramOptions): Program {
  const { name, dataDir, ownership } = options;
  const logFile = join(dataDir, 'logs', `${name}.log`);
  /** Where this launch begins in the log: what stands before it is an earlier run's. */
  let logBegins = 0;
  let child: ChildProcess | undefined;
  let wanted: 'up' | 'down' = 'down';
  let restartTimer: NodeJS.Timeout | undefined;
  let crashesInARow = 0;
  let readyAt = 0;

  const isUnwanted = () => wanted === 'down';
  const isRunning = () => child?.pid !== undefined && child.exitCode === null && child.signalCode === null;

  const launch = async () => {
    const { file, args, env, cwd, tie } = await options.launch();
    const log = openLog(logFile);
    logBegins = fstatSync(log).size;
    const ends = {
      stdin: ['pipe', log, log],
      ipc: ['ignore', log, log, 'ipc'],
      none: ['ignore', log, log],
    } as const;
    // Detached: its own process group, so that a terminal's Ctrl-C reaches the starter alone, which stops in order.
    const started = spawn(file, args, { cwd, env, stdio: [...ends[tie]], detached: true });
    closeSync(log);
    child = started;
    if (started.pid !== undefined) {
      killAtExit(started.pid);
      ownership.add({ name, pid: started.pid, command: [file, ...args].join(' ') });
    }
    started.on('error', () => undefined);
    started.stdin?.on('error', () => undefined);
    started.once('exit', (code, signalName) => exited(started, signalName ?? `code ${code}`));
    await spawned(started, { name, file });
    return started;
  };

  const exited = (which: ChildProcess, how: string) => {
    if (which.pid !== undefined) {
      // Children of a killed leader (nginx's workers) would keep its port.
      signal(-which.pid, 'SIGKILL');
      toKillAtExit.delete(which.pid);
      ownership.remove(which.pid);
    }
    if (wanted === 'down' || which !== child || readyAt === 0) return;
    crashesInARow = performance.now() - readyAt > longestRestartDelayMs ? 1 : crashesInARow + 1;
    if (options.restart === 'never') {
      options.tell?.(`${name} ended (${how}). Log: ${logFile}`);
      return;
    }
    const delayMs = Math.min(options.restart.delayMs * 2 ** (crashesInARow - 1), longestRestartDelayMs);
    options.tell?.(
      `${name} ended (${how}); it starts again in ${Math.round(delayMs / 1000)} s. Log: ${logFile}`,
    );
    restartTimer = setTimeout(() => void restart(), delayMs);
  };

  const restart = async () => {
    try {
      await startNow();
      options.tell?.(`${name} is back (process ${child?.pid}).`);
    } catch (error) {
      options.tell?.(error instanceof Error ? error.message : String(error));
      readyAt = performance.now();
      if (!isRunning() && child !== undefined) exited(child, 'it could not be started');
    }
  };

  const startNow = async () => {
    readyAt = 0;
    const started = await launch();
    if (isUnwanted()) return end(started, 'SIGKILL', 0);
    const over = new AbortController();
    const failed = () => over.abort(new Error('it ended'));
    started.once('exit', failed);
    try {
      if (!isRunning()) failed();
      await eventually(options.probe, { timeoutMs: options.startDeadlineMs ?? 60_000, signal: over.signal });
      readyAt = performance.now();
    } catch (error) {
      if (isUnwanted()) return;
      const why = isRunning() ? `did not become ready (${messageOf(error)})` : 'ended while it started';
      await end(started, 'SIGKILL', 0);
      throw new Problem(
        `${name} ${why}. Its log, ${logFile}, ends with:\n${logTail(logFile, { from: logBegins })}`,
      );
    } finally {
      started.off('exit', failed);
    }
  };

  const end = async (which: ChildProcess, signalName: NodeJS.Signals, graceMs: number) => {
    const isOver = () => which.exitCode !== null || which.signalCode !== null || which.pid === undefined;
    if (isOver() || which.pid === undefined) return;
    const { pid } = which;
    if (graceMs > 0) {
      signal(pid, signalName);
      await eventually(isOver, { timeoutMs: graceMs }).catch(() => undefined);
    }
    if (!isOver()) {
      signal(-pid, 'SIGKILL');
      await eventually(isOver, { timeoutMs: 10_000 });
    }
  };

  const down = async (graceMs: number) => {
    wanted = 'down';
    clearTimeout(restartTimer);
    if (child !== undefined) await end(child, options.stopSignal ?? 'SIGTERM', graceMs);
  };

  return {
    name,
    logFile,
    get pid() {
      return isRunning() ? child?.pid : undefined;
    },
    async start() {
      if (wanted === 'up' && isRunning()) return;
      clearTimeout(restartTimer);
      wanted = 'up';
      try {
        await startNow();
      } catch (error) {
        wanted = 'down';
        throw error;
      }
    },
    stop: () => down(options.graceMs ?? 15_000),
    kill: () => down(0),
  };
}

const toKillAtExit = new Set<number>();

/** A starter that ends by an error of its own, or is told to leave at once, takes along what it started. */
function killAtExit(pid: number): void {
  if (toKillAtExit.size === 0) process.off('exit', killAll).on('exit', killAll);
  toKillAtExit.add(pid);
}

function killAll(): void {
  for (const pid of toKillAtExit) signal(-pid, 'SIGKILL');
}

function spawned(child: ChildProcess, { name, file }: { name: string; file: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      const why = errorCode(error) === 'ENOENT' ? `${file} (or its folder) is not there` : error.message;
      reject(new Problem(`${name} could not be started: ${why}.`));
    });
  });
}

/**
 * Opens a log for appending, readable by its owner only. One that has grown large makes room for a new one; only one
 * older log is kept.
 */
export function openLog(file: string): number {
  mkdirSync(join(file, '..'), { recursive: true });
  if (existsSync(file) && statSync(file).size > logLimitBytes) renameSync(file, `${file}.1`);
  const log = openSync(file, 'a', 0o600);
  // It may be there already, with other permissions.
  fchmodSync(log, 0o600);
  return log;
}

/** The last lines of a log, of those after its first `from` bytes. */
export function logTail(file: string, { from = 0, lines = 15 } = {}): string {
  const text = existsSync(file) ? readFileSync(file).subarray(from).toString('utf8').trimEnd() : '';
  if (text === '') return '  (nothing)';
  return text
    .split('\n')
    .slice(-lines)
    .map((line) => `  ${line.slice(0, 500)}`)
    .join('\n');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
