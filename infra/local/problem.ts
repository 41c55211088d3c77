import { types } from 'node:util';

/** Something that a person can put right: the message says what happened and what to do; shown without a stack. */
export class Problem extends Error {
  override name = 'Problem';
}

const advice: Record<string, string> = {
  ENOSPC: 'The disk is full. Free some space (the data is in .data/, logs in .data/logs) and start again.',
  EACCES: 'This user may not do that. Check who owns the checkout and .data/, and start again.',
  EPERM: 'This user may not do that. Check who owns the checkout and .data/, and start again.',
  EMFILE: 'Too many open files. Raise the limit (ulimit -n 4096) and start again.',
  EROFS: 'The file system is read-only. Use a checkout on a writable disk.',
};

/** The text shown for an error that ends a command: advice where the cause is known, else the stack. */
export function explain(error: unknown): string {
  if (error instanceof Problem) return error.message;
  if (!isError(error)) return String(error);
  // A mistyped option (node:util's parseArgs, whose advice on how to pass it as an argument helps nobody here).
  if (errorCode(error)?.startsWith('ERR_PARSE_ARGS')) {
    const said = error.message.replace(/\. To specify a positional argument .*/s, '').replace(/\.$/, '');
    return `${said}.\nSee --help.`;
  }
  const code = causeOf(error);
  const known = code === undefined ? undefined : advice[code];
  return known === undefined ? (error.stack ?? error.message) : `${error.message}\n${known}`;
}

function causeOf(error: Error): string | undefined {
  const code = errorCode(error) ?? (/no space left/i.test(error.message) ? 'ENOSPC' : undefined);
  // Where Node can't make the first of several nested folders, it says that the last is not there.
  return code === 'ENOENT' && 'syscall' in error && error.syscall === 'mkdir' ? 'EROFS' : code;
}

/** Node's error code (ENOENT, EADDRINUSE…), where there is one. */
export function errorCode(error: unknown): string | undefined {
  // Not by `instanceof`: under jest, errors of Node's own modules come from another realm.
  const code = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Also one of another realm (jest runs tests in one of their own). */
function isError(error: unknown): error is Error {
  return error instanceof Error || types.isNativeError(error);
}
