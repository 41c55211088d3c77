// What the rules about checks' statuses observe: each change of a status, in its order, and for a new rule what is there.
import type { AlertRuleRow } from '../alert-rules/model.ts';
import { type CheckSeen, concerns, labelsOf, verdictOf } from '../alert-rules/rules.ts';
import type { HealthEventRow } from '../checks/event-model.ts';
import type { Status } from '../checks/rules.ts';
import type { SystemHealth } from '../context.ts';
import type { AlertBook } from './book.ts';
import { takeVerdict } from './taking.ts';

interface Seen extends CheckSeen {
  readonly status: Status;
  readonly at: number;
  readonly message: string | null;
}

export interface Observing {
  book: AlertBook;
  rules: readonly AlertRuleRow[];
  /** Oldest first. */
  events: readonly HealthEventRow[];
  /** Whether these are all events: then checks stand as the events say. */
  isUpToDate: boolean;
}

export async function observeChecks(service: SystemHealth, observing: Observing): Promise<void> {
  const { book, rules, events, isUpToDate } = observing;
  const enabled = rules.filter(({ isEnabled }) => isEnabled);
  for (const { checkId, serviceId, status, occurredAt, message } of events) {
    const seen = { checkId, serviceId, status, at: occurredAt.getTime(), message: message ?? null };
    for (const rule of enabled) await observeCheck(service, { book, rule, seen });
  }
  if (!isUpToDate) return;
  for (const rule of enabled.filter(({ isUnseen }) => isUnseen)) {
    if (!rule.condition.checkStatus) continue;
    const checks = await service.models.Check.find({
      isPaused: false,
      status: { $in: rule.condition.checkStatus?.statuses ?? [] },
    }).lean();
    for (const { _id: checkId, serviceId, status, statusSince, latestResult } of checks) {
      const seen = {
        checkId,
        serviceId,
        status,
        at: statusSince.getTime(),
        message: latestResult?.message ?? null,
      };
      await observeCheck(service, { book, rule, seen });
    }
  }
}

async function observeCheck(
  service: SystemHealth,
  { book, rule, seen }: { book: AlertBook; rule: AlertRuleRow; seen: Seen },
): Promise<void> {
  const { checkStatus } = rule.condition;
  if (!checkStatus || !concerns(checkStatus, seen)) return;
  const { at, status, message, serviceId, checkId } = seen;
  await takeVerdict(service, book, {
    ...{ rule, labels: labelsOf(rule, seen), at },
    verdict: () => verdictOf(checkStatus, status),
    message: () => message,
    about: async () => ({ serviceId, checkId, summary: await summaryOf(service, seen) }),
  });
}

async function summaryOf(
  { models }: SystemHealth,
  { checkId, serviceId, status }: Pick<Seen, 'checkId' | 'serviceId' | 'status'>,
): Promise<string> {
  const check = await models.Check.findOne({ _id: checkId }, { name: 1 }).lean();
  const service = await models.Service.findOne({ _id: serviceId }, { name: 1 }).lean();
  const about = check?.name === service?.name ? '' : ` of ${service?.name ?? 'a service'}`;
  return `${check?.name ?? 'A check'}${about} is ${status}`;
}
