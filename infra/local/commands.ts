// Running other people's commands to their end.
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface CommandOptions {
  cwd?: string;
  env?: Record<string, string | undefined>;
  timeoutMs: number;
}

export interface CommandResult {
  ok: boolean;
  /** Standard output. */
  stdout: string;
  /** Both outputs' last part, for an error message. */
  tail: string;
}

const outputLimit = 1_000_000;

/** Runs a command; one that is missing, fails or takes too long gives `ok: false`, never an exception. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    let stdout = '';
    let both = '';
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // Not spawn's own `timeout`: its timer stays when the program could not be started.
    const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs);
    const keep = (text: string, more: string) => (text + more).slice(-outputLimit);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout = keep(stdout, text);
      both = keep(both, text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      both = keep(both, text);
    });
    const done = (ok: boolean, why = '') => {
      clearTimeout(timer);
      resolve({ ok, stdout, tail: [...both.trimEnd().split('\n').slice(-10), why].join('\n').trim() });
    };
    child.once('error', (error) => done(false, error.message));
    child.once('close', (code, signal) =>
      done(code === 0, signal === null ? '' : `${file} was ended by ${signal}`),
    );
  });
}

/** The first of these programs that is there: absolute paths are looked at, names are searched on PATH. */
export function findProgram(names: readonly string[], path = process.env.PATH ?? ''): string | undefined {
  return names
    .flatMap((name) =>
      name.includes('/')
        ? [name]
        : path
            .split(delimiter)
            .filter(Boolean)
            .map((folder) => join(folder, name)),
    )
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
