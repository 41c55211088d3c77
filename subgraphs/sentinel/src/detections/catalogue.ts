// The rules of the tenant in scope: everybody's, as far as the tenant has not disabled them, and its own.
import type { Sentinel } from '../context.ts';
import { builtInRules } from './built-in/index.ts';
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

/** Ids of what everybody has and the tenant has disabled, detectors too. */
export async function disabledBuiltIns({ DetectionRule }: Models): Promise<ReadonlySet<string>> {
  const rows = await DetectionRule.find({ builtInId: { $type: 'string' }, isEnabled: false }).lean<
    DetectionRuleRow[]
  >();
  return new Set(rows.flatMap(({ builtInId }) => builtInId ?? []));
}

export async function ruleById(models: Models, id: string): Promise<Rule | null> {
  return (await rulesOfTenant(models)).find((rule) => rule.id === id) ?? null;
}

/** None for a row that only says something about a rule of everybody's. */
export function ownRule({ _id: id, sigma, version, isEnabled }: DetectionRuleRow): Rule[] {
  return typeof sigma === 'string' ? [{ id, sigma, version, isEnabled, isBuiltIn: false }] : [];
}
