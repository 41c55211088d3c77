import type { Abort } from './context.ts';
import { deadlineExceeded } from './errors.ts';

/**
 * The operation's result, unless it takes longer than `deadlineMs`: then its signal is aborted.
 * @throws PlatformError DEADLINE_EXCEEDED
 */
export async function withDeadline<T>(
  work: Promise<T>,
  { deadlineMs, abort }: { deadlineMs: number; abort: Abort },
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      abort.abort();
      reject(deadlineExceeded(`The operation took longer than ${deadlineMs} ms and was given up.`));
    }, deadlineMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
