// All that looks for something in a tenant's events, as it is shown: Sigma rules, and detectors of what Sigma can't say.
import type { Sentinel } from '../context.ts';
import { disabledBuiltIns, ruleById, rulesOfTenant } from './catalogue.ts';
import { type ShownDetector, shownDetectors } from './further.ts';
import type { Rule } from './rule.ts';

type Models = Pick<Sentinel['models'], 'DetectionRule'>;

export interface ShownRule extends Rule {
  /** What it is where it is no Sigma rule; `sigma` has its parameters then. */
  readonly detector?: ShownDetector;
}

export async function shownRules(models: Models): Promise<ShownRule[]> {
  const disabled = await disabledBuiltIns(models);
  const rules = await rulesOfTenant(models);
  const isOwn = rules.findIndex(({ isBuiltIn }) => !isBuiltIn);
  const place = isOwn === -1 ? rules.length : isOwn;
  return [
    ...rules.slice(0, place),
    ...shownDetectors.map((each) => shown(each, disabled)),
    ...rules.slice(place),
  ];
}

export async function shownRuleById(models: Models, id: string): Promise<ShownRule | null> {
  const detector = shownDetectors.find((each) => each.id === id);
  return detector ? shown(detector, await disabledBuiltIns(models)) : ruleById(models, id);
}

function shown(detector: ShownDetector, disabled: ReadonlySet<string>): ShownRule {
  const { id, version, parameters } = detector;
  const sigma = Object.entries(parameters).map(([name, { value }]) => `${name}: ${value}\n`);
  return { id, version, sigma: sigma.join(''), isBuiltIn: true, isEnabled: !disabled.has(id), detector };
}
