// What the rules about checks' statuses observe: each change of a status, in its order, and for a new rule what is there.
// Where much fails together there are hundreds at once, so what is looked up for one is looked up for all.
import type { AlertRuleRow } from '../alert-rules/model.ts';
import { type CheckSeen, concerns, labelsOf, verdictOf } from '../alert-rules/rules.ts';
import type { HealthEventRow } from '../checks/event-model.ts';
import type { Status } from '../checks/rules.ts';
import type { SystemHealth } from '../context.ts';
import type { AlertBook } from './book.ts';
import { fingerprintOf, type Label, type Verdict } from './rules.ts';
import { latestAlerts, takeVerdict } from './taking.ts';

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
  const changed = events.map(({ checkId, serviceId, status, occurredAt, message }) => ({
    ...{ checkId, serviceId, status, at: occurredAt.getTime(), message: message ?? null },
  }));
  await takeAll(
    service,
    book,
    changed.flatMap((seen) => enabled.flatMap((rule) => judged(rule, seen))),
  );
  if (!isUpToDate) return;
  for (const rule of enabled.filter(({ isUnseen }) => isUnseen)) {
    if (!rule.condition.checkStatus) continue;
    const checks = await service.models.Check.find({
      isPaused: false,
      status: { $in: rule.condition.checkStatus?.statuses ?? [] },
    }).lean();
    const there = checks.map(({ _id: checkId, serviceId, status, statusSince, latestResult }) => ({
      ...{ checkId, serviceId, status, at: statusSince.getTime(), message: latestResult?.message ?? null },
    }));
    await takeAll(
      service,
      book,
      there.flatMap((seen) => judged(rule, seen)),
    );
  }
}

interface JudgedCheck {
  readonly rule: AlertRuleRow;
  readonly seen: Seen;
  readonly verdict: Verdict;
  readonly labels: readonly Label[];
}

function judged(rule: AlertRuleRow, seen: Seen): JudgedCheck[] {
  const { checkStatus } = rule.condition;
  if (!checkStatus || !concerns(checkStatus, seen)) return [];
  return [{ rule, seen, verdict: verdictOf(checkStatus, seen.status), labels: labelsOf(rule, seen) }];
}

/** In their order. */
async function takeAll(
  service: SystemHealth,
  book: AlertBook,
  verdicts: readonly JudgedCheck[],
): Promise<void> {
  const met = verdicts.filter(({ verdict }) => verdict === 'MET');
  const latest = await latestAlerts(
    service,
    met.map(({ labels }) => fingerprintOf(labels)),
  );
  const summaryOf = await summaries(
    service,
    met.map(({ seen }) => seen),
  );
  for (const { rule, seen, verdict, labels } of verdicts) {
    const { serviceId, checkId, at, message } = seen;
    await takeVerdict(service, book, {
      ...{ rule, labels, at, latest },
      verdict: () => verdict,
      message: () => message,
      about: () => ({ serviceId, checkId, summary: summaryOf(seen) }),
    });
  }
}

async function summaries(
  { models }: SystemHealth,
  seen: readonly CheckSeen[],
): Promise<(seen: Pick<Seen, 'checkId' | 'serviceId' | 'status'>) => string> {
  if (seen.length === 0) return () => '';
  const named = { name: 1 };
  const ids = (of: 'checkId' | 'serviceId') => [...new Set(seen.map((each) => each[of]))];
  const checks = await models.Check.find({ _id: { $in: ids('checkId') } }, named).lean();
  const services = await models.Service.find({ _id: { $in: ids('serviceId') } }, named).lean();
  const names = new Map([...checks, ...services].map(({ _id, name }) => [_id, name]));
  return ({ checkId, serviceId, status }) => {
    const [check, service] = [names.get(checkId), names.get(serviceId)];
    const about = check === service ? '' : ` of ${service ?? 'a service'}`;
    return `${check ?? 'A check'}${about} is ${status}`;
  };
}
