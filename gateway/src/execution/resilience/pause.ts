import type { Interruption } from './interruption.ts';

/** @throws the interruption's reason, as soon as there is one. */
export function pauseUnlessInterrupted(milliseconds: number, work: Interruption): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      work.onInterrupt = undefined;
      resolve();
    }, milliseconds);
    work.onInterrupt = (reason) => {
      clearTimeout(timer);
      reject(reason);
    };
  });
}
