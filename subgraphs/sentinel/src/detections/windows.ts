// Which windows of a group something new meets. Pure.
import { type CorrelationRule, inOrder, windowsOf } from '../sigma/index.ts';
import type { Happening } from './happening.ts';
import type { CountedOccurrence } from './occurrence-model.ts';

/**
 * How many events behind one window are passed on to a correlation of correlations, the latest: each of its windows is kept
 * with them.
 */
const mostPassedOn = 100;

export interface Counted {
  readonly part: CorrelationRule;
  /** The values by which the group is one. */
  readonly values: readonly string[];
  /** All that the group has within reach, the new included. */
  readonly occurrences: readonly CountedOccurrence[];
  /** The ids of what is new. */
  readonly isNew: ReadonlySet<string>;
}

/** The windows in which something new lies; of a part that stands for itself, those that overlap as one. */
export function metBy({ part, values, occurrences, isNew }: Counted): Happening[] {
  const ordered = inOrder(occurrences);
  const newBefore = counts(ordered, ({ id }) => isNew.has(id));
  const met = windowsOf(part, ordered).filter(
    ({ first, last }) => (newBefore[last + 1] ?? 0) > (newBefore[first] ?? 0),
  );
  if (met.length === 0) return [];
  const subjects = part.groupBy.map((field, index) => ({ field, value: values[index] ?? '' }));
  const fields = Object.fromEntries(subjects.map(({ field, value }) => [field, value]));
  const happening = (end: CountedOccurrence, evidence: Happening['evidence'], added = evidence) => ({
    ...{ id: `${part.key}:${end.id}`, at: end.at, fields, subjects, evidence, added, isEvent: false },
  });
  if (!part.isOutput) {
    return met.flatMap(({ first, last }) => {
      const end = ordered[last];
      return end === undefined ? [] : happening(end, latest(evidenceOf(ordered.slice(first, last + 1))));
    });
  }
  const known = knownBefore(part, ordered, isNew);
  return overlapping(met).flatMap(({ first, last }) => {
    const end = ordered[last];
    const within = ordered.slice(first, last + 1);
    if (end === undefined) return [];
    return happening(end, evidenceOf(within), evidenceOf(within.filter((each) => !known.has(each))));
  });
}

/** What was evidence before the new came: it lies in a window that was met without it. */
function knownBefore(
  part: CorrelationRule,
  ordered: readonly CountedOccurrence[],
  isNew: ReadonlySet<string>,
): ReadonlySet<CountedOccurrence> {
  const old = ordered.filter(({ id }) => !isNew.has(id));
  const known = new Set<CountedOccurrence>();
  for (const { first, last } of overlapping(windowsOf(part, old)))
    for (const each of old.slice(first, last + 1)) known.add(each);
  return known;
}

/** Windows come in the order of their ends, and so of their beginnings. */
function overlapping(windows: readonly { first: number; last: number }[]): { first: number; last: number }[] {
  const joined: { first: number; last: number }[] = [];
  for (const { first, last } of windows) {
    const before = joined.at(-1);
    if (before !== undefined && first <= before.last) before.last = last;
    else joined.push({ first, last });
  }
  return joined;
}

function evidenceOf(occurrences: readonly CountedOccurrence[]): Map<string, number> {
  const evidence = new Map<string, number>();
  for (const { id, at, evidence: behind } of occurrences) {
    if (behind === undefined) evidence.set(id, at);
    else for (const [event, when] of behind) evidence.set(event, when);
  }
  return evidence;
}

function latest(evidence: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  if (evidence.size <= mostPassedOn) return evidence;
  const ordered = [...evidence].sort(
    ([leftId, left], [rightId, right]) => right - left || (leftId < rightId ? -1 : 1),
  );
  return new Map(ordered.slice(0, mostPassedOn));
}

/** How many of the first so many, for each number. */
function counts<T>(list: readonly T[], isCounted: (each: T) => boolean): number[] {
  const sums = [0];
  for (const each of list) sums.push((sums.at(-1) ?? 0) + (isCounted(each) ? 1 : 0));
  return sums;
}
