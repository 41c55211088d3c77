// State files of an installation: small JSON documents, replaced as a whole so that a crash leaves the old or the new.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { errorCode, Problem } from './problem.ts';

/** A state file that can't be read: cut off by a full disk or a power failure, edited, or of another version. */
export class DamagedState extends Problem {
  override name = 'DamagedState';
  readonly file: string;
  constructor(file: string) {
    super(`${file} is damaged. Begin anew with: npm start -- --fresh`);
    this.file = file;
  }
}

/**
 * Reads and validates a state file; undefined where there is none.
 * @throws DamagedState
 */
export function readState<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): z.infer<Schema> | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new DamagedState(file);
  }
}

/** As `readState`, for what can be found out again: damaged is as good as missing. */
export function readHint<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): z.infer<Schema> | undefined {
  try {
    return readState(file, schema);
  } catch (error) {
    if (error instanceof DamagedState) return undefined;
    throw error;
  }
}

/** Writes a state file atomically, readable by its owner only. */
export function writeState(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  placed(file, value, renameSync);
}

/** Writes a state file where there is none. @returns whether there was none: of several that try, one wins. */
export function createState(file: string, value: unknown): boolean {
  mkdirSync(dirname(file), { recursive: true });
  try {
    // A link comes with its content, or not at all: nobody ever sees the file empty.
    placed(file, value, linkSync);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function placed(file: string, value: unknown, place: (from: string, to: string) => void): void {
  const temporary = `${file}.${process.pid}.new`;
  try {
    writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
    place(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
}
