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
  if (!(error instanceof Error)) return String(error);
  const code = errorCode(error) ?? (/no space left/i.test(error.message) ? 'ENOSPC' : undefined);
  const known = code === undefined ? undefined : advice[code];
  return known === undefined ? (error.stack ?? error.message) : `${error.message}\n${known}`;
}

/** Node's error code (ENOENT, EADDRINUSE…), where there is one. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
