// What may become of a finding, and which stretches of time belong to one. Pure.

export const severities = ['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;
export type Severity = (typeof severities)[number];

export const findingStatuses = ['NEW', 'TRIAGED', 'IN_PROGRESS', 'RESOLVED', 'FALSE_POSITIVE'] as const;
export type FindingStatus = (typeof findingStatuses)[number];

const next: Readonly<Record<FindingStatus, readonly FindingStatus[]>> = {
  NEW: ['TRIAGED', 'IN_PROGRESS', 'RESOLVED', 'FALSE_POSITIVE'],
  TRIAGED: ['IN_PROGRESS', 'RESOLVED', 'FALSE_POSITIVE'],
  IN_PROGRESS: ['TRIAGED', 'RESOLVED', 'FALSE_POSITIVE'],
  RESOLVED: ['NEW'],
  FALSE_POSITIVE: ['NEW'],
};

/** Whether somebody may take a finding from one status to another. */
export function mayBecome(status: FindingStatus, wanted: FindingStatus): boolean {
  return next[status].includes(wanted);
}

export interface Standing {
  readonly status: FindingStatus;
  readonly statusSince: Date;
}

/**
 * The status once more evidence is known: what happened after it was resolved opens it again. What had happened before
 * and only came late changes nothing, and a false positive stays one.
 */
export function withEvidence({ status, statusSince }: Standing, lastSeenAt: Date): FindingStatus {
  return status === 'RESOLVED' && lastSeenAt > statusSince ? 'NEW' : status;
}

/** What lies closer together than this is one finding. */
export const togetherWithinMs = 60 * 60 * 1_000;

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Whether two stretches of time belong to one finding, so that the order in which they become known doesn't matter. */
export function belongTogether(one: Stretch, other: Stretch): boolean {
  return one.from <= other.to + togetherWithinMs && other.from <= one.to + togetherWithinMs;
}

/** Pieces of evidence, joined as far as they belong to one finding; the oldest first. */
export function inOneFinding(pieces: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number>[] {
  const stretched = pieces
    .filter(({ size }) => size > 0)
    .map((evidence) => ({ evidence, ...stretchOf(evidence.values()) }))
    .sort((one, other) => one.from - other.from);
  const joined: (Stretch & { evidence: Map<string, number> })[] = [];
  for (const { evidence, from, to } of stretched) {
    const last = joined.at(-1);
    if (last === undefined || !belongTogether(last, { from, to })) {
      joined.push({ from, to, evidence: new Map(evidence) });
      continue;
    }
    joined[joined.length - 1] = {
      ...{ from: last.from, to: Math.max(last.to, to) },
      evidence: new Map([...last.evidence, ...evidence]),
    };
  }
  return joined.map(({ evidence }) => evidence);
}

/** From the first of some instants to the last of them. */
export function stretchOf(instants: Iterable<number>): Stretch {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const at of instants) {
    from = Math.min(from, at);
    to = Math.max(to, at);
  }
  return { from, to };
}
