// When fields that move to another subgraph step by step are asked of that one.
import { z } from 'zod';

/** Label → whether it holds, or for how many percent of all operations. Goes before what a label says of itself. */
export const overrideRulesShape = z.record(z.string(), z.union([z.boolean(), z.number().min(0).max(100)]));

export type OverrideRules = Readonly<z.infer<typeof overrideRulesShape>>;

/** At random for one operation; what is decided by it is decided alike whenever the same operation is looked at again. */
export type Draw = number;

export function draw(): Draw {
  return Math.random() * 100;
}

/**
 * The labels that hold for one operation. There is one draw for all of them, so that who is among the 5 percent is among
 * the 50, too: n labels come to n + 1 plans, and not to 2ⁿ.
 */
export function heldLabels(
  labels: readonly string[],
  { rules, draw: drawn }: { rules: OverrideRules; draw: Draw },
): readonly string[] {
  return labels.filter((label) => {
    const rule = (Object.hasOwn(rules, label) ? rules[label] : undefined) ?? percentIn(label);
    return typeof rule === 'number' ? drawn < rule : rule;
  });
}

/** What `percent(…)` says; a label of another form holds only where it is told so. */
function percentIn(label: string): number {
  return Number(/^percent\(([\d.]+)\)$/.exec(label)?.[1] ?? 0);
}
