// What the page of alert rules makes of what was typed and of answers, as functions of data alone.
import type { Tone } from '../design/Badge.tsx';
import { choicesOf, numberOf, textOf } from '../design/values.ts';
import type { AlertVerdict, CreateAlertRuleInput, ListedRuleFragment } from './alert-rules.generated.ts';

export const kinds = ['checkStatus', 'threshold', 'absence', 'rateOfChange', 'anomaly', 'composite'] as const;
export type Kind = (typeof kinds)[number];

export const toneOf = (verdict: AlertVerdict): Tone =>
  verdict === 'MET' ? 'bad' : verdict === 'UNKNOWN' ? 'warn' : 'good';

/** What was typed as the mutation takes it; lengths are typed in seconds. */
export function newRuleOf(kind: Kind, values: FormData): CreateAlertRuleInput {
  return {
    name: textOf(values, 'name'),
    severity: textOf(values, 'severity') as CreateAlertRuleInput['severity'],
    forMs: ms(values, 'for') ?? 0,
    condition: { [kind]: conditions[kind](values) },
  };
}

const ms = (values: FormData, name: string) => {
  const seconds = numberOf(values, name);
  return seconds === null ? null : Math.round(seconds * 1_000);
};

const ofMetric = (values: FormData) => {
  const name = textOf(values, 'label');
  const labels = name === '' ? [] : [{ name, value: textOf(values, 'labelValue') }];
  return { metric: textOf(values, 'metric'), labels };
};
const overWindow = (values: FormData) => ({
  aggregation: textOf(values, 'aggregation'),
  windowMs: ms(values, 'window'),
});
const limit = (values: FormData) => ({
  comparison: textOf(values, 'comparison'),
  threshold: numberOf(values, 'threshold'),
  clearThreshold: numberOf(values, 'clearThreshold'),
});

const conditions: Record<Kind, (values: FormData) => object> = {
  checkStatus: (values) => ({ statuses: choicesOf(values, 'status') }),
  threshold: (values) => ({ ...ofMetric(values), ...overWindow(values), ...limit(values) }),
  absence: (values) => ({ ...ofMetric(values), durationMs: ms(values, 'window') }),
  rateOfChange: (values) => ({
    ...{ ...ofMetric(values), ...overWindow(values), ...limit(values) },
    unit: textOf(values, 'unit'),
  }),
  anomaly: (values) => ({
    ...{ ...ofMetric(values), ...overWindow(values) },
    deviations: numberOf(values, 'deviations'),
    weeks: numberOf(values, 'weeks'),
  }),
  composite: (values) => ({
    allOf: choicesOf(values, 'allOf'),
    anyOf: choicesOf(values, 'anyOf'),
    noneOf: choicesOf(values, 'noneOf'),
  }),
};

/** What a rule looks for, in symbols that need no language. */
export function formulaOf(
  condition: ListedRuleFragment['condition'],
  nameOf: (ruleId: string) => string,
): string {
  const seconds = (lengthMs: number) => `${lengthMs / 1_000} s`;
  switch (condition.__typename) {
    case 'CheckStatusCondition':
      return condition.statuses.join(' | ');
    case 'ThresholdCondition':
      return `${condition.aggregation}(${condition.metric}, ${seconds(condition.windowMs)}) ${signs[condition.comparison]} ${condition.threshold}`;
    case 'AbsenceCondition':
      return `COUNT(${condition.metric}, ${seconds(condition.durationMs)}) = 0`;
    case 'RateOfChangeCondition':
      return `Δ ${condition.aggregation}(${condition.metric}, ${seconds(condition.windowMs)}) ${signs[condition.comparison]} ${condition.threshold} ${condition.unit}`;
    case 'AnomalyCondition':
      return `|${condition.aggregation}(${condition.metric}) − median(${condition.weeks} w)| > ${condition.deviations} × MAD`;
    case 'BurnRateCondition':
      return `burn rate ▸ ${condition.kind}`;
    case 'CompositeCondition': {
      const anyOf = condition.anyOf.map(nameOf).join(' ∨ ');
      const parts = [
        ...condition.allOf.map(nameOf),
        ...(anyOf === '' ? [] : [condition.anyOf.length > 1 ? `(${anyOf})` : anyOf]),
        ...condition.noneOf.map((id) => `¬ ${nameOf(id)}`),
      ];
      return parts.join(' ∧ ');
    }
  }
}

const signs = { ABOVE: '>', AT_LEAST: '≥', BELOW: '<', AT_MOST: '≤' } as const;
