// What the pages of alerts make of answers and changes, as functions of data alone.
import type { Tone } from '../design/Badge.tsx';
import type { AlertOfListFragment, AlertSeverity, AlertState } from './alerts.generated.ts';

const gravity: Record<AlertSeverity, number> = { CRITICAL: 0, WARNING: 1, INFO: 2 };
/** What needs somebody comes first. */
const urgency: Record<AlertState, number> = { FIRING: 0, PENDING: 1, RESOLVED: 2, INACTIVE: 3 };

export function toneOf({ state, severity }: { state: AlertState; severity: AlertSeverity }): Tone {
  if (state !== 'FIRING') return state === 'RESOLVED' ? 'good' : 'neutral';
  return severity === 'CRITICAL' ? 'bad' : severity === 'WARNING' ? 'warn' : 'neutral';
}

/** So many alerts are kept in the list. */
export const mostAlerts = 200;

interface Change {
  alertId: string;
  alert: AlertOfListFragment | null;
}

/** Each as it is by the latest change; firing ones first, the worst of them at the top. One that is gone is left out. */
export function withAlerts(
  known: readonly AlertOfListFragment[],
  changes: readonly Change[],
): AlertOfListFragment[] {
  const byId = new Map(known.map((alert) => [alert.id, alert]));
  for (const { alertId, alert } of changes) {
    if (alert === null) byId.delete(alertId);
    else if ((byId.get(alertId)?.sequence ?? 0) <= alert.sequence) byId.set(alertId, alert);
  }
  return [...byId.values()]
    .sort(
      (a, b) =>
        urgency[a.state] - urgency[b.state] ||
        Number(a.acknowledgement !== null) - Number(b.acknowledgement !== null) ||
        gravity[a.severity] - gravity[b.severity] ||
        (a.startedAt > b.startedAt ? -1 : 1),
    )
    .slice(0, mostAlerts);
}

export const silenceHours = [1, 4, 24] as const;

/** What keeps exactly the alerts with these labels quiet for a while. */
export function silenceOf(
  {
    labels,
    hours,
    comment,
  }: { labels: readonly { name: string; value: string }[]; hours: number; comment: string },
  nowMs: number,
) {
  const matchers = labels.map(({ name, value }) => ({ name, value }));
  return { matchers, endsAt: new Date(nowMs + hours * 3_600_000).toISOString(), comment };
}
