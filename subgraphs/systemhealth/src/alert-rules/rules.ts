// What a rule says of a check. Pure.
import type { Label, Verdict } from '../alerts/rules.ts';
import type { Status } from '../checks/rules.ts';
import type { AlertRuleRow, CheckStatusConditionRow } from './model.ts';

export interface CheckSeen {
  readonly checkId: string;
  readonly serviceId: string;
}

export function concerns(condition: CheckStatusConditionRow, { checkId, serviceId }: CheckSeen): boolean {
  const { serviceIds, checkIds } = condition;
  const isIn = (ids: readonly string[], id: string) => ids.length === 0 || ids.includes(id);
  return isIn(serviceIds, serviceId) && isIn(checkIds, checkId);
}

/** UNKNOWN is no answer, unless the rule asks for it. */
export function verdictOf({ statuses }: Pick<CheckStatusConditionRow, 'statuses'>, status: Status): Verdict {
  if (statuses.includes(status)) return 'MET';
  return status === 'UNKNOWN' ? 'UNKNOWN' : 'CLEAR';
}

/** What an alert of the rule about a check is called by. */
export function labelsOf(
  { _id, labels, severity }: Pick<AlertRuleRow, '_id' | 'labels' | 'severity'>,
  { checkId, serviceId }: CheckSeen,
): Label[] {
  return [
    ...labels.map(({ name, value }) => ({ name, value })),
    { name: 'rule', value: _id },
    { name: 'severity', value: severity },
    { name: 'service', value: serviceId },
    { name: 'check', value: checkId },
  ];
}

/** What an alert of the rule about series is called by: theirs beside the rule's, which stand where both have one. */
export function seriesLabelsOf(
  { _id, labels, severity }: Pick<AlertRuleRow, '_id' | 'labels' | 'severity'>,
  ofSeries: readonly Label[],
): Label[] {
  const own = [
    ...labels.map(({ name, value }) => ({ name, value })),
    { name: 'rule', value: _id },
    { name: 'severity', value: severity },
  ];
  const taken = new Set(own.map(({ name }) => name));
  const others = ofSeries.map(({ name, value }) => ({
    name: taken.has(name) ? `series_${name}` : name,
    value,
  }));
  return [...own, ...others];
}

/** Labels that the rule's own may not be called by. */
export const reservedLabels: readonly string[] = ['rule', 'severity', 'service', 'check', 'slo'];
