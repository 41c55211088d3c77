// How long one has to wait after failed sign-ins. The wait grows and is capped, so that nobody can lock an
// account for good by failing on purpose.
import { isIPv6 } from 'node:net';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

interface Patience {
  /** Attempts before the first wait. */
  free: number;
  longestDelayMs: number;
  /** Failures are forgotten when none has followed for this long. */
  forgetAfterMs: number;
  /** From so many failures in a row on, no attempt counts until they are forgotten. */
  limit?: number;
}

/**
 * Of an account; of an address, behind which many people may sit; and of the codes of somebody's authenticator app, at
 * which only guesses who knows their password. Three of a million codes are right at a time, so no more than a hundred
 * may be tried in a row (NIST SP 800-63B, 5.2.2), and these are spread over days, in which the person is told.
 */
const patience = {
  account: { free: 5, longestDelayMs: minuteMs, forgetAfterMs: hourMs },
  address: { free: 20, longestDelayMs: minuteMs, forgetAfterMs: hourMs },
  'app-code': { free: 5, longestDelayMs: hourMs, forgetAfterMs: 30 * dayMs, limit: 100 },
} as const satisfies Record<string, Patience>;

export type AttemptSubject = keyof typeof patience;

const firstDelayMs = 1_000;

export const forgetFailuresAfterMs = (subject: AttemptSubject): number => patience[subject].forgetAfterMs;

/** The wait after the nth failure: none at first, then 1, 2, 4 … s, up to the longest; at the limit, until all is forgotten. */
export function delayAfter(failures: number, subject: AttemptSubject): number {
  const {
    free,
    longestDelayMs,
    forgetAfterMs,
    limit = Number.POSITIVE_INFINITY,
  }: Patience = patience[subject];
  if (failures >= limit) return forgetAfterMs;
  const beyond = failures - free;
  return beyond < 0 ? 0 : Math.min(firstDelayMs * 2 ** beyond, longestDelayMs);
}

/** The waits after the first, second, … failure; the last one stands for all that follow. */
export function delays(subject: AttemptSubject): number[] {
  const { longestDelayMs, forgetAfterMs, limit }: Patience = patience[subject];
  const last = limit === undefined ? longestDelayMs : forgetAfterMs;
  const table: number[] = [];
  for (let failures = 1; table.at(-1) !== last; failures += 1) table.push(delayAfter(failures, subject));
  return table;
}

/** After how many wrong codes in a row their person is told: once that somebody guesses, once that codes work no more. */
export const noticeAfterFailures: readonly number[] = [10, patience['app-code'].limit];

/** Whether a wait is the one after the last code that may be tried, and not one that somebody sits out. */
export const isLocked = (waitMs: number): boolean => waitMs > patience['app-code'].longestDelayMs;

/**
 * What counts as one address. A household or a rented server is given 2^64 addresses of IPv6 and can use a new one
 * for each guess, so the network that they share counts.
 */
export function countedAddress(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').toLowerCase().split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}

function groupsOf(part: string): string[] {
  // The last 32 bits may be written as IPv4; their value lies outside of the network.
  return part === '' ? [] : part.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]));
}
