// One evaluation of one tenant, in one transaction: what was observed, what became of its alerts and what is to be told
// of that are stored together or not at all. So a crash at any moment neither loses an alert nor tells it twice, and of two
// copies that evaluate a tenant at once one waits and finds nothing left to do: both write the tenant's own document first.
import { daysKept, endOf } from '@supergraph/chassis/retention/keeping';
import { inTenant } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { AlertRuleRow } from '../alert-rules/model.ts';
import type { HealthEventRow } from '../checks/event-model.ts';
import type { SystemHealth } from '../context.ts';
import { openIncidents } from '../incidents/from-alerts.ts';
import { loadPolicies, type Policies } from '../notifications/policies.ts';
import { queueNotifications } from '../notifications/queueing.ts';
import { nextTellingAt } from '../notifications/rules.ts';
import type { KnownTenantRow } from '../platform/model.ts';
import { nextChangeAt, type Suppressors, suppressionOf } from '../silences/rules.ts';
import { observeBudgets } from '../slos/observing.ts';
import { type AlertBook, type AlertDraft, type Happened, openBook } from './book.ts';
import { type AlertChanged, alertChangedTopic } from './live.ts';
import { type AlertRow, keptDays, standingOf } from './model.ts';
import { observeChecks } from './observing.ts';
import { type ObservingSeries, observeSeries } from './observing-series.ts';
import { close, tick, tickDueAt } from './rules.ts';
import { readRules } from './series-readings.ts';

const mostEvents = 250;
/** Checks and rules that are gone are looked for this often, while there are open alerts. */
const reviewMs = 30_000;

/** Whether there is more to evaluate at once. */
export function evaluateTenant(service: SystemHealth, tenantId: string): Promise<boolean> {
  const { models } = service;
  return inTenant(tenantId, async () => {
    const read = await readSeries(service, tenantId);
    return service.transaction(async (unit) => {
      const now = Date.now();
      const known = await models.KnownTenant.findOneAndUpdate(
        { _id: tenantId },
        { $inc: { evaluations: 1 }, $setOnInsert: { knownSince: new Date(now) } },
        { upsert: true, returnDocument: 'after' },
      ).lean<KnownTenantRow>();
      const events = await models.HealthEvent.find({ isEvaluated: false })
        .sort({ occurredAt: 1, _id: 1 })
        .limit(mostEvents)
        .lean<HealthEventRow[]>();
      const rules = await models.AlertRule.find().sort({ _id: 1 }).lean<AlertRuleRow[]>();
      const book = openBook(await models.Alert.find({ isOpen: true }).sort({ _id: 1 }).lean<AlertRow[]>());
      const isUpToDate = events.length < mostEvents;

      await observeChecks(service, { book, rules, events, isUpToDate });
      if (read !== null) await observeSeries(service, { book, rules, ...read });
      await observeBudgets(service, { book, rules });
      await closeOrphans(service, { book, rules, now });
      const ruleOf = new Map(rules.map((rule) => [rule._id, rule]));
      for (const alert of openIn(book)) {
        const rule = ruleOf.get(alert.ruleId);
        if (rule) book.take(tick(standingOf(alert), now, rule), { alert, message: null });
      }
      const suppressors = await loadSuppressors(service, now);
      suppress(book, { suppressors, now });
      const policies = await loadPolicies(service, rules);
      await queueNotifications(service, { book, policies, now });
      await openIncidents(service, { book, ruleOf, policies, unit, now });
      await store(service, book);
      await tell(book.happened, unit);

      const ids = events.map(({ _id }) => _id);
      if (ids.length > 0) await models.HealthEvent.updateMany({ _id: { $in: ids } }, { isEvaluated: true });
      if (isUpToDate) await models.AlertRule.updateMany({ isUnseen: true }, { isUnseen: false });
      const readAt = rules.some(isReadAgain) ? nextReadingAt(service, { read, known, now }) : null;
      const next = nextAt({ book, ruleOf, suppressors, policies, now });
      const soonest = readAt === null || (next !== null && next < readAt) ? next : readAt;
      const evaluateAt = isUpToDate ? soonest : now;
      await models.KnownTenant.updateOne(
        { _id: tenantId },
        { evaluateAt: dateOf(evaluateAt), readSeriesAt: dateOf(readAt) },
      );
      return !isUpToDate;
    });
  });
}

/** Rules that nothing but time makes say something else. */
function isReadAgain({ isEnabled, condition }: AlertRuleRow): boolean {
  return isEnabled && !condition.checkStatus;
}

/** What the series say, where that is due; null where it is not. */
async function readSeries(
  service: SystemHealth,
  tenantId: string,
): Promise<Pick<ObservingSeries, 'readings' | 'at'> | null> {
  const { AlertRule, KnownTenant } = service.models;
  const rules = await AlertRule.find({ isEnabled: true }).sort({ _id: 1 }).lean<AlertRuleRow[]>();
  if (!rules.some(isReadAgain)) return null;
  const at = Date.now();
  const known = await KnownTenant.findOne({ _id: tenantId }, { readSeriesAt: 1 }).lean();
  if (known?.readSeriesAt && known.readSeriesAt.getTime() > at) return null;
  return { readings: await readRules(service, rules, at), at };
}

/** Counted from the beginning of a reading, so that a long one does not put off the next. */
function nextReadingAt(
  { config }: SystemHealth,
  { read, known, now }: { read: { at: number } | null; known: KnownTenantRow | null; now: number },
): number {
  if (read !== null) return Math.max(now, read.at + config.METRIC_ALERT_INTERVAL_MS);
  return known?.readSeriesAt?.getTime() ?? now;
}

function dateOf(moment: number | null): Date | null {
  return moment === null ? null : new Date(moment);
}

function openIn({ alerts }: AlertBook): AlertDraft[] {
  return alerts.filter((alert) => alert.isOpen);
}

/** Alerts end with the rule or the check that they are about. */
async function closeOrphans(
  { models }: SystemHealth,
  { book, rules, now }: { book: AlertBook; rules: readonly AlertRuleRow[]; now: number },
): Promise<void> {
  const enabled = new Map(rules.map(({ _id, isEnabled }) => [_id, isEnabled]));
  const checkIds = openIn(book).flatMap(({ checkId }) => checkId ?? []);
  const checks = await models.Check.find({ _id: { $in: [...new Set(checkIds)] } }, { isPaused: 1 }).lean();
  const paused = new Map(checks.map(({ _id, isPaused }) => [_id, isPaused]));
  for (const alert of openIn(book)) {
    const { ruleId, checkId } = alert;
    const why =
      enabled.get(ruleId) !== true
        ? `The rule was ${enabled.has(ruleId) ? 'disabled' : 'deleted'}.`
        : checkId && paused.get(checkId) !== false
          ? `The check was ${paused.has(checkId) ? 'paused' : 'deleted'}.`
          : null;
    if (why !== null) book.take(close(standingOf(alert), now), { alert, message: why });
  }
}

async function loadSuppressors({ models }: SystemHealth, now: number): Promise<Suppressors> {
  const at = new Date(now);
  return {
    silences: await models.Silence.find({ endsAt: { $gt: at } }).lean(),
    windows: await models.MaintenanceWindow.find({
      $or: [{ endsAt: { $gt: at } }, { repeatEveryDays: { $ne: null } }],
    }).lean(),
    inhibitions: await models.Inhibition.find().lean(),
  };
}

function suppress(book: AlertBook, { suppressors, now }: { suppressors: Suppressors; now: number }): void {
  const alerts = openIn(book);
  for (const alert of alerts.filter(({ state }) => state === 'FIRING')) {
    const found = suppressionOf(alert, { suppressors, alerts, now });
    const before = alert.suppression ?? null;
    if (found?.sourceId === before?.sourceId) continue;
    alert.suppression = found && { ...found, since: new Date(now) };
    if (found === null || before === null) book.note(alert, found ? 'SUPPRESSED' : 'UNSUPPRESSED', now);
  }
}

async function store(service: SystemHealth, { changed, created }: AlertBook): Promise<void> {
  const { Alert } = service.models;
  const ended = [...changed].filter(({ endedAt }) => endedAt);
  if (ended.length > 0) {
    const kept = { days: await daysKept(service, { days: keptDays }) };
    for (const alert of ended) alert.expiresAt = alert.endedAt ? endOf(alert.endedAt, kept) : null;
  }
  if (created.size > 0) await Alert.insertMany([...created]);
  const known = [...changed].filter((alert) => !created.has(alert));
  if (known.length === 0) return;
  await Alert.bulkWrite(
    known.map(({ _id, ...alert }) => ({
      updateOne: { filter: { _id }, update: { $set: mutable(alert) } },
    })),
  );
}

function mutable(alert: Omit<AlertDraft, '_id'>) {
  const { state, isOpen, sequence, observedAt, metSince, clearSince, firedAt, endedAt, message } = alert;
  const { suppression, transitions, toldChannelIds, stepsTold, toldAt, expiresAt } = alert;
  return {
    ...{
      state,
      isOpen,
      sequence,
      observedAt,
      metSince,
      clearSince,
      firedAt,
      endedAt,
      message,
    },
    ...{ suppression, transitions, toldChannelIds, stepsTold, toldAt, expiresAt },
  };
}

/** After the commit alone: an alert's state is stored before anyone is told. */
async function tell(happened: readonly Happened[], { emit, push }: UnitOfWork): Promise<void> {
  for (const { alert, sequence, kind, at } of happened) {
    const { _id: alertId, ruleId, fingerprint, severity, summary } = alert;
    const serviceId = alert.serviceId ?? null;
    push(alertChangedTopic, { alertId, serviceId, sequence, kind, occurredAt: at } satisfies AlertChanged);
    if (kind !== 'FIRED' && kind !== 'RESOLVED') continue;
    const about = { serviceId, checkId: alert.checkId ?? null, summary: summary.slice(0, 500) };
    await emit(kind === 'FIRED' ? 'systemhealth.alert.fired.v1' : 'systemhealth.alert.resolved.v1', {
      subject: alertId,
      data: { alertId, ruleId, fingerprint, sequence, severity, ...about },
    });
  }
}

interface Afterwards {
  book: AlertBook;
  ruleOf: ReadonlyMap<string, AlertRuleRow>;
  suppressors: Suppressors;
  policies: Policies;
  now: number;
}

/** When something changes by time alone; null when nothing is open. */
function nextAt({ book, ruleOf, suppressors, policies, now }: Afterwards): number | null {
  const open = openIn(book);
  if (open.length === 0) return null;
  const moments = open.flatMap((alert) => {
    const rule = ruleOf.get(alert.ruleId);
    const { firedAt, toldAt, stepsTold, acknowledgement, suppression } = alert;
    const isTold = firedAt && toldAt && !acknowledgement && !suppression && rule;
    return [
      rule ? tickDueAt(standingOf(alert), rule) : null,
      isTold
        ? nextTellingAt(policies.of(rule), {
            ...{ firedAt: firedAt.getTime(), toldAt: toldAt.getTime(), stepsTold },
          })
        : null,
    ];
  });
  const known = [...moments, nextChangeAt(suppressors, now), now + reviewMs];
  return Math.min(...known.flatMap((moment) => moment ?? []));
}
