// How much was found of somebody or something lately. Pure: a function of the findings and the time.
import { type FindingStatus, type Severity, severities } from '../findings/rules.ts';
import { type Target, targetsOf } from '../responses/rules.ts';

export const weights: Readonly<Record<Severity, number>> = {
  INFORMATIONAL: 1,
  LOW: 5,
  MEDIUM: 20,
  HIGH: 50,
  CRITICAL: 100,
};

export interface Counted {
  readonly _id: string;
  readonly severity: Severity;
  readonly status: FindingStatus;
  readonly lastSeenAt: Date;
  readonly mergedIntoId?: string | null | undefined;
  readonly subjects: readonly { field: string; value: string }[];
}

export interface Risk extends Target {
  /** To one decimal. */
  readonly score: number;
  readonly halfLifeDays: number;
  readonly findingCount: number;
  readonly worstSeverity: Severity | null;
  readonly lastSeenAt: Date | null;
  /** Ids of those that add the most. */
  readonly findingIds: readonly string[];
}

export interface Decay {
  readonly now: Date;
  readonly halfLifeDays: number;
}

/** After so many half-lives even a critical finding adds less than a tenth. */
export const halfLivesCounted = 10;
const mostShown = 10;
const dayMs = 86_400_000;

/** What one finding adds. What lies in the future, by another's clock, counts as what is now. */
export function weightOf(
  { severity, status, lastSeenAt, mergedIntoId }: Counted,
  { now, halfLifeDays }: Decay,
): number {
  if (status === 'FALSE_POSITIVE' || typeof mergedIntoId === 'string') return 0;
  const halfLives = Math.max(0, now.getTime() - lastSeenAt.getTime()) / (halfLifeDays * dayMs);
  return halfLives > halfLivesCounted ? 0 : weights[severity] * 2 ** -halfLives;
}

/** Of everybody whom the findings are about, the riskiest first; equal ones by name, so that each call says the same. */
export function risksOf(findings: readonly Counted[], decay: Decay): Risk[] {
  const found = new Map<string, { target: Target; counted: { finding: Counted; weight: number }[] }>();
  for (const finding of findings) {
    const weight = weightOf(finding, decay);
    if (weight === 0) continue;
    for (const target of targetsOf(finding.subjects)) {
      const key = `${target.kind} ${target.value}`;
      const known = found.get(key) ?? { target, counted: [] };
      found.set(key, known);
      known.counted.push({ finding, weight });
    }
  }
  return [...found.values()]
    .map(({ target, counted }) => riskOf(target, counted, decay))
    .sort((one, other) => other.score - one.score || one.value.localeCompare(other.value));
}

function riskOf(
  target: Target,
  counted: readonly { finding: Counted; weight: number }[],
  { halfLifeDays }: Decay,
): Risk {
  const heaviest = [...counted].sort((one, other) => other.weight - one.weight);
  const levels = counted.map(({ finding }) => severities.indexOf(finding.severity));
  // Smallest first, so that the sum is the same in whichever order they came.
  const sum = heaviest.reduceRight((all, { weight }) => all + weight, 0);
  return {
    ...target,
    score: Math.round(sum * 10) / 10,
    halfLifeDays,
    findingCount: counted.length,
    worstSeverity: severities[Math.max(...levels)] ?? null,
    lastSeenAt: new Date(Math.max(...counted.map(({ finding }) => finding.lastSeenAt.getTime()))),
    findingIds: heaviest.slice(0, mostShown).map(({ finding }) => finding._id),
  };
}

export function noRisk(target: Target, { halfLifeDays }: Decay): Risk {
  return {
    ...{ ...target, score: 0, halfLifeDays, findingCount: 0 },
    ...{ worstSeverity: null, lastSeenAt: null, findingIds: [] },
  };
}
