// How long one has to wait after failed sign-ins. The wait grows and is capped, so that nobody can lock an
// account for good by failing on purpose.

/** Failures without a wait: for an account, and for an address, behind which many people may sit. */
export const freeFailures = { account: 5, address: 20 } as const;

export type AttemptSubject = keyof typeof freeFailures;

const firstDelayMs = 1_000;
const longestDelayMs = 60_000;

/** Failures are forgotten when none has followed for this long. */
export const forgetFailuresAfterMs = 3_600_000;

/** The wait after the nth failure: none at first, then 1, 2, 4 … 60 s. */
export function delayAfter(failures: number, subject: AttemptSubject): number {
  const beyond = failures - freeFailures[subject];
  return beyond < 0 ? 0 : Math.min(firstDelayMs * 2 ** beyond, longestDelayMs);
}

/** The waits after the first, second, … failure; the last one stands for all that follow. */
export function delays(subject: AttemptSubject): number[] {
  const table: number[] = [];
  for (let failures = 1; table.at(-1) !== longestDelayMs; failures += 1)
    table.push(delayAfter(failures, subject));
  return table;
}
