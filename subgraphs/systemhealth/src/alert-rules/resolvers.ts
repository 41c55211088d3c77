// Rules as the schema shows them.
import { findPage, parsePage } from '@supergraph/chassis/pagination';
import type { Resolvers } from '../schema.generated.ts';
import { createAlertRule } from './create-alert-rule.ts';
import { deleteAlertRule } from './delete-alert-rule.ts';
import { updateAlertRule } from './update-alert-rule.ts';

export const alertRuleResolvers: Resolvers = {
  Query: {
    alertRules: (_, page, { models }) =>
      findPage(models.AlertRule, { page: parsePage(page), sort: { field: '_id', direction: 'ascending' } }),
  },
  Mutation: { createAlertRule, updateAlertRule, deleteAlertRule },
  AlertCondition: {
    __resolveType: ({ burnRate }) => (burnRate ? 'BurnRateCondition' : 'CheckStatusCondition'),
  },
  CheckStatusCondition: {
    statuses: ({ checkStatus }) => checkStatus?.statuses ?? [],
    serviceIds: ({ checkStatus }) => checkStatus?.serviceIds ?? [],
    checkIds: ({ checkStatus }) => checkStatus?.checkIds ?? [],
  },
  BurnRateCondition: {
    sloId: ({ burnRate }) => burnRate?.sloId ?? '',
    kind: ({ burnRate }) => burnRate?.kind ?? 'PAGE',
  },
  AlertRule: {
    id: ({ _id }) => _id,
    condition: ({ condition }) => condition,
    isBuiltIn: ({ builtIn }) => builtIn !== null,
    notificationPolicy: ({ notificationPolicyId }, _, { loaders }) =>
      notificationPolicyId ? loaders.notificationPolicy.load(notificationPolicyId) : null,
  },
};
