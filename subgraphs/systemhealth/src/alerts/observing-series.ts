// What the rules about metrics and about other rules observe, every few seconds.
import type { AlertRuleRow } from '../alert-rules/model.ts';
import { seriesLabelsOf, verdictOf } from '../alert-rules/rules.ts';
import { combined, someOf } from '../alert-rules/series-rules.ts';
import type { SystemHealth } from '../context.ts';
import type { AlertBook } from './book.ts';
import type { Verdict } from './rules.ts';
import type { RuleReading, Seen } from './series-readings.ts';
import { takeVerdict } from './taking.ts';

export interface ObservingSeries {
  book: AlertBook;
  rules: readonly AlertRuleRow[];
  /** By rule, of rules about metrics. */
  readings: ReadonlyMap<string, RuleReading>;
  at: number;
}

/** Takes in what was read, stores what each rule says as a whole, and then what rules about rules say of that. */
export async function observeSeries(service: SystemHealth, observing: ObservingSeries): Promise<void> {
  const { rules, readings } = observing;
  const enabled = rules.filter(({ isEnabled }) => isEnabled);
  const verdicts = new Map<string, Verdict>();
  for (const rule of enabled) {
    const reading = readings.get(rule._id);
    if (reading === undefined) continue;
    // One after the other, as a transaction has it.
    const said: Verdict[] = [];
    for (const seen of reading.seen) said.push(await observeOne(service, { ...observing, rule, seen }));
    const verdict = someOf(said);
    verdicts.set(rule._id, verdict);
    await say(service, rule, { verdict, problem: reading.problem, at: observing.at });
  }
  // Oldest first: what a rule is about was there before it.
  for (const rule of enabled.filter(({ condition }) => condition.composite)) {
    const verdict = await observeComposite(service, { ...observing, rule, verdicts });
    verdicts.set(rule._id, verdict);
    await say(service, rule, { verdict, problem: null, at: observing.at });
  }
}

function observeOne(
  service: SystemHealth,
  { book, rule, seen, at }: Pick<ObservingSeries, 'book' | 'at'> & { rule: AlertRuleRow; seen: Seen },
): Promise<Verdict> {
  const message = seen.summary.slice(0, 500);
  return takeVerdict(service, book, {
    ...{ rule, labels: seriesLabelsOf(rule, seen.labels), at },
    verdict: (isFiring) => seen.verdict({ isFiring }),
    // What is unknown says nothing: the last that was known stays.
    message: (verdict) => (verdict === 'UNKNOWN' ? null : message),
    about: () => ({
      serviceId: seen.labels.find(({ name }) => name === 'service')?.value ?? null,
      ...{ checkId: null, summary: `${rule.name}: ${message}`.slice(0, 500) },
    }),
  });
}

interface OfRule extends ObservingSeries {
  rule: AlertRuleRow;
  verdicts: ReadonlyMap<string, Verdict>;
}

async function observeComposite(
  service: SystemHealth,
  { rule, verdicts, ...observing }: OfRule,
): Promise<Verdict> {
  const { book, rules } = observing;
  const { allOf = [], anyOf = [], noneOf = [] } = rule.condition.composite ?? {};
  const stands = async (ids: readonly string[]) => {
    const each: Verdict[] = [];
    for (const id of ids) each.push(await standsOf(service, { id, book, rules, verdicts }));
    return each;
  };
  const verdict = combined({
    ...{ allOf: await stands(allOf), anyOf: await stands(anyOf), noneOf: await stands(noneOf) },
  });
  const names = [...allOf, ...anyOf].flatMap((id) => rules.find(({ _id }) => _id === id)?.name ?? []);
  const seen = {
    labels: [],
    summary: `because of ${names.join(', ') || 'what does not fire'}`,
    verdict: () => verdict,
  };
  return observeOne(service, { ...observing, rule, seen });
}

/** A rule stands as MET while it fires. That it is gone, disabled or short of data is UNKNOWN. */
async function standsOf(
  { models }: SystemHealth,
  {
    id,
    book,
    rules,
    verdicts,
  }: { id: string; verdicts: ReadonlyMap<string, Verdict> } & Pick<ObservingSeries, 'book' | 'rules'>,
): Promise<Verdict> {
  const rule = rules.find(({ _id }) => _id === id);
  if (!rule?.isEnabled) return 'UNKNOWN';
  if (book.alerts.some(({ ruleId, state }) => ruleId === id && state === 'FIRING')) return 'MET';
  const { checkStatus } = rule.condition;
  // What is met and does not fire yet is clear so far.
  if (!checkStatus) return verdicts.get(id) === 'UNKNOWN' || !verdicts.has(id) ? 'UNKNOWN' : 'CLEAR';
  if (verdictOf(checkStatus, 'UNKNOWN') !== 'UNKNOWN') return 'CLEAR';
  const { serviceIds, checkIds } = checkStatus;
  const unknown = await models.Check.exists({
    ...{ isPaused: false, status: 'UNKNOWN' },
    ...(serviceIds.length > 0 && { serviceId: { $in: serviceIds } }),
    ...(checkIds.length > 0 && { _id: { $in: checkIds } }),
  });
  return unknown ? 'UNKNOWN' : 'CLEAR';
}

async function say(
  { models }: SystemHealth,
  rule: AlertRuleRow,
  { verdict, problem, at }: { verdict: Verdict; problem: string | null; at: number },
): Promise<void> {
  if (rule.verdict === verdict && (rule.problem ?? null) === problem) return;
  const since = rule.verdict === verdict ? {} : { verdictSince: new Date(at) };
  await models.AlertRule.updateOne({ _id: rule._id }, { $set: { verdict, problem, ...since } });
}
