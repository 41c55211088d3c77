// Waiting for something, and no longer than that is worth. What is given up goes on unless it is told to end, and
// its late failure is of no interest to anybody.
import type { Abort } from './context.ts';
import { deadlineExceeded } from './errors.ts';

/** Waits until `work` has settled, well or badly, and `deadlineMs` at most. Never rejects: for ends that come anyway. */
export async function within(deadlineMs: number, work: Promise<unknown>): Promise<void> {
  const quiet = work.then(
    () => undefined,
    () => undefined,
  );
  await inTime(quiet, { deadlineMs, otherwise: () => undefined });
}

export interface InTimeOptions<Late> {
  deadlineMs: number;
  /** Gives what stands in for the result, or throws why there is none. The place to end the work, if it can be. */
  otherwise: () => Late;
}

/** The result of `work`; what `otherwise` gives or throws when that takes longer than `deadlineMs`. */
export async function inTime<T, Late = never>(
  work: Promise<T>,
  { deadlineMs, otherwise }: InTimeOptions<Late>,
): Promise<T | Late> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<Late>((resolve, reject) => {
    timer = setTimeout(() => {
      try {
        resolve(otherwise());
      } catch (error) {
        reject(error);
      }
    }, deadlineMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** The result of `work`, or the signal's reason as soon as it is aborted: for work that knows no signals. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/**
 * An operation's result, unless it takes longer than `deadlineMs`: then its signal is aborted.
 * @throws PlatformError DEADLINE_EXCEEDED
 */
export function answerInTime<T>(
  operation: Promise<T>,
  { deadlineMs, abort }: { deadlineMs: number; abort: Abort },
): Promise<T> {
  return inTime(operation, {
    deadlineMs,
    otherwise() {
      abort.abort();
      throw deadlineExceeded(`The operation took longer than ${deadlineMs} ms and was given up.`);
    },
  });
}
