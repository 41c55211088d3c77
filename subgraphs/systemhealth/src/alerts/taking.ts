// What all kinds of rules do with a verdict: it goes into the open alert of its labels, or begins one.
import type { AlertRuleRow } from '../alert-rules/model.ts';
import type { SystemHealth } from '../context.ts';
import { type AlertBook, type Subject, standingIn } from './book.ts';
import { type AlertRow, standingOf } from './model.ts';
import { type AlertStanding, fingerprintOf, type Label, observe, type Verdict } from './rules.ts';

export interface Judged {
  rule: AlertRuleRow;
  labels: readonly Label[];
  at: number;
  /** What the rule says, which may depend on whether its alert fires by now. */
  verdict(isFiring: boolean): Verdict;
  /** Null leaves what was said last. */
  message(verdict: Verdict): string | null;
  /** What an alert that begins is about. */
  about(): Promise<Omit<Subject, 'rule' | 'labels'>> | Omit<Subject, 'rule' | 'labels'>;
  /** The latest alerts of fingerprints that have no open one, where they were read for many verdicts at once. */
  latest?: LatestAlerts;
}

/** By fingerprint; null of one that had none so far. */
export type LatestAlerts = ReadonlyMap<string, AlertStanding | null>;

export async function takeVerdict(
  service: SystemHealth,
  book: AlertBook,
  { rule, labels, at, latest, ...judged }: Judged,
): Promise<Verdict> {
  const fingerprint = fingerprintOf(labels);
  const alert = book.openOf(fingerprint);
  const verdict = judged.verdict(alert?.state === 'FIRING');
  if (alert === undefined && verdict !== 'MET') return verdict;
  const known = latest?.get(fingerprint);
  const before =
    alert !== undefined ? null : known !== undefined ? known : await latestOf(service, fingerprint);
  const step = observe(standingIn(book, fingerprint, before), { at, verdict }, rule);
  const message = judged.message(verdict);
  if (step.transitions[0]?.kind === 'STARTED')
    book.take(step, { subject: { rule, labels, ...(await judged.about()) }, message });
  else book.take(step, { alert, message });
  return verdict;
}

/** Of a fingerprint without an open alert: the one before, whose numbers go on and whose observations are older. */
async function latestOf({ models }: SystemHealth, fingerprint: string): Promise<AlertStanding | null> {
  const latest = await models.Alert.findOne({ fingerprint }).sort({ _id: -1 }).lean<AlertRow>();
  return latest && standingOf(latest);
}

/** As many queries for all of them as for one. */
export async function latestAlerts(
  { models }: SystemHealth,
  fingerprints: readonly string[],
): Promise<LatestAlerts> {
  const latest = new Map<string, AlertStanding | null>(
    fingerprints.map((fingerprint) => [fingerprint, null]),
  );
  if (fingerprints.length === 0) return latest;
  const ids = await models.Alert.aggregate<{ id: string }>([
    { $match: { fingerprint: { $in: [...fingerprints] } } },
    { $group: { _id: '$fingerprint', id: { $max: '$_id' } } },
  ]);
  const rows = await models.Alert.find({ _id: { $in: ids.map(({ id }) => id) } }).lean<AlertRow[]>();
  for (const row of rows) latest.set(row.fingerprint, standingOf(row));
  return latest;
}
