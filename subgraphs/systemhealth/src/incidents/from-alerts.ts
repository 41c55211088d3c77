// Incidents that alerts open: one for each group in which alerts are told together. In the evaluation's transaction, which
// one copy at a time is in, so that a group has one open incident.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { AlertRuleRow } from '../alert-rules/model.ts';
import type { AlertBook, AlertDraft } from '../alerts/book.ts';
import type { SystemHealth } from '../context.ts';
import type { Policies } from '../notifications/policies.ts';
import { groupKeyOf } from '../notifications/rules.ts';
import type { IncidentRow } from './model.ts';
import { severityOf } from './rules.ts';
import { type NewEntry, openIncident, writeIncident } from './writing.ts';

interface Evaluated {
  readonly book: AlertBook;
  readonly ruleOf: ReadonlyMap<string, AlertRuleRow>;
  readonly policies: Policies;
  readonly unit: UnitOfWork;
  readonly now: number;
}

export async function openIncidents(service: SystemHealth, evaluated: Evaluated): Promise<void> {
  const { book, ruleOf } = evaluated;
  for (const { alert, kind } of book.happened) {
    const rule = ruleOf.get(alert.ruleId);
    // What is kept quiet opens none before it is told.
    const isTold = (kind === 'FIRED' || kind === 'UNSUPPRESSED') && !alert.suppression;
    if (rule?.opensIncident && isTold && alert.state === 'FIRING')
      await fired(service, evaluated, { alert, rule });
    if (kind === 'RESOLVED') await resolved(service, evaluated, alert);
  }
}

async function fired(
  service: SystemHealth,
  { policies, unit, now }: Evaluated,
  { alert, rule }: { alert: AlertDraft; rule: AlertRuleRow },
): Promise<void> {
  const groupKey = groupKeyOf(policies.of(rule), alert.labels);
  const entry: NewEntry = { kind: 'ALERT_FIRED', alertId: alert._id, message: alert.summary };
  const at = new Date(now);
  const open = await service.models.Incident.findOne({ groupKey, resolvedAt: null }).lean<IncidentRow>();
  const serviceId = alert.serviceId ?? null;
  if (open === null) {
    const incident = {
      ...{ title: alert.summary.slice(0, 200), severity: severityOf(alert.severity), groupKey },
      ...{ serviceIds: serviceId === null ? [] : [serviceId], alertIds: [alert._id], roles: [] },
      ...{ actionItems: [], startedAt: alert.startedAt, runbookUrl: alert.runbookUrl ?? null },
    };
    await openIncident(service, unit, { incident, entries: [{ kind: 'OPENED' }, entry], now: at });
    return;
  }
  if (open.alertIds.includes(alert._id)) return;
  const serviceIds = [...new Set([...open.serviceIds, ...(serviceId === null ? [] : [serviceId])])];
  await writeIncident(service, unit, {
    ...{ incident: open, entries: [entry], now: at },
    change: { serviceIds, alertIds: [...open.alertIds, alert._id] },
  });
}

async function resolved(
  service: SystemHealth,
  { unit, now }: Evaluated,
  { _id: alertId, summary }: AlertDraft,
): Promise<void> {
  const open = await service.models.Incident.findOne({
    alertIds: alertId,
    resolvedAt: null,
  }).lean<IncidentRow>();
  if (open === null) return;
  const entry: NewEntry = { kind: 'ALERT_RESOLVED', alertId, message: summary };
  await writeIncident(service, unit, { incident: open, entries: [entry], now: new Date(now) });
}
