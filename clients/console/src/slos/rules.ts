// What the pages of objectives make of answers and changes, as functions of data alone.
import type { Tone } from '../design/Badge.tsx';
import type { SloOfListFragment } from './slos.generated.ts';

interface Measured {
  budget: { measuredAt: string } | null;
}

/** The tone of what is left of a budget; nothing known is neither good nor bad. */
export function toneOfBudget(remaining: number | null): Tone {
  if (remaining === null) return 'neutral';
  if (remaining <= 0) return 'bad';
  return remaining < 0.25 ? 'warn' : 'good';
}

export function isNewer(one: Measured | null, other: Measured | null): boolean {
  return (one?.budget?.measuredAt ?? '') >= (other?.budget?.measuredAt ?? '');
}

/** Each as it was measured last, in the order of their making. */
export function withSlos(
  known: ReadonlyMap<string, SloOfListFragment>,
  changes: readonly (SloOfListFragment | null)[],
): ReadonlyMap<string, SloOfListFragment> {
  const after = new Map(known);
  for (const slo of changes) if (slo && isNewer(slo, after.get(slo.id) ?? null)) after.set(slo.id, slo);
  return after;
}

export interface Bar {
  day: string;
  /** The share of the whole period's budget that the day used up; 0 where nothing was bad. */
  used: number;
  ratio: number;
}

/** How much each day used of a budget that `total` runs or slices give. */
export function barsOf(
  days: readonly { day: string; good: number; total: number }[],
  { target, total }: { target: number; total: number },
): Bar[] {
  const budget = total * (1 - target);
  return days
    .filter((day) => day.total > 0)
    .map(({ day, good, total: all }) => ({
      day,
      used: budget === 0 ? 0 : (all - good) / budget,
      ratio: good / all,
    }));
}

/** 0.9995 as 99.95 %: as many digits as it has, five at most, and never rounded up to 100. */
export function percent(ratio: number, digits = 3): string {
  const rounded = Math.floor(ratio * 100 * 10 ** digits + 1e-6) / 10 ** digits;
  return `${rounded} %`;
}

export const exampleDocument = (service: string) => `apiVersion: openslo/v1
kind: SLO
metadata:
  name: availability
  displayName: Availability
spec:
  service: ${JSON.stringify(service)}
  indicator:
    spec:
      ratioMetric:
        good: { metricSource: { type: SystemHealth, spec: { measure: successes } } }
        total: { metricSource: { type: SystemHealth, spec: { measure: runs } } }
  timeWindow:
    - duration: 28d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - target: 0.999
`;
