// What rules about burn rates observe: each measurement of their objective, as far as it is newer than the last.
import type { AlertRuleRow, BurnRateConditionRow } from '../alert-rules/model.ts';
import type { AlertBook } from '../alerts/book.ts';
import type { Label } from '../alerts/rules.ts';
import { takeVerdict } from '../alerts/taking.ts';
import type { SystemHealth } from '../context.ts';
import type { SloRow, StandingRow } from './model.ts';
import { type BurnKind, type BurnRate, verdictOfKind } from './rules.ts';

export async function observeBudgets(
  service: SystemHealth,
  { book, rules }: { book: AlertBook; rules: readonly AlertRuleRow[] },
): Promise<void> {
  const about = rules.flatMap((rule) => {
    const { burnRate } = rule.condition;
    return rule.isEnabled && burnRate ? [{ rule, burnRate }] : [];
  });
  if (about.length === 0) return;
  const sloIds = about.map(({ burnRate }) => burnRate.sloId);
  const slos = await service.models.Slo.find({ _id: { $in: sloIds } }).lean<SloRow[]>();
  for (const { rule, burnRate } of about) {
    const slo = slos.find(({ _id }) => _id === burnRate.sloId);
    if (slo?.standing) await observeBudget(service, { book, rule, burnRate, slo, standing: slo.standing });
  }
}

interface Observed {
  book: AlertBook;
  rule: AlertRuleRow;
  burnRate: BurnRateConditionRow;
  slo: SloRow;
  standing: StandingRow;
}

async function observeBudget(
  service: SystemHealth,
  { book, rule, burnRate, slo, standing }: Observed,
): Promise<void> {
  await takeVerdict(service, book, {
    ...{ rule, labels: labelsOf(rule, slo), at: standing.measuredAt.getTime() },
    verdict: () => verdictOfKind(standing.burnRates, burnRate.kind),
    message: (verdict) => (verdict === 'MET' ? messageOf(standing.burnRates, burnRate.kind) : null),
    about: () => ({
      ...{ serviceId: slo.serviceId, checkId: null },
      summary: `${slo.displayName ?? slo.name} burns its error budget`,
    }),
  });
}

function labelsOf({ _id, labels, severity }: AlertRuleRow, slo: SloRow): Label[] {
  return [
    ...labels.map(({ name, value }) => ({ name, value })),
    { name: 'rule', value: _id },
    { name: 'severity', value: severity },
    { name: 'service', value: slo.serviceId },
    { name: 'slo', value: slo._id },
  ];
}

function messageOf(rates: readonly StandingRow['burnRates'][number][], kind: BurnKind): string | null {
  const met = rates.find((rate) => rate.kind === kind && rate.verdict === 'MET');
  return met ? burnMessage(met) : null;
}

function burnMessage({
  longRate,
  shortRate,
  longMs,
  shortMs,
  factor,
}: Omit<BurnRate, 'longRate' | 'shortRate'> & {
  longRate?: number | null | undefined;
  shortRate?: number | null | undefined;
}): string {
  const [long, short] = [longRate, shortRate].map((rate) => `${(rate ?? 0).toFixed(1)} times`);
  return `${long} its budget over ${lengthOf(longMs)} and ${short} over ${lengthOf(shortMs)}; the limit is ${factor}.`;
}

function lengthOf(ms: number): string {
  const minutes = ms / 60_000;
  return minutes < 60 ? `${minutes} min` : `${minutes / 60} h`;
}
