// Events that were just stored go through the tenant's rules, in the same transaction: what they are evidence of is known
// when they are, or they are not stored. Findings are a function of the events, not of the order in which they arrive, nor
// of which arrive together. Each step is one for all rules, so that what it costs doesn't grow with their number.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Sentinel } from '../context.ts';
import { type Found, recordFindings } from '../findings/recording.ts';
import { type Happened, logSourceOf, ocsfOf } from '../security-events/ocsf.ts';
import {
  type CorrelationRule,
  coversLogSource,
  type DetectionRule,
  type LogSource,
  type SigmaEvent,
  type SigmaRule,
} from '../sigma/index.ts';
import { inForce } from './catalogue.ts';
import { detectFurther } from './further.ts';
import { eventHappening, groupOf, type Happening } from './happening.ts';
import { countIn, type Touched } from './occurrences.ts';
import { type CompiledRule, compileRule, type Rule } from './rule.ts';
import type { Turn } from './turn.ts';
import { metBy } from './windows.ts';

/** A rule and what its parts were met by. */
interface Run {
  readonly rule: Rule;
  readonly compiled: CompiledRule;
  readonly happenings: Map<SigmaRule['key'], Happening[]>;
}

export async function detect(
  service: Sentinel,
  events: readonly Happened[],
  { emit, push, turn }: Pick<UnitOfWork, 'emit' | 'push'> & { turn: Turn },
): Promise<void> {
  const seen = bySource(events);
  const { rules, ...said } = await inForce(service.models);
  const runs = rules.map((rule): Run => {
    const compiled = compileRule(rule.sigma);
    const matched = compiled.parts
      .filter((part): part is DetectionRule => part.kind === 'detection')
      .map((part) => [part.key, matchedBy(part, seen)] as const);
    return { rule, compiled, happenings: new Map(matched) };
  });
  // What counts events comes before what counts that.
  for (const correlations of byDepth(runs)) {
    const touched = correlations.flatMap(({ run, part }) => touchedBy(run, part));
    if (touched.length === 0) continue;
    const occurrences = await countIn(service, touched, turn);
    for (const { run, part, group, values, added } of touched) {
      const isNew = new Set(added.map(({ happening }) => happening.id));
      const met = metBy({ part, values, isNew, occurrences: occurrences.get(group) ?? [] });
      run.happenings.set(part.key, [...(run.happenings.get(part.key) ?? []), ...met]);
    }
  }
  const founds = [
    ...runs.flatMap(foundBy),
    ...(await detectFurther(service, events, { push, turn, ...said })),
  ];
  await recordFindings(service, founds, { emit, push });
}

interface Seen {
  readonly logSource: LogSource;
  readonly events: { readonly id: string; readonly at: number; readonly fields: SigmaEvent }[];
}

/** Most rules look at one log source, and then at none of the events of others. */
function bySource(events: readonly Happened[]): readonly Seen[] {
  const sources = new Map<string, Seen>();
  for (const event of events) {
    const logSource = logSourceOf(event);
    const name = `${logSource.service} ${logSource.product}`;
    const seen = sources.get(name) ?? { logSource, events: [] };
    sources.set(name, seen);
    seen.events.push({ id: event._id, at: event.occurredAt.getTime(), fields: ocsfOf(event) });
  }
  return [...sources.values()];
}

function matchedBy(part: DetectionRule, seen: readonly Seen[]): Happening[] {
  return seen
    .filter(({ logSource }) => coversLogSource(part, logSource))
    .flatMap(({ events }) => events.filter(({ fields }) => part.matches(fields)))
    .map(eventHappening);
}

/** The correlations of all rules: first those of events, then those of the first, and so on. */
function byDepth(runs: readonly Run[]): { run: Run; part: CorrelationRule }[][] {
  const levels: { run: Run; part: CorrelationRule }[][] = [];
  for (const run of runs) {
    const depths = new Map<string, number>();
    for (const part of run.compiled.parts) {
      if (part.kind !== 'correlation') continue;
      const depth = Math.max(0, ...part.correlated.map(({ key }) => (depths.get(key) ?? -1) + 1));
      depths.set(part.key, depth);
      const level = levels[depth] ?? [];
      levels[depth] = level;
      level.push({ run, part });
    }
  }
  return levels;
}

/** What the new happenings add to a correlation, group by group. */
function touchedBy(run: Run, part: CorrelationRule): (Touched & { run: Run })[] {
  const groups = new Map<
    string,
    { values: readonly string[]; added: { happening: Happening; rule: number }[] }
  >();
  for (const [place, { key, groupOf: valuesOf }] of part.correlated.entries()) {
    for (const happening of run.happenings.get(key) ?? []) {
      const values = valuesOf(happening.fields);
      if (values === null) continue;
      const name = JSON.stringify(values);
      const group = groups.get(name) ?? { values, added: [] };
      groups.set(name, group);
      group.added.push({ happening, rule: place });
    }
  }
  return [...groups.values()].map(({ values, added }) => ({
    ...{ run, part, values, added },
    group: groupOf(run.rule, { part: part.key, values }),
  }));
}

function foundBy({ rule, compiled, happenings }: Run): Found[] {
  const { output, severity, techniques } = compiled;
  const described = { id: rule.id, version: rule.version, title: output.title, severity, techniques };
  return (happenings.get(output.key) ?? []).map(({ subjects, evidence, added }) => ({
    ...{ rule: described, subjects, evidence, added },
  }));
}
