// The life of a process: start, run until somebody asks to stop, close in reverse order, exit.
import type { Logger } from 'pino';
import { ConfigError } from './config.ts';
import { inTime } from './deadline.ts';
import { stripCredentials } from './redaction.ts';

/** What was opened, to be closed in the reverse order. */
export interface Opened {
  /** Notes how to close something that has just been opened. */
  add(name: string, close: () => Promise<unknown> | unknown): void;
  /** Closes all, last opened first. One that fails or takes too long is logged and does not keep the others. */
  close(): Promise<void>;
}

export function trackOpened(logger: Logger, { deadlineMs = 30_000 } = {}): Opened {
  const stack: Array<{ name: string; close: () => Promise<unknown> | unknown }> = [];
  return {
    add: (name, close) => void stack.push({ name, close }),
    async close() {
      for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
        const { name, close } = top;
        const closing = (async () => await close())();
        const otherwise = () => {
          throw new Error(`not closed after ${deadlineMs} ms`);
        };
        await inTime(closing, { deadlineMs, otherwise }).catch((error: unknown) =>
          logger.error({ err: error, part: name }, 'could not be closed'),
        );
      }
    },
  };
}

/** The part of `process` that is needed here. */
export interface HostProcess {
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  exit(code: number): void;
  stderr: { write(text: string): unknown };
  /** Set when a parent started this process with an IPC channel. */
  connected?: boolean;
}

export interface Stoppable {
  stop(): Promise<void>;
}

export interface RunOptions {
  /** Default: this process. */
  host?: HostProcess;
  /** How long a start under way may still take once a stop was asked for. Default 5,000. */
  startGraceMs?: number;
}

/**
 * Runs a service as this process: stops it at SIGTERM, SIGINT or when the parent that holds the IPC channel is
 * gone; a second signal exits at once. Exits 1 when it cannot start, is wrongly configured (told on stderr in
 * plain words) or an error escapes from everywhere.
 */
export async function runUntilStopped(
  start: () => Promise<Stoppable>,
  { host = process, startGraceMs = 5_000 }: RunOptions = {},
): Promise<void> {
  let isStopping = false;
  let running: Stoppable | undefined;
  let exitCode = 0;

  const stop = async () => {
    isStopping = true;
    if (running === undefined) {
      setTimeout(() => running === undefined && host.exit(1), startGraceMs).unref();
      return;
    }
    await running.stop().catch((error: unknown) => fail(error));
    host.exit(exitCode);
  };
  const fail = (error: unknown) => {
    exitCode = 1;
    host.stderr.write(`${describe(error)}\n`);
  };
  const asked = () => {
    if (isStopping) host.exit(1);
    else void stop();
  };
  host.on('SIGTERM', asked);
  host.on('SIGINT', asked);
  // Losing the parent counts once; it often follows a signal.
  if (host.connected === true) host.on('disconnect', () => void (isStopping || stop()));
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    host.on(event, (error) => {
      fail(error);
      if (!isStopping) void stop();
    });
  }

  try {
    running = await start();
  } catch (error) {
    fail(error);
    host.exit(1);
    return;
  }
  // Asked while it was starting.
  if (isStopping) await stop();
}

function describe(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const cause =
    error instanceof Error && error.cause instanceof Error ? `\n  because: ${error.cause.message}` : '';
  return stripCredentials(`${text}${cause}`);
}
