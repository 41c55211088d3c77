// The rules of the tenant in scope: everybody's, as far as the tenant has not disabled them, and its own.
import { LRUCache } from 'lru-cache';
import type { Sentinel } from '../context.ts';
import { builtInRules } from './built-in/index.ts';
import type { Tuned } from './parameters.ts';
import type { Rule } from './rule.ts';
import type { DetectionRuleRow } from './rule-model.ts';

type Models = Pick<Sentinel['models'], 'DetectionRule'>;

/** Most rules of its own that a tenant may have. */
export const mostOwnRules = 50;

export async function rulesOfTenant({ DetectionRule }: Models): Promise<Rule[]> {
  const rows = await DetectionRule.find().sort({ _id: 1 }).lean<DetectionRuleRow[]>();
  const said = new Map(rows.flatMap((row) => (row.builtInId ? [[row.builtInId, row] as const] : [])));
  const everybodys = builtInRules.map(
    ({ id, sigma, version }): Rule => ({
      ...{ id, sigma, version, isBuiltIn: true },
      isEnabled: said.get(id)?.isEnabled ?? true,
    }),
  );
  return [...everybodys, ...rows.flatMap(ownRule)];
}

export interface InForce {
  rules: readonly Rule[];
  /** Ids of what everybody has and the tenant has disabled, detectors too. */
  disabled: ReadonlySet<string>;
  tuned: ReadonlyMap<string, Tuning>;
}

/** What a tenant says of a detector's parameters. */
export interface Tuning {
  readonly values: Tuned;
  /** How often it has said something else: a detector's version goes up by each. */
  readonly tunings: number;
}

/** What is in force, read once a batch of events: texts of rules are read when they are new alone. */
export async function inForce({ DetectionRule }: Models): Promise<InForce> {
  const rows = await DetectionRule.find({}, { examples: 0, sigma: 0 })
    .sort({ _id: 1 })
    .lean<Omit<DetectionRuleRow, 'sigma' | 'examples'>[]>();
  const own = rows.filter(({ builtInId, isEnabled }) => !builtInId && isEnabled);
  const unread = own.filter((row) => !texts.has(versionOf(row))).map(({ _id }) => _id);
  if (unread.length > 0) {
    const read = await DetectionRule.find({ _id: { $in: unread } }, { examples: 0 }).lean<
      DetectionRuleRow[]
    >();
    for (const row of read) if (typeof row.sigma === 'string') texts.set(versionOf(row), row.sigma);
  }
  const disabled = new Set(rows.flatMap(({ builtInId, isEnabled }) => (isEnabled ? [] : (builtInId ?? []))));
  const everybodys = builtInRules
    .filter(({ id }) => !disabled.has(id))
    .map(({ id, sigma, version }): Rule => ({ id, sigma, version, isBuiltIn: true, isEnabled: true }));
  const owned = own.flatMap((row) => ownRule({ ...row, sigma: texts.get(versionOf(row)) ?? null }));
  return { rules: [...everybodys, ...owned], disabled, tuned: tunedIn(rows) };
}

/** What the tenant says of everybody's: which are disabled, and how detectors are tuned. */
export async function saidOfBuiltIns({
  DetectionRule,
}: Models): Promise<Pick<InForce, 'disabled' | 'tuned'>> {
  const rows = await DetectionRule.find({ builtInId: { $type: 'string' } }).lean<DetectionRuleRow[]>();
  const disabled = rows.flatMap(({ builtInId, isEnabled }) => (isEnabled ? [] : (builtInId ?? [])));
  return { disabled: new Set(disabled), tuned: tunedIn(rows) };
}

function tunedIn(
  rows: readonly Pick<DetectionRuleRow, 'builtInId' | 'parameters' | 'tunings'>[],
): ReadonlyMap<string, Tuning> {
  return new Map(
    rows.flatMap(({ builtInId, parameters, tunings }) =>
      builtInId ? [[builtInId, { values: parameters ?? {}, tunings: tunings ?? 0 }] as const] : [],
    ),
  );
}

/** A version's text doesn't change. */
const texts = new LRUCache<string, string>({
  maxSize: 32 * 1_024 * 1_024,
  sizeCalculation: (sigma) => sigma.length,
});

function versionOf({ _id, version }: Pick<DetectionRuleRow, '_id' | 'version'>): string {
  return `${_id}@${version}`;
}

export async function ruleById(models: Models, id: string): Promise<Rule | null> {
  return (await rulesOfTenant(models)).find((rule) => rule.id === id) ?? null;
}

/** None for a row that only says something about a rule of everybody's. */
export function ownRule({
  _id: id,
  sigma,
  version,
  isEnabled,
}: Pick<DetectionRuleRow, '_id' | 'version' | 'isEnabled'> & { sigma?: string | null }): Rule[] {
  return typeof sigma === 'string' ? [{ id, sigma, version, isEnabled, isBuiltIn: false }] : [];
}
