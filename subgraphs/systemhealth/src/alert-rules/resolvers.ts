// Rules as the schema shows them.
import { findPage, parsePage } from '@supergraph/chassis/pagination';
import type { Resolvers } from '../schema.generated.ts';
import type { Matcher } from '../silences/rules.ts';
import { createAlertRule } from './create-alert-rule.ts';
import { deleteAlertRule } from './delete-alert-rule.ts';
import type { ConditionRow } from './model.ts';
import { updateAlertRule } from './update-alert-rule.ts';

/** The one thing that is looked for, as the type that the schema has for it. */
function shownCondition(condition: ConditionRow) {
  const { checkStatus, threshold, absence, rateOfChange, anomaly, composite, burnRate } = condition;
  if (threshold) return { __typename: 'ThresholdCondition' as const, ...selected(threshold) };
  if (absence) return { __typename: 'AbsenceCondition' as const, ...selected(absence) };
  if (rateOfChange) return { __typename: 'RateOfChangeCondition' as const, ...selected(rateOfChange) };
  if (anomaly) return { __typename: 'AnomalyCondition' as const, ...selected(anomaly) };
  if (composite) return { __typename: 'CompositeCondition' as const, ...composite };
  if (burnRate) return { __typename: 'BurnRateCondition' as const, ...burnRate };
  if (checkStatus) return { __typename: 'CheckStatusCondition' as const, ...checkStatus };
  throw new Error('A rule looks for nothing.');
}

function selected<T extends { matchers: readonly Matcher[] }>({ matchers, ...condition }: T) {
  return { ...condition, labels: [...matchers] };
}

export const alertRuleResolvers: Resolvers = {
  Query: {
    alertRules: (_, page, { models }) =>
      findPage(models.AlertRule, { page: parsePage(page), sort: { field: '_id', direction: 'ascending' } }),
  },
  Mutation: { createAlertRule, updateAlertRule, deleteAlertRule },
  AlertRule: {
    id: ({ _id }) => _id,
    condition: ({ condition }) => shownCondition(condition),
    isBuiltIn: ({ builtIn }) => builtIn !== null,
    notificationPolicy: ({ notificationPolicyId }, _, { loaders }) =>
      notificationPolicyId ? loaders.notificationPolicy.load(notificationPolicyId) : null,
  },
};
