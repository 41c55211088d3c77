// A Sigma text compiled: its rules as tests of events, its correlations as plans over what the rules match.
import { type CorrelationPlan, groupReader } from './correlation.ts';
import { detectionTest } from './detection.ts';
import {
  type CorrelationDocument,
  type DetectionDocument,
  type Level,
  type Operator,
  parseDocuments,
} from './documents.ts';
import { invalid } from './errors.ts';
import { fieldReader, type SigmaEvent, valuesOf } from './event.ts';
import { limits } from './limits.ts';
import type { CompileOptions, EventTest } from './line-test.ts';

interface Described {
  /** Its id, else its name, else its place in the text. */
  readonly key: string;
  readonly title: string;
  readonly description: string | null;
  readonly author: string | null;
  readonly level: Level | null;
  /** Such as attack.t1110. */
  readonly tags: readonly string[];
  /** Whether it stands for itself, and not only for a correlation that counts it. */
  readonly isOutput: boolean;
}

/** Which logs a rule is about; what it leaves out it takes all of. */
export interface LogSource {
  readonly category?: string | undefined;
  readonly product?: string | undefined;
  readonly service?: string | undefined;
}

export interface DetectionRule extends Described {
  readonly kind: 'detection';
  readonly logsource: LogSource;
  readonly matches: EventTest;
}

/** What a correlation counts: one of the rules of the same text, and how its events are read. */
export interface CorrelatedRule {
  readonly key: string;
  /** The values by which its events are grouped; null where one is missing. */
  readonly groupOf: (event: SigmaEvent) => readonly string[] | null;
}

export interface CorrelationRule extends Described, CorrelationPlan {
  readonly kind: 'correlation';
  readonly correlated: readonly CorrelatedRule[];
  readonly groupBy: readonly string[];
  /** What `value_count` counts; null for all others, and where a field is missing. */
  readonly valueOf: (event: SigmaEvent) => string | null;
}

export type SigmaRule = DetectionRule | CorrelationRule;

/**
 * Compiles a YAML text of one or several documents. Those that a correlation names come before it in the result.
 * @throws SigmaError where it is wrong, or asks for what is not evaluated here
 */
export function compileSigma(yaml: string, options: CompileOptions = {}): readonly SigmaRule[] {
  const entries = parseDocuments(yaml).map((each, index) => ({
    ...each,
    key: each.document.id ?? each.document.name ?? `rule-${index + 1}`,
  }));
  const keys = new Map<string, string>();
  for (const { key, document } of entries) {
    for (const name of new Set([key, ...(document.name === undefined ? [] : [document.name])])) {
      if (keys.has(name)) throw invalid('', `Two rules are called "${name}".`);
      keys.set(name, key);
    }
  }
  const counted = new Map<string, boolean>(); // whether a rule that is counted stands for itself too
  for (const { document } of entries) {
    if (!('correlation' in document)) continue;
    const generates = document.correlation.generate ?? document.generate ?? false;
    for (const name of document.correlation.rules) {
      const key = keys.get(name);
      if (key === undefined) throw invalid('correlation.rules', `there is no rule "${name}" in this text`);
      counted.set(key, generates || (counted.get(key) ?? false));
    }
  }
  const compiled = entries.map(({ document, key }): SigmaRule => {
    const described = describe(document, { key, isOutput: counted.get(key) ?? true });
    return 'correlation' in document
      ? correlationRule(document, described, keys)
      : detectionRule(document, described, options);
  });
  return dependenciesFirst(compiled);
}

export function coversLogSource({ logsource }: DetectionRule, given: LogSource): boolean {
  return (['category', 'product', 'service'] as const).every(
    (part) => logsource[part] === undefined || logsource[part] === given[part],
  );
}

function describe(
  { title, description, author, level, tags }: DetectionDocument | CorrelationDocument,
  { key, isOutput }: { key: string; isOutput: boolean },
): Described {
  return {
    ...{ key, title, isOutput, tags: tags ?? [] },
    ...{ description: description ?? null, author: author ?? null, level: level ?? null },
  };
}

function detectionRule(
  document: DetectionDocument,
  described: Described,
  options: CompileOptions,
): DetectionRule {
  const { category, product, service } = document.logsource;
  return {
    ...described,
    kind: 'detection',
    logsource: { category, product, service },
    matches: detectionTest(document.detection, options),
  };
}

function correlationRule(
  { correlation }: CorrelationDocument,
  described: Described,
  keys: ReadonlyMap<string, string>,
): CorrelationRule {
  const {
    type,
    rules,
    aliases = {},
    timespan: timespanMs,
    'group-by': groupBy,
    condition = {},
  } = correlation;
  if (new Set(rules).size < rules.length) throw invalid('correlation.rules', 'names a rule twice');
  const { field, ...criteria } = condition;
  const given = Object.entries(criteria).filter(([, limit]) => limit !== undefined) as [Operator, number][]; // their keys
  const isTemporal = type === 'temporal' || type === 'temporal_ordered';
  if (isTemporal && rules.length < 2) throw invalid('correlation.rules', `${type} takes two rules or more`);
  if (!isTemporal && given.length === 0) throw invalid('correlation.condition', `${type} takes a condition`);
  if (type === 'temporal_ordered' && given.length > 0) {
    throw invalid('correlation.condition', 'temporal_ordered takes all of its rules, and no condition');
  }
  if ((type === 'value_count') !== (field !== undefined)) {
    throw invalid('correlation.condition.field', 'belongs to value_count, which takes one');
  }
  return {
    ...described,
    kind: 'correlation',
    ...{ type, timespanMs, groupBy, rules: rules.length },
    condition: given.length === 0 ? [['gte', rules.length]] : given,
    correlated: rules.map((name) => {
      const fields = groupBy.map((each) => aliasOf(aliases, { field: each, rule: name }));
      return { key: keys.get(name) ?? name, groupOf: groupReader(fields) };
    }),
    valueOf: valueReader(field ?? []),
  };
}

function aliasOf(
  aliases: Readonly<Record<string, Readonly<Record<string, string>>>>,
  { field, rule }: { field: string; rule: string },
): string {
  if (!Object.hasOwn(aliases, field)) return field;
  const source = aliases[field]?.[rule];
  if (source === undefined)
    throw invalid(`correlation.aliases.${field}`, `says nothing about the rule "${rule}"`);
  return source;
}

function valueReader(fields: readonly string[]): (event: SigmaEvent) => string | null {
  if (fields.length === 0) return () => null;
  const readers = fields.map(fieldReader);
  return (event) => {
    const values = readers.map((read) => valuesOf(read(event))[0]);
    if (values.some((value) => value === undefined || value === null)) return null;
    return JSON.stringify(values.map(String));
  };
}

function dependenciesFirst(rules: readonly SigmaRule[]): SigmaRule[] {
  const byKey = new Map(rules.map((rule) => [rule.key, rule]));
  const ordered = new Set<SigmaRule>();
  const visit = (rule: SigmaRule, above: readonly string[]) => {
    if (above.includes(rule.key)) throw invalid('correlation.rules', `"${rule.title}" counts itself`);
    if (above.length > limits.chain)
      throw invalid('correlation.rules', `a chain is longer than ${limits.chain}`);
    if (ordered.has(rule)) return;
    const below = rule.kind === 'correlation' ? rule.correlated : [];
    for (const { key } of below) {
      const next = byKey.get(key);
      if (next !== undefined) visit(next, [...above, rule.key]);
    }
    ordered.add(rule);
  };
  for (const rule of rules) visit(rule, []);
  return [...ordered];
}
