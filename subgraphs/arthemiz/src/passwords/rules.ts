// How long one has to wait after failed sign-ins. The wait grows and is capped, so that nobody can lock an
// account for good by failing on purpose.
import { isIPv6 } from 'node:net';

/** Attempts before the first wait: of an account, and of an address, behind which many people may sit. */
const freeAttempts = { account: 5, address: 20 } as const;

export type AttemptSubject = keyof typeof freeAttempts;

const firstDelayMs = 1_000;
const longestDelayMs = 60_000;

/** Failures are forgotten when none has followed for this long. */
export const forgetFailuresAfterMs = 3_600_000;

/** The wait after the nth failure: none at first, then 1, 2, 4 … 60 s. */
export function delayAfter(failures: number, subject: AttemptSubject): number {
  const beyond = failures - freeAttempts[subject];
  return beyond < 0 ? 0 : Math.min(firstDelayMs * 2 ** beyond, longestDelayMs);
}

/** The waits after the first, second, … failure; the last one stands for all that follow. */
export function delays(subject: AttemptSubject): number[] {
  const table: number[] = [];
  for (let failures = 1; table.at(-1) !== longestDelayMs; failures += 1)
    table.push(delayAfter(failures, subject));
  return table;
}

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
