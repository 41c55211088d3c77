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

/** Most sets of labels that hold for one operation: it is planned, and its answers are shared, for each by itself. */
const mostSets = 16;

/**
 * The labels that hold for one operation by its draw, or, without one, those that hold for most. There is one draw for
 * all of them, so that who is among the 5 percent is among the 50, too: n labels come to n + 1 sets, and not to 2ⁿ.
 */
export function heldLabels(
  labels: readonly string[],
  rules: OverrideRules,
): (draw: Draw | undefined) => readonly string[] {
  const shares = labels.map((label) => ({ label, percent: percentOf(label, rules) }));
  const between = shares.map(({ percent }) => percent).filter((percent) => percent > 0 && percent < 100);
  const steps = someOf([...new Set(between)].sort((a, b) => a - b));
  const ways = [...steps, 100].map((upTo, index) => ({
    upTo,
    percent: upTo - (steps[index - 1] ?? 0),
    held: shares.flatMap(({ label, percent }) => (percent >= upTo ? label : [])),
  }));
  const likeliest = ways.reduce((one, other) => (other.percent > one.percent ? other : one));
  return (drawn) => {
    const drawnWay = drawn === undefined ? undefined : ways.find(({ upTo }) => drawn < upTo);
    return (drawnWay ?? likeliest).held;
  };
}

/**
 * As many percentages as there may be. A label of another holds for as few as the next smaller one, and never for more
 * than it says; with the smallest among them each holds for some.
 */
function someOf(percentages: readonly number[]): readonly number[] {
  const group = (index: number) => Math.floor((index * (mostSets - 1)) / percentages.length);
  return percentages.filter((_, index) => group(index) !== group(index - 1));
}

function percentOf(label: string, rules: OverrideRules): number {
  const rule = (Object.hasOwn(rules, label) ? rules[label] : undefined) ?? percentIn(label);
  return typeof rule === 'number' ? rule : rule ? 100 : 0;
}

/** What `percent(…)` says; a label of another form holds only where it is told so. */
function percentIn(label: string): number {
  return Number(/^percent\(([\d.]+)\)$/.exec(label)?.[1] ?? 0);
}
