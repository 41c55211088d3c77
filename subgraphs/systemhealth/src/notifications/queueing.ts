// Decides whom to tell of what became of alerts, in the transaction that stores it; delivery.ts tells them.
import { endOf } from '@supergraph/chassis/retention/keeping';
import type { AlertBook, AlertDraft } from '../alerts/book.ts';
import type { TransitionKind } from '../alerts/model.ts';
import type { SystemHealth } from '../context.ts';
import type { Policies } from './policies.ts';
import { channelsOf, groupKeyOf, nextTellingAt, type Policy, stepsDue } from './rules.ts';

/** How long the delivery log is kept. */
export const logDays = 90;

interface Telling {
  readonly alert: AlertDraft;
  readonly kind: TransitionKind;
  readonly channelIds: readonly string[];
  readonly policy: Policy;
}

export async function queueNotifications(
  { models }: SystemHealth,
  { book, policies, now }: { book: AlertBook; policies: Policies; now: number },
): Promise<void> {
  const rules = await models.AlertRule.find({}, { notificationPolicyId: 1 }).lean();
  const policyOf = ({ ruleId }: AlertDraft) =>
    policies.of(rules.find(({ _id }) => _id === ruleId) ?? { notificationPolicyId: null });
  const tellings = book.alerts.flatMap((alert) => {
    const telling = tellingOf({ alert, policy: policyOf(alert), book, policies, now });
    return telling ? [telling] : [];
  });
  const rows = tellings.flatMap(({ alert, kind, channelIds, policy }) =>
    policies.existing(channelIds).map((channelId) => ({
      ...{ channelId, alertId: alert._id, kind, sequence: alert.sequence },
      idempotencyKey: `${alert.fingerprint}:${alert.sequence}`,
      groupKey: groupKeyOf(policy, alert.labels),
      ...{ state: 'QUEUED' as const, attempts: 0, createdAt: new Date(now) },
      ...{ dueAt: new Date(now + policy.groupWaitMs), expiresAt: endOf(new Date(now), { days: logDays }) },
    })),
  );
  if (rows.length > 0) await models.Notification.insertMany(rows);
}

interface Deciding {
  alert: AlertDraft;
  policy: Policy;
  book: AlertBook;
  policies: Policies;
  now: number;
}

/** What is to be told of an alert now, written down at the alert. */
function tellingOf({ alert, policy, book, policies, now }: Deciding): Telling | null {
  const justNow = book.happened.filter((each) => each.alert === alert).map(({ kind }) => kind);
  if (alert.state === 'RESOLVED' && justNow.includes('RESOLVED')) {
    // Also while it is kept quiet: who heard that it fires hears that it is over.
    return { alert, policy, kind: 'RESOLVED', channelIds: alert.toldChannelIds };
  }
  if (alert.state !== 'FIRING' || alert.suppression || alert.acknowledgement) return null;
  const firedAt = alert.firedAt?.getTime() ?? now;
  const told = (kind: TransitionKind, channelIds: readonly string[]): Telling => {
    alert.toldChannelIds = [...new Set([...alert.toldChannelIds, ...policies.existing(channelIds)])];
    alert.stepsTold = stepsDue(policy, { firedAt }, now);
    alert.toldAt = new Date(now);
    return { alert, policy, kind, channelIds };
  };
  const steps = stepsDue(policy, { firedAt }, now);
  if (!alert.toldAt) return told('FIRED', channelsOf(policy, steps));
  if (justNow.includes('UNSUPPRESSED')) return told('UNSUPPRESSED', channelsOf(policy, steps));
  const { stepsTold, toldAt } = alert;
  const next = nextTellingAt(policy, { firedAt, stepsTold, toldAt: toldAt.getTime() });
  if (next === null || next > now) return null;
  const kind = steps > stepsTold ? 'ESCALATED' : 'REPEATED';
  book.note(alert, kind, now);
  const already = channelsOf(policy, stepsTold);
  const wanted = channelsOf(policy, steps);
  return told(kind, kind === 'REPEATED' ? wanted : wanted.filter((id) => !already.includes(id)));
}
