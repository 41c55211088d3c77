// What the pages of findings make of answers and changes, as functions of data alone.
import type { Tone } from '../design/Badge.tsx';
import type { FindingOfListFragment, FindingSeverity, FindingStatus } from './findings.generated.ts';

/** What needs somebody most comes first. */
const gravity: Record<FindingSeverity, number> = {
  CRITICAL: 0,
  HIGH: 1,
  MEDIUM: 2,
  LOW: 3,
  INFORMATIONAL: 4,
};

export const severities = Object.keys(gravity) as readonly FindingSeverity[]; // as the record is typed

export function toneOf(severity: FindingSeverity): Tone {
  if (gravity[severity] <= 1) return 'bad';
  return severity === 'MEDIUM' ? 'warn' : 'neutral';
}

export const statuses: readonly FindingStatus[] = [
  ...(['NEW', 'TRIAGED', 'IN_PROGRESS', 'RESOLVED', 'FALSE_POSITIVE'] as const),
];

const closed: readonly FindingStatus[] = ['RESOLVED', 'FALSE_POSITIVE'];

export const isOpen = ({ status }: { status: FindingStatus }) => !closed.includes(status);

/** So many findings are kept in the list. */
export const mostFindings = 200;

/** Each as it is by the latest change, and those that wait before those that are over, the worst first. */
export function withFindings(
  known: readonly FindingOfListFragment[],
  changed: readonly FindingOfListFragment[],
): FindingOfListFragment[] {
  const byId = new Map(known.map((finding) => [finding.id, finding]));
  for (const finding of changed) {
    const before = byId.get(finding.id);
    if (before === undefined || before.changedAt <= finding.changedAt) byId.set(finding.id, finding);
  }
  return [...byId.values()]
    .sort(
      (a, b) =>
        Number(isOpen(b)) - Number(isOpen(a)) ||
        gravity[a.severity] - gravity[b.severity] ||
        (a.changedAt > b.changedAt ? -1 : 1),
    )
    .slice(0, mostFindings);
}

/** Where somebody may take a finding from where it is. */
export const nextStatuses: Record<FindingStatus, readonly FindingStatus[]> = {
  NEW: ['TRIAGED', 'IN_PROGRESS', 'RESOLVED', 'FALSE_POSITIVE'],
  TRIAGED: ['IN_PROGRESS', 'RESOLVED', 'FALSE_POSITIVE'],
  IN_PROGRESS: ['TRIAGED', 'RESOLVED', 'FALSE_POSITIVE'],
  RESOLVED: ['NEW'],
  FALSE_POSITIVE: ['NEW'],
};

/** MITRE's page of a technique: T1110.003 is under T1110/003. */
export const techniqueUrl = (technique: string) =>
  `https://attack.mitre.org/techniques/${technique.replace('.', '/')}/`;
