// What keeps alerts quiet, as functions of data alone.

export interface Matcher {
  name: string;
  value: string;
  isEqual: boolean;
}

/** As people write it: `service=shop, check!=door`. */
export function formulaOf(matchers: readonly Matcher[]): string {
  return matchers.map(({ name, value, isEqual }) => `${name}${isEqual ? '=' : '!='}${value}`).join(', ');
}

/** What was written one a line, by the first sign in it; undefined where a line is none. */
export function matchersOf(lines: readonly string[]): Matcher[] | undefined {
  const found = lines.map((line) => /^([^=!]+)(!?=)(.*)$/.exec(line));
  if (found.length === 0 || found.includes(null)) return undefined;
  return found.map((match) => {
    const [, name = '', sign = '', value = ''] = match ?? [];
    return { name: name.trim(), value: value.trim(), isEqual: sign === '=' };
  });
}

export type Phase = 'coming' | 'now' | 'over';

/** Of something that holds from one instant to another. */
export function phaseOf({ startsAt, endsAt }: { startsAt: string; endsAt: string }, nowMs: number): Phase {
  if (nowMs < Date.parse(startsAt)) return 'coming';
  return nowMs < Date.parse(endsAt) ? 'now' : 'over';
}

const dayMs = 86_400_000;

export interface Window {
  startsAt: string;
  endsAt: string;
  repeatEveryDays: number | null;
  repeatsUntil: string | null;
}

/** Of a window that may repeat: over only once it repeats no more. */
export function phaseOfWindow(window: Window, nowMs: number): Phase {
  const { startsAt, endsAt, repeatEveryDays, repeatsUntil } = window;
  const first = phaseOf(window, nowMs);
  if (first !== 'over' || repeatEveryDays === null) return first;
  if (repeatsUntil !== null && nowMs >= Date.parse(repeatsUntil)) return 'over';
  const sinceBeginMs = (nowMs - Date.parse(startsAt)) % (repeatEveryDays * dayMs);
  return sinceBeginMs < Date.parse(endsAt) - Date.parse(startsAt) ? 'now' : 'coming';
}
