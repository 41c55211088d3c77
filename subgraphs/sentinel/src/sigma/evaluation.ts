// All rules of a text over a set of events at once: for tests of rules, and to look back over history.
import { inOrder, type Occurrence, windowsOf } from './correlation.ts';
import type { SigmaEvent } from './event.ts';
import { type CorrelationRule, coversLogSource, type LogSource, type SigmaRule } from './rules.ts';

export interface LoggedEvent {
  readonly id: string;
  /** In milliseconds. */
  readonly at: number;
  readonly fields: SigmaEvent;
  /** Default: of every log source. */
  readonly logsource?: LogSource;
}

/** A rule that was met, when, and by which events. */
export interface Hit {
  readonly rule: SigmaRule;
  readonly at: number;
  /** The values of a correlation's group-by; none for a single event. */
  readonly group: readonly string[];
  /** The ids of the events, oldest first. */
  readonly evidence: readonly string[];
}

interface Happening {
  readonly id: string;
  readonly at: number;
  readonly fields: SigmaEvent;
  readonly evidence: readonly string[];
  readonly group: readonly string[];
}

/** What the rules that stand for themselves are met by. The same events in any order give the same hits. */
export function evaluate(rules: readonly SigmaRule[], events: readonly LoggedEvent[]): Hit[] {
  const happenings = new Map<string, readonly Happening[]>();
  for (const rule of rules) {
    happenings.set(
      rule.key,
      rule.kind === 'detection' ? matched(rule, events) : correlated(rule, happenings),
    );
  }
  return rules
    .filter(({ isOutput }) => isOutput)
    .flatMap((rule) =>
      (happenings.get(rule.key) ?? []).map(({ at, group, evidence }) => ({ rule, at, group, evidence })),
    );
}

function matched(rule: SigmaRule & { kind: 'detection' }, events: readonly LoggedEvent[]): Happening[] {
  return events
    .filter(
      ({ logsource, fields }) => (!logsource || coversLogSource(rule, logsource)) && rule.matches(fields),
    )
    .map(({ id, at, fields }) => ({ id, at, fields, evidence: [id], group: [] }));
}

function correlated(
  rule: CorrelationRule,
  happenings: ReadonlyMap<string, readonly Happening[]>,
): Happening[] {
  const groups = new Map<string, { group: readonly string[]; members: (Occurrence & Happening)[] }>();
  for (const [place, { key, groupOf }] of rule.correlated.entries()) {
    for (const happening of happenings.get(key) ?? []) {
      const group = groupOf(happening.fields);
      if (group === null) continue;
      const name = JSON.stringify(group);
      const known = groups.get(name) ?? { group, members: [] };
      groups.set(name, known);
      known.members.push({ ...happening, rule: place, value: rule.valueOf(happening.fields) });
    }
  }
  return [...groups.values()].flatMap(({ group, members }) => {
    const ordered = inOrder(members);
    return windowsOf(rule, ordered).map(({ first, last }): Happening => {
      const within = ordered.slice(first, last + 1);
      const { id = '', at = 0 } = ordered[last] ?? {};
      return {
        ...{ id: `${rule.key}:${id}`, at, group },
        fields: Object.fromEntries(rule.groupBy.map((field, index) => [field, group[index]])),
        evidence: [...new Set(within.flatMap(({ evidence }) => evidence))],
      };
    });
  });
}
