// A place in the log of a live topic. Redis makes it: `<milliseconds>-<number>`, growing with each push.

/** The place before everything, for a topic that nobody has pushed to yet. */
export const beginning = '0-0';

const form = /^\d{1,15}-\d{1,15}$/;

/** Whether a text that somebody sent can be a place in a log. */
export function isCursor(value: unknown): value is string {
  return typeof value === 'string' && form.test(value);
}

/** Negative when `a` comes before `b`, 0 where they are the same place. */
export function compareCursors(a: string, b: string): number {
  if (a === b) return 0;
  const [aMs = 0, aNumber = 0] = a.split('-').map(Number);
  const [bMs = 0, bNumber = 0] = b.split('-').map(Number);
  return aMs - bMs || aNumber - bNumber;
}

/** Whether `a` comes after `b`. */
export function isAfter(a: string, b: string): boolean {
  return compareCursors(a, b) > 0;
}

/**
 * Whether something is missing between a place and an entry, which names the one before it. Where it names none, a
 * place that somebody has been at is proof that there was something.
 */
export function isHole(place: string, previous: string | null): boolean {
  return previous === null ? place !== beginning : isAfter(previous, place);
}
