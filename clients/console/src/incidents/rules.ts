// What the pages of incidents make of answers and changes, as functions of data alone.
import type { Tone } from '../design/Badge.tsx';
import type { IncidentOfListFragment, IncidentSeverity, IncidentStatus } from './incidents.generated.ts';

export const statuses = ['INVESTIGATING', 'IDENTIFIED', 'MONITORING', 'RESOLVED'] as const;
export const severities = ['CRITICAL', 'MAJOR', 'MINOR'] as const;
export const roles = ['COMMANDER', 'COMMUNICATIONS', 'SCRIBE'] as const;

export function toneOf({ status, severity }: { status: IncidentStatus; severity: IncidentSeverity }): Tone {
  if (status === 'RESOLVED') return 'good';
  return severity === 'CRITICAL' ? 'bad' : 'warn';
}

/** So many incidents are kept in the list. */
const mostIncidents = 200;

/** Each as it is by the latest change; open ones first, the newest of them at the top. */
export function withIncidents(
  known: readonly IncidentOfListFragment[],
  changes: readonly (IncidentOfListFragment | null)[],
): IncidentOfListFragment[] {
  const byId = new Map(known.map((incident) => [incident.id, incident]));
  for (const incident of changes) {
    if (incident && (byId.get(incident.id)?.sequence ?? 0) <= incident.sequence)
      byId.set(incident.id, incident);
  }
  const isOver = ({ resolvedAt }: IncidentOfListFragment) => Number(resolvedAt !== null);
  return [...byId.values()]
    .sort((a, b) => isOver(a) - isOver(b) || (a.startedAt > b.startedAt ? -1 : 1))
    .slice(0, mostIncidents);
}

/** A change that came late changes nothing. */
export function latestOf<Of extends { sequence: number }>(
  known: Of | null,
  changes: readonly (Of | null)[],
): Of | null {
  return changes.reduce(
    (latest, change) => (change && change.sequence >= (latest?.sequence ?? 0) ? change : latest),
    known,
  );
}

/** A name for a file that every system takes. */
export function fileNameOf(title: string): string {
  const plain = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
  return `postmortem-${plain || 'incident'}.md`;
}
