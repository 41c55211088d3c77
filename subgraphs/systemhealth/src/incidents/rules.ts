// What may become of an incident. Pure.

export const incidentStatuses = ['INVESTIGATING', 'IDENTIFIED', 'MONITORING', 'RESOLVED'] as const;
export type IncidentStatus = (typeof incidentStatuses)[number];

export const incidentSeverities = ['CRITICAL', 'MAJOR', 'MINOR'] as const;
export type IncidentSeverity = (typeof incidentSeverities)[number];

export const incidentRoles = ['COMMANDER', 'COMMUNICATIONS', 'SCRIBE'] as const;
export type IncidentRole = (typeof incidentRoles)[number];

export const entryKinds = [
  'OPENED',
  'ALERT_FIRED',
  'ALERT_RESOLVED',
  'ACKNOWLEDGED',
  'UPDATE',
  'STATUS_CHANGED',
  'RESOLVED',
  'REOPENED',
  'ROLE_ASSIGNED',
  'CHANGED',
] as const;
export type EntryKind = (typeof entryKinds)[number];

/** What an update with a status is in the timeline. Any status may follow any other; leaving RESOLVED opens it again. */
export function kindOfUpdate(before: IncidentStatus, after: IncidentStatus | null): EntryKind {
  if (after === null || after === before) return 'UPDATE';
  if (after === 'RESOLVED') return 'RESOLVED';
  return before === 'RESOLVED' ? 'REOPENED' : 'STATUS_CHANGED';
}

/** How bad an incident is that an alert opens. */
export function severityOf(alertSeverity: 'CRITICAL' | 'WARNING' | 'INFO'): IncidentSeverity {
  return alertSeverity === 'CRITICAL' ? 'CRITICAL' : alertSeverity === 'WARNING' ? 'MAJOR' : 'MINOR';
}

export interface Moments {
  readonly startedAt: Date;
  readonly detectedAt: Date;
  readonly acknowledgedAt?: Date | null | undefined;
  readonly resolvedAt?: Date | null | undefined;
}

/** Milliseconds from its beginning until somebody knew of it, took care of it and ended it; null while that is to come. */
export function durationsOf({ startedAt, detectedAt, acknowledgedAt, resolvedAt }: Moments) {
  const since = (moment: Date | null | undefined) =>
    moment ? Math.max(0, moment.getTime() - startedAt.getTime()) : null;
  return { detectMs: since(detectedAt), acknowledgeMs: since(acknowledgedAt), resolveMs: since(resolvedAt) };
}
