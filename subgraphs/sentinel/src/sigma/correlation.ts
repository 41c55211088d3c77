// Correlations as pure functions over what happened: which windows of time meet the condition, whatever the order in
// which the occurrences became known.
import { relations } from './comparisons.ts';
import type { CorrelationType, Operator } from './documents.ts';
import { fieldReader, type SigmaEvent, valuesOf } from './event.ts';

/** Something that a correlation counts: an event that a rule matched, or that another correlation was met. */
export interface Occurrence {
  /** Which of the correlation's rules, by its place in their list. */
  readonly rule: number;
  readonly id: string;
  /** In milliseconds. */
  readonly at: number;
  /** What `value_count` counts; null where the event has no such field. */
  readonly value: string | null;
}

/** Occurrences that together meet a correlation: those from `first` to `last` of the ordered list. */
export interface Window {
  readonly first: number;
  readonly last: number;
}

export interface CorrelationPlan {
  readonly type: CorrelationType;
  /** How many rules are correlated. */
  readonly rules: number;
  readonly timespanMs: number;
  /** All have to hold of the count. */
  readonly condition: ReadonlyArray<readonly [Operator, number]>;
}

/** Whether more occurrences never unmeet it, so that it can be told as soon as it is met, in any order of arrival. */
export function isMonotone({ type, condition }: CorrelationPlan): boolean {
  return (
    type === 'temporal_ordered' || condition.every(([operator]) => operator === 'gt' || operator === 'gte')
  );
}

/** Oldest first; what happened at once in the order of the rules, so that it counts as in order. */
export function inOrder<T extends Occurrence>(occurrences: readonly T[]): T[] {
  return [...occurrences].sort(
    (left, right) =>
      left.at - right.at || left.rule - right.rule || (left.id < right.id ? -1 : Number(left.id > right.id)),
  );
}

/**
 * The windows that meet the correlation, each as long as the timespan at most and ending with an occurrence: windows
 * slide, because fixed boundaries would miss what lies across one.
 * @param occurrences of one group, in order
 */
export function windowsOf(plan: CorrelationPlan, occurrences: readonly Occurrence[]): Window[] {
  return plan.type === 'temporal_ordered'
    ? orderedWindows(plan, occurrences)
    : countedWindows(plan, occurrences);
}

function countedWindows(plan: CorrelationPlan, occurrences: readonly Occurrence[]): Window[] {
  const windows: Window[] = [];
  const counts = new Map<string | number, number>();
  // An event that several of the rules matched is one event.
  const keyOf = {
    event_count: 'id',
    value_count: 'value',
    temporal: 'rule',
    temporal_ordered: 'rule',
  } as const;
  const add = (occurrence: Occurrence, change: 1 | -1) => {
    const key = occurrence[keyOf[plan.type]];
    if (key === null) return;
    const count = (counts.get(key) ?? 0) + change;
    if (count === 0) counts.delete(key);
    else counts.set(key, count);
  };
  let first = 0;
  for (const [last, occurrence] of occurrences.entries()) {
    add(occurrence, 1);
    for (let oldest = occurrences[first]; oldest !== undefined; oldest = occurrences[first]) {
      if (occurrence.at - oldest.at <= plan.timespanMs) break;
      add(oldest, -1);
      first += 1;
    }
    // What happened at the same instant belongs to the same window.
    if (occurrences[last + 1]?.at === occurrence.at) continue;
    const isMet = plan.condition.every(([operator, limit]) => relations[operator](counts.size, limit));
    if (isMet) windows.push({ first, last });
  }
  return windows;
}

/** For each rule, the latest beginning of a chain that has come as far: the latest leaves the shortest window. */
function orderedWindows(
  { rules, timespanMs }: CorrelationPlan,
  occurrences: readonly Occurrence[],
): Window[] {
  const windows: Window[] = [];
  const begins: (number | undefined)[] = [];
  for (const [last, { rule, at }] of occurrences.entries()) {
    begins[rule] = rule === 0 ? last : begins[rule - 1];
    if (rule !== rules - 1) continue;
    const first = begins[rule];
    const begin = first === undefined ? undefined : occurrences[first];
    if (first === undefined || begin === undefined || at - begin.at > timespanMs) continue;
    windows.push({ first, last });
  }
  return windows;
}

/** Reads what occurrences are grouped by: null where a field is missing, so that the event takes no part. */
export function groupReader(fields: readonly string[]): (event: SigmaEvent) => readonly string[] | null {
  const readers = fields.map(fieldReader);
  return (event) => {
    const values = readers.map((read) => valuesOf(read(event)));
    if (values.some(([first]) => first === undefined || first === null)) return null;
    return values.map((each) => each.map(String).join(','));
  };
}
