// All that looks for something in a tenant's events, as it is shown: Sigma rules, and detectors of what Sigma can't say.
import type { Sentinel } from '../context.ts';
import { type InForce, ruleById, rulesOfTenant, saidOfBuiltIns } from './catalogue.ts';
import { type ShownDetector, shownDetectors } from './further.ts';
import { textOf, type Values, valuesOf } from './parameters.ts';
import type { Rule } from './rule.ts';

type Models = Pick<Sentinel['models'], 'DetectionRule'>;

export interface ShownRule extends Rule {
  /** What it is where it is no Sigma rule; `sigma` has its parameters then. */
  readonly detector?: ShownDetector;
  /** What a detector's parameters are in the tenant. */
  readonly values?: Values<ShownDetector['parameters']>;
}

export async function shownRules(models: Models): Promise<ShownRule[]> {
  const said = await saidOfBuiltIns(models);
  const rules = await rulesOfTenant(models);
  const isOwn = rules.findIndex(({ isBuiltIn }) => !isBuiltIn);
  const place = isOwn === -1 ? rules.length : isOwn;
  return [
    ...rules.slice(0, place),
    ...shownDetectors.map((each) => shown(each, said)),
    ...rules.slice(place),
  ];
}

export async function shownRuleById(models: Models, id: string): Promise<ShownRule | null> {
  const detector = shownDetectors.find((each) => each.id === id);
  return detector ? shown(detector, await saidOfBuiltIns(models)) : ruleById(models, id);
}

function shown(detector: ShownDetector, { disabled, tuned }: Pick<InForce, 'disabled' | 'tuned'>): ShownRule {
  const { id, version, parameters } = detector;
  const { values: said, tunings = 0 } = tuned.get(id) ?? {};
  const values = valuesOf(parameters, said);
  return {
    ...{ id, version: version + tunings, sigma: textOf(values), isBuiltIn: true },
    ...{ isEnabled: !disabled.has(id), detector, values },
  };
}
